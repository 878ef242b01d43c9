using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace Campaigns.Hosting.Telemetry;

/// <summary>What the standard environment variables of OpenTelemetry say, as far as it is decided here; the rest is read by its SDK and its exporter.</summary>
/// <param name="Traces">Whether spans are sent.</param>
/// <param name="Metrics">Whether measures are sent.</param>
/// <param name="Sampler">Which traces are.</param>
/// <param name="Complaint">What could not be understood and was left at its default; null when all was.</param>
internal sealed record TelemetrySettings(bool Traces, bool Metrics, Sampler Sampler, string? Complaint)
{
    private const string SamplerKey = "OTEL_TRACES_SAMPLER";
    private const string RatioKey = "OTEL_TRACES_SAMPLER_ARG";

    /// <summary>Reads the host's configuration, which the environment is part of.</summary>
    /// <exception cref="HostStartException">An address is none.</exception>
    public static TelemetrySettings Read(IConfiguration configuration)
    {
        var disabled = string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        var (sampler, complaint) = SamplerOf(configuration);
        return new TelemetrySettings(
            !disabled && IsSent(configuration, "TRACES"), !disabled && IsSent(configuration, "METRICS"), sampler, complaint);
    }

    // An address that cannot be read would be replaced by the exporter's default without a word.
    private static bool IsSent(IConfiguration configuration, string signal)
    {
        if (string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var own = $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
        var key = string.IsNullOrWhiteSpace(configuration[own]) ? "OTEL_EXPORTER_OTLP_ENDPOINT" : own;
        var text = configuration[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? true
            : throw new HostStartException($"{key} is no absolute http or https address: unset it, or set it to the collector's, as http://collector:4317.");
    }

    private static (Sampler Sampler, string? Complaint) SamplerOf(IConfiguration configuration)
    {
        var name = configuration[SamplerKey]?.Trim();
        switch (name?.ToLowerInvariant())
        {
            case null or "" or "parentbased_always_on":
                return (new ParentSampler(new AlwaysOnSampler()), null);
            case "parentbased_always_off":
                return (new ParentSampler(new AlwaysOffSampler()), null);
            case "always_on":
                return (new AlwaysOnSampler(), null);
            case "always_off":
                return (new AlwaysOffSampler(), null);
            case "parentbased_traceidratio":
                var (ratio, complaint) = RatioOf(configuration);
                return (new ParentSampler(ratio), complaint);
            case "traceidratio":
                return RatioOf(configuration);
            default:
                return (new ParentSampler(new AlwaysOnSampler()), $"{SamplerKey} '{name}' is not known; every trace is sent.");
        }
    }

    private static (Sampler Sampler, string? Complaint) RatioOf(IConfiguration configuration)
    {
        var text = configuration[RatioKey];
        if (string.IsNullOrWhiteSpace(text))
        {
            return (new RatioSampler(1), null);
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1
            ? (new RatioSampler(ratio), null)
            : (new RatioSampler(1), $"{RatioKey} '{text}' is no number from 0 to 1; every trace is sent.");
    }
}
