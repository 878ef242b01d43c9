using Campaigns.Exotel;
using Campaigns.Exotel.Media;
using Campaigns.Hosting.Health;

namespace Campaigns.Silo;

/// <summary>A silo with what the carrier needs of it: webhooks and media sockets.</summary>
public static class SiloHost
{
    /// <summary>Adds the silo; see <see cref="SiloRegistration.AddCampaignsSilo"/> for the configuration.</summary>
    public static WebApplicationBuilder AddCampaignsSiloHost(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddCampaignsSilo();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    /// <summary>Maps health, webhooks and media sockets. Callbacks may come to any silo, whichever dialled.</summary>
    public static WebApplication MapCampaignsSiloHost(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapCampaignsHealth();
        app.MapExotelWebhooks();
        app.MapExotelMedia();
        return app;
    }
}
