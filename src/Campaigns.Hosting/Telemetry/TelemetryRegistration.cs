using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Campaigns.Hosting.Telemetry;

/// <summary>Registration of telemetry.</summary>
public static class TelemetryRegistration
{
    /// <summary>
    /// Has spans and measures sent where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (or that of one signal) says; nothing is collected without it. Before all other hosted
    /// services, so that it outlives them.
    /// </summary>
    /// <exception cref="HostStartException">An address is none.</exception>
    public static IHostApplicationBuilder AddCampaignsTelemetry(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = TelemetrySettings.Read(builder.Configuration);
        if (settings is { Traces: false, Metrics: false })
        {
            return builder;
        }

        // Without it the web server's spans say nothing at all.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false);

        // Measures are taken where the factory is; ours are static or come by it, and either kind is found by name.
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<IStartupFilter, RequestSpans>();
        builder.Services.AddHostedService(provider => new TelemetryExport(
            settings,
            provider.GetRequiredService<IConfiguration>(),
            provider.GetRequiredService<IHostEnvironment>(),
            provider.GetRequiredService<ILogger<TelemetryExport>>()));
        return builder;
    }
}
