using Campaigns.Exotel;
using Campaigns.Silo;

namespace Campaigns.Api;

/// <summary>A host of everything: silo, API and the carrier's callbacks in one process. Any number of them may share a database.</summary>
public sealed class Program
{
    private Program()
    {
    }

    /// <summary>Migrates the database and serves until told to stop.</summary>
    public static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddCampaignsSilo();
        builder.AddCampaignsApi();
        var app = builder.Build();
        app.MapCampaignsApi();
        app.MapExotelWebhooks();
        await app.MigrateCampaignsAsync();
        await app.RunAsync();
    }
}
