using System.Net;
using Campaigns.Api;
using Campaigns.Hosting.Schema;

namespace Quickstart.Host;

/// <summary>The product as it is: API, webhooks, silo. Nothing in it knows of a simulator.</summary>
internal static class ProductHost
{
    /// <summary>Brings the database to this build's schema and starts to serve.</summary>
    public static async Task<WebApplication> StartAsync(
        Dictionary<string, string?> settings, int port, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton(logs);

        // Ctrl-C is for the whole quickstart, which stops its parts in order.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "");
        var app = builder.AddCampaignsHost().Build();
        app.MapCampaignsHost();
        try
        {
            await app.MigrateCampaignsAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
