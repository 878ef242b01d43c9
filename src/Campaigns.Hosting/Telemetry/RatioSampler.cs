using System.Buffers.Binary;
using OpenTelemetry.Trace;

namespace Campaigns.Hosting.Telemetry;

/// <summary>
/// Takes a part of all traces, the same ones in every process. It decides on the last 56 bits of the trace id, the ones that W3C calls random; the first,
/// which other samplers look at, are the time of day in the id of a session.
/// </summary>
internal sealed class RatioSampler : Sampler
{
    private const int RandomBits = 56;
    private const ulong All = 1UL << RandomBits;
    private readonly ulong _threshold;

    /// <summary>Takes this part.</summary>
    /// <param name="ratio">0 to 1.</param>
    public RatioSampler(double ratio)
    {
        _threshold = (ulong)((1 - ratio) * All);
        Description = $"RatioSampler{{{ratio}}}";
    }

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        Span<byte> id = stackalloc byte[16];
        samplingParameters.TraceId.CopyTo(id);
        var random = BinaryPrimitives.ReadUInt64BigEndian(id[8..]) & (All - 1);
        return new SamplingResult(random >= _threshold ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }
}
