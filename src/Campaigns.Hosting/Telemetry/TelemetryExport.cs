using Campaigns.Hosting.Engine;
using Campaigns.Hosting.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Campaigns.Hosting.Telemetry;

/// <summary>Sends spans and measures by OTLP, from the start of the host to its end: whatever was recorded until then is sent before the process goes.</summary>
internal sealed partial class TelemetryExport(
    TelemetrySettings settings, IConfiguration configuration, IHostEnvironment environment, ILogger<TelemetryExport> logger) : IHostedService, IDisposable
{
    // A collector that is gone must not hold up a process that is to end.
    private const int LongestFlush = 5_000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Complaint is { } complaint)
        {
            LogComplaint(complaint);
        }

        if (settings.Traces)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(Resource())
                .SetSampler(settings.Sampler)
                .AddSource([.. TelemetryNames.Sources])
                .AddProcessor(new PrivacyProcessor())
                .AddOtlpExporter()
                .Build();
        }

        if (settings.Metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(Resource())
                .AddMeter([.. TelemetryNames.Meters])
                .AddOtlpExporter()
                .Build();
        }

        LogSending(settings.Traces, settings.Metrics);
        return Task.CompletedTask;
    }

    /// <summary>The last of all hosted services to stop: calls that were cut off have ended, and their spans with them.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _traces?.Shutdown(LongestFlush), cancellationToken),
        Task.Run(() => _metrics?.Shutdown(LongestFlush), cancellationToken));

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    // What the environment says of the resource comes last, and so it counts.
    private ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService(
            environment.ApplicationName, serviceVersion: HealthEndpoints.BuildVersion,
            serviceInstanceId: configuration["Campaigns:Silo:Name"] ?? $"{Environment.MachineName}-{Environment.ProcessId}")
        .AddAttributes([new("campaigns.engine", OrleansEngine.Name)])
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    [LoggerMessage(3101, LogLevel.Information, "Telemetry is sent by OTLP: traces {Traces}, metrics {Metrics}")]
    private partial void LogSending(bool traces, bool metrics);

    [LoggerMessage(3102, LogLevel.Warning, "Telemetry: {Complaint}")]
    private partial void LogComplaint(string complaint);
}
