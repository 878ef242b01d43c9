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
    /// Adds everything a silo runs. Configuration: <c>ConnectionStrings:Campaigns</c>, <c>Campaigns:Exotel</c>, <c>Campaigns:Drive</c>,
    /// <c>Campaigns:Silo</c> (see <see cref="SiloHostOptions"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static IHostApplicationBuilder AddCampaignsSilo(this IHostApplicationBuilder builder)
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

        // The engine first: hosted services start in this order and stop in the reverse.
        builder.AddOrleansEngine();
        services.AddHostedService<CampaignSupervisor>();
        services.AddHostedService<CallRescuer>();
        return builder;
    }
}
