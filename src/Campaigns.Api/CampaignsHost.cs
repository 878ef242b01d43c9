using Campaigns.Exotel;
using Campaigns.Postgres.Migrations;
using Campaigns.Silo;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Campaigns.Api;

/// <summary>The whole product in one host: silo, API and webhooks.</summary>
public static class CampaignsHost
{
    /// <summary>Adds the silo and the API; see <see cref="SiloRegistration.AddCampaignsSilo"/> for the configuration.</summary>
    public static WebApplicationBuilder AddCampaignsHost(this WebApplicationBuilder builder)
    {
        builder.AddCampaignsSilo();
        builder.AddCampaignsApi();

        // The first organization's calls are counted against the account this host calls with.
        builder.Services.AddOptions<BootstrapOptions>().PostConfigure<IOptions<ExotelOptions>>(
            (bootstrap, exotel) => bootstrap.CarrierAccountId ??= exotel.Value.AccountSid);
        return builder;
    }

    /// <summary>Maps the API and the carrier's webhooks.</summary>
    public static WebApplication MapCampaignsHost(this WebApplication app)
    {
        app.MapCampaignsApi();
        app.MapExotelWebhooks();
        return app;
    }

    /// <summary>Brings the database to this build's schema. Several hosts may do so at once; a newer schema is refused.</summary>
    public static Task MigrateAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        var migrator = new Migrator(
            app.Services.GetRequiredService<NpgsqlDataSource>(), MigrationScripts.Embedded, app.Services.GetRequiredService<ILogger<Migrator>>());
        return migrator.MigrateAsync(cancellationToken);
    }
}
