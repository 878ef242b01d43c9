using Campaigns.Carrier;
using Campaigns.Exotel;
using Campaigns.Grains;
using Campaigns.Postgres;
using Campaigns.Silo.Engine;
using Campaigns.Silo.Supervision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Campaigns.Silo;

/// <summary>Puts a silo together: engine, grains, stores, carrier, supervisor and rescuer.</summary>
public static class SiloRegistration
{
    /// <summary>
    /// Adds everything a silo runs, its engine included. Configuration: <c>ConnectionStrings:Campaigns</c>, <c>Campaigns:Exotel</c>,
    /// <c>Campaigns:Drive</c> (see <see cref="DriveOptions"/>), <c>Campaigns:Silo</c> (see <see cref="SiloHostOptions"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static IHostApplicationBuilder AddCampaignsSilo(this IHostApplicationBuilder builder)
    {
        // The engine first: hosted services start in this order and stop in the reverse.
        builder.AddOrleansEngine();
        return builder.AddCampaignsSiloServices();
    }

    /// <summary>The same without the engine, for a host whose Orleans is set up elsewhere, as a test cluster's is.</summary>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static IHostApplicationBuilder AddCampaignsSiloServices(this IHostApplicationBuilder builder)
    {
        var connectionString = builder.Configuration.GetConnectionString("Campaigns")
            ?? throw new InvalidOperationException("ConnectionStrings:Campaigns is not set: the PostgreSQL database of the campaigns.");
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DriveOptions>().BindConfiguration("Campaigns:Drive").ValidateOnStart();
        services.AddSingleton<IValidateOptions<DriveOptions>, DriveOptionsValidator>();
        services.AddCampaignsPostgres(connectionString, p => p.GetRequiredService<IOptions<ExotelOptions>>().Value.AccountSid);
        services.AddExotelCarrier(builder.Configuration.GetSection("Campaigns:Exotel"));
        services.AddSingleton<ICarrierReports, GrainCarrierReports>();
        services.AddHostedService<CampaignSupervisor>();
        services.AddHostedService<CallRescuer>();
        return builder;
    }
}
