using Campaigns.Carrier;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Exotel;

/// <summary>Registration of the carrier.</summary>
public static class ExotelServices
{
    /// <summary>
    /// Adds what <see cref="ExotelWebhooks.MapExotelWebhooks"/> needs, on a host that takes callbacks and places no calls. The host adds
    /// <see cref="ICarrierReports"/> and <see cref="Stores.ISessionGates"/>.
    /// </summary>
    public static IServiceCollection AddExotelWebhooks(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();

        // The path holds the session's secret, and the first two write the path of every request. A rule of the host's for the same category
        // wins.
        services.AddLogging(logging => logging
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Routing.Matching.DfaMatcher", LogLevel.Information)

            // These two write three lines for every callback, of which thousands come in a second; the meter counts them.
            .AddFilter("Microsoft.AspNetCore.Routing.EndpointMiddleware", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Http.Result", LogLevel.Warning));
        services.AddOptions<ExotelWebhookOptions>()
            .BindConfiguration(ExotelWebhookOptions.Section)
            .Validate(
                webhooks => webhooks.MaxUnderWay > 0,
                $"{nameof(ExotelWebhookOptions)}.{nameof(ExotelWebhookOptions.MaxUnderWay)} must be more than 0: no callback would ever be taken.");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ExotelTelemetry>();
        return services;
    }

    /// <summary>
    /// Adds Exotel as <see cref="ICarrier"/>, and <see cref="AddExotelWebhooks"/>. The host adds <see cref="ICarrierPermits"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section of <see cref="ExotelOptions"/>; wrong options fail the start, naming every error.</param>
    public static IServiceCollection AddExotelCarrier(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<ExotelOptions>().Bind(section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ExotelOptions>, ExotelOptionsValidator>());
        services.AddExotelWebhooks();
        services.TryAddSingleton<ExotelClient>();
        services.TryAddSingleton<ExotelLookUps>();
        services.TryAddSingleton<ICarrier, ExotelCarrier>();
        return services;
    }
}
