using System.Diagnostics;
using Campaigns.Telemetry;
using OpenTelemetry.Trace;

namespace Campaigns.Hosting.Telemetry;

/// <summary>
/// Spans go with their parents, and the root of a session's trace is no parent: nobody has decided about it, so what begins below it is decided about as a
/// trace is. What begins with nothing around it and only asks others, a poll of the database or of the carrier, is left out, and so are questions after the
/// host's health.
/// </summary>
/// <param name="root">Decides about traces.</param>
internal sealed class ParentSampler(Sampler root) : Sampler
{
    private static readonly SamplingResult No = new(SamplingDecision.Drop);
    private static readonly SamplingResult Yes = new(SamplingDecision.RecordAndSample);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        if (parent.TraceId == default)
        {
            return samplingParameters.Kind == ActivityKind.Client || IsHealth(samplingParameters) ? No : root.ShouldSample(samplingParameters);
        }

        if (SessionTrace.IsRoot(parent))
        {
            return root.ShouldSample(samplingParameters);
        }

        return parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? Yes : No;
    }

    private static bool IsHealth(in SamplingParameters span)
    {
        if (span.Kind != ActivityKind.Server || span.Tags is not { } tags)
        {
            return false;
        }

        foreach (var (name, value) in tags)
        {
            if (name == "url.path")
            {
                return value is string path
                    && (path.StartsWith("/health", StringComparison.OrdinalIgnoreCase) || path.Equals("/version", StringComparison.OrdinalIgnoreCase));
            }
        }

        return false;
    }
}
