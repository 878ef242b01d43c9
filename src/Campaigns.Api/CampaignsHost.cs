using Campaigns.Exotel;
using Campaigns.Exotel.Media;
using Campaigns.Silo;
using Microsoft.Extensions.Options;

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

    /// <summary>Maps the API, the carrier's webhooks and its media sockets.</summary>
    public static WebApplication MapCampaignsHost(this WebApplication app)
    {
        app.MapCampaignsApi();
        app.MapExotelWebhooks();
        app.MapExotelMedia();
        return app;
    }
}
