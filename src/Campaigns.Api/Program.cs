namespace Campaigns.Api;

/// <summary>The API as a process of its own.</summary>
public sealed class Program
{
    private Program()
    {
    }

    /// <summary>Runs the API until it is told to stop.</summary>
    public static async Task Main(string[] args)
    {
        var app = WebApplication.CreateBuilder(args).AddCampaignsApi().Build();
        app.MapCampaignsApi();
        await app.RunAsync();
    }
}
