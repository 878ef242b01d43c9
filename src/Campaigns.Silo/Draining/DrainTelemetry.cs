using System.Diagnostics.Metrics;
using Campaigns.Grains;
using Campaigns.Telemetry;

namespace Campaigns.Silo.Draining;

/// <summary>Measures of a silo's going. Live calls are measured as <c>campaigns.calls.live</c>.</summary>
public sealed class DrainTelemetry : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "Campaigns.Silo";

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _cutOff;

    /// <summary>Creates the instruments.</summary>
    public DrainTelemetry(IMeterFactory factory, SiloWork work)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _meter = factory.Create(Name);
        _meter.CreateObservableGauge("campaigns.silo.draining", () => work.IsDraining ? 1 : 0, "{silo}", "1 while the silo drains, 0 otherwise.");
        _meter.CreateObservableGauge("campaigns.silo.campaigns", () => work.Driven.Count, "{campaign}", "Campaigns driven by this silo.");
        _meter.CreateObservableGauge("campaigns.silo.sockets", () => work.Sockets, "{connection}", "Media sockets whose calls are not concluded yet.");
        _duration = _meter.CreateHistogram(
            "campaigns.silo.drain.duration", "s", "From the beginning of a drain to its end.", tags: null, HistogramBuckets.Calls);
        _cutOff = _meter.CreateCounter<long>("campaigns.silo.drain.cut_off", "{call}", "Calls ended because the limit of a drain had come.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void OnDrained(DrainResult result)
    {
        _duration.Record(result.Took.TotalSeconds);
        _cutOff.Add(result.CutOff);
    }
}
