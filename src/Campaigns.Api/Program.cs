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
            Console.WriteLine($"Campaigns.Orleans {Engine.Version}, engine {Engine.Name}");
            return;
        }

        await using var app = WebApplication.CreateBuilder(args).AddCampaignsHost().Build();
        app.MapCampaignsHost();
        await app.MigrateAsync(app.Lifetime.ApplicationStopping);
        Startup.LogEngine(app.Logger, Engine.Name, Engine.Version);
        await app.RunAsync();
    }
}
