using Campaigns.Carrier;
using Campaigns.Exotel;
using Campaigns.Silo;
using Campaigns.Silo.Supervision;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.TestingHost;

namespace Campaigns.EndToEnd.Tests.Bed;

/// <summary>An in-memory cluster of silos over the bed, with a web server of its own for the carrier's callbacks.</summary>
public sealed class ClusterHost : IAsyncDisposable
{
    private readonly WebApplication _webhooks;

    private ClusterHost(InProcessTestCluster cluster, WebApplication webhooks)
    {
        Cluster = cluster;
        _webhooks = webhooks;
    }

    public InProcessTestCluster Cluster { get; }

    public static async Task<ClusterHost> StartAsync(CampaignBed bed, short silos)
    {
        var port = Loopback.FreePort();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSiloHost((silo, host) =>
        {
            host.Configuration.AddInMemoryCollection(bed.Configuration(port, silo.SiloName));
            host.Logging.SetMinimumLevel(LogLevel.Warning);
            host.AddCampaignsSiloServices();
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();

        var web = WebApplication.CreateSlimBuilder();
        web.Logging.SetMinimumLevel(LogLevel.Warning);
        web.WebHost.UseUrls($"http://127.0.0.1:{port}");
        web.Services.AddExotelWebhooks();
        web.Services.AddSingleton<IGrainFactory>(cluster.Client);
        web.Services.AddSingleton<ICarrierReports, GrainCarrierReports>();
        web.Services.AddSingleton<ISessionGates>(bed.Seed.Contacts);
        var app = web.Build();
        app.MapExotelWebhooks();
        await app.StartAsync();
        return new ClusterHost(cluster, app);
    }

    public async ValueTask DisposeAsync()
    {
        await _webhooks.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
