using Campaigns.Exotel;
using Campaigns.Silo;
using Campaigns.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Campaigns.EndToEnd.Tests.Bed;

/// <summary>One host in this process: a silo and the webhooks, on a port of its own.</summary>
public sealed class InProcessHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private InProcessHost(WebApplication app, LogCapture log)
    {
        _app = app;
        Log = log;
    }

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    public LogCapture Log { get; }

    public static async Task<InProcessHost> StartAsync(Dictionary<string, string?> configuration, int port)
    {
        var log = new LogCapture();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information).AddFilter("Npgsql", LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.AddCampaignsSilo();
        var app = builder.Build();
        app.MapExotelWebhooks();
        await app.StartAsync();
        return new InProcessHost(app, log);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
