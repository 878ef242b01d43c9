using Campaigns.Api.Health;
using Campaigns.Silo.Draining;
using Campaigns.Silo.Engine;

namespace Campaigns.Api;

/// <summary>The product as a process of its own.</summary>
public sealed class Program
{
    private Program()
    {
    }

    /// <summary>Runs the host until it is told to stop; <c>--version</c> names the build and its engine.</summary>
    public static async Task Main(string[] args)
    {
        if (args is ["--version"])
        {
            Console.WriteLine($"Campaigns.Orleans {HealthEndpoints.BuildVersion}, engine {OrleansEngine.Name}");
            return;
        }

        var builder = WebApplication.CreateBuilder(args).AddCampaignsHost();
        builder.DrainBeforeStop();
        await using var app = builder.Build();
        app.MapCampaignsHost();
        await app.MigrateCampaignsAsync();
        Startup.LogEngine(app.Logger, OrleansEngine.Name, HealthEndpoints.BuildVersion);
        await app.RunAsync();
    }
}
