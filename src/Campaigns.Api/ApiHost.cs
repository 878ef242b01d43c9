using Campaigns.Api.Engine;
using Campaigns.Carrier;
using Campaigns.Exotel;
using Campaigns.Hosting;
using Campaigns.Hosting.Cluster;
using Campaigns.Postgres;
using Campaigns.Silo.Draining;
using Campaigns.Silo.Supervision;
using Microsoft.Extensions.Options;

namespace Campaigns.Api;

/// <summary>
/// The API's own host. In a cluster it is a thin client of the silos: REST and webhooks. Where silos stand alone
/// (<see cref="ClusterMembership.Alone"/>) there is none to be a client of, and it hosts one itself.
/// </summary>
public static class ApiHost
{
    private const string AccountKey = "Campaigns:Exotel:AccountSid";

    /// <summary>Adds the client or, alone, everything.</summary>
    public static WebApplicationBuilder AddCampaignsApiHost(this WebApplicationBuilder builder)
        => builder.ReadClusterOptions().Membership == ClusterMembership.Alone ? builder.AddCampaignsHost().DrainBeforeStop() : builder.AddClient();

    /// <summary>Maps what <see cref="AddCampaignsApiHost"/> added.</summary>
    public static WebApplication MapCampaignsApiHost(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Services.GetRequiredService<IOptions<CampaignClusterOptions>>().Value.Membership == ClusterMembership.Alone)
        {
            return app.MapCampaignsHost();
        }

        app.MapCampaignsApi();
        app.MapExotelWebhooks();
        MediaRefusal.Map(app);
        return app;
    }

    private static WebApplicationBuilder AddClient(this WebApplicationBuilder builder)
    {
        var cluster = builder.AddCampaignsHosting();
        var connectionString = HostDatabase.ConnectionString(builder.Configuration);
        builder.AddClusterClient(cluster, connectionString);
        builder.Services.AddCampaignsPostgres(
            HostDatabase.WithPoolSize(connectionString, HostDatabase.ApiPoolSize), _ => builder.Configuration[AccountKey] ?? "default");
        builder.Services.AddExotelWebhooks();
        builder.Services.AddSingleton<ICarrierReports, GrainCarrierReports>();
        builder.AddCampaignsApi();

        // It calls nobody, so that nothing else here makes sure of the account.
        builder.Services.AddOptions<BootstrapOptions>()
            .PostConfigure(bootstrap => bootstrap.CarrierAccountId ??= builder.Configuration[AccountKey])
            .Validate(
                bootstrap => bootstrap.Slug is null || bootstrap.CarrierAccountId is not null,
                $"BootstrapOptions.CarrierAccountId or {AccountKey} must be set: the silos count the calls against that account.");
        return builder;
    }
}
