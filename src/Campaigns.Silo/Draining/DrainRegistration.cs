using Campaigns.Carrier;
using Campaigns.Grains;
using Campaigns.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Campaigns.Silo.Draining;

/// <summary>Registration of the drain.</summary>
public static class DrainRegistration
{
    /// <summary>
    /// Has SIGTERM, SIGINT and SIGQUIT drain the silo before they stop this host. For a host that is a process of its own; one inside another
    /// program calls <see cref="SiloDrain.RunAsync"/> itself, or just stops.
    /// </summary>
    public static TBuilder DrainBeforeStop<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IHostLifetime, DrainingLifetime>();
        return builder;
    }

    /// <summary>What the silo counts by, and what drains it.</summary>
    internal static void AddSiloDrain(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<SiloHostOptions>().BindConfiguration("Campaigns:Silo").ValidateOnStart();
        services.AddSingleton<IValidateOptions<SiloHostOptions>, SiloHostOptionsValidator>();
        services.AddSingleton<SiloWork>();
        services.AddSingleton<IMediaGate>(provider => provider.GetRequiredService<SiloWork>());
        services.AddSingleton<DrainTelemetry>();
        services.AddSingleton<SiloDrain>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadiness, SiloReadiness>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthDetail, SiloHealth>());
    }
}
