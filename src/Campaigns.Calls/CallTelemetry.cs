using System.Diagnostics.Metrics;

namespace Campaigns.Calls;

/// <summary>Measures of the calls in this process. Every tag takes one of a few values; no tag names a person or a call.</summary>
public sealed class CallTelemetry : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "Campaigns.Calls";

    private readonly Meter meter;
    private readonly Histogram<double> firstAudio;
    private readonly Histogram<double> towardsModel;
    private readonly Histogram<double> towardsPerson;
    private readonly Histogram<double> interruptedToClear;
    private readonly Counter<long> underruns;
    private readonly Counter<long> refused;
    private readonly Counter<long> ends;
    private readonly Counter<long> watches;
    private readonly Counter<long> preparations;
    private int live;
    private int prepared;

    /// <summary>Creates the instruments.</summary>
    public CallTelemetry(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        meter = factory.Create(Name);
        firstAudio = meter.CreateHistogram<double>(
            "campaigns.calls.first_audio", "ms", "From the beginning of the stream to the first audible sound of the agent.");
        towardsModel = meter.CreateHistogram<double>(
            "campaigns.calls.latency.to_model", "ms", "From a frame of the carrier to its audio at the model's session.");
        towardsPerson = meter.CreateHistogram<double>(
            "campaigns.calls.latency.to_person", "ms", "From audio of the model to the chunk that it let go out, where one went out at once.");
        interruptedToClear = meter.CreateHistogram<double>(
            "campaigns.calls.interrupted_to_clear", "ms", "From an interruption to the carrier's clear on its way.");
        underruns = meter.CreateCounter<long>("campaigns.calls.underruns", null, "How often the agent's voice ran dry in mid-sentence.");
        refused = meter.CreateCounter<long>("campaigns.calls.audio.refused", "samples", "Audio of the agent for which there was no room.");
        ends = meter.CreateCounter<long>("campaigns.calls.ends", null, "Calls ended, by kind.");
        watches = meter.CreateCounter<long>("campaigns.calls.watchdogs", null, "Times a watchdog acted, by action.");
        preparations = meter.CreateCounter<long>("campaigns.calls.preparations", null, "Sessions opened while a phone rang, by what came of them.");
        meter.CreateObservableGauge("campaigns.calls.live", () => Volatile.Read(ref live), null, "Calls whose sound runs through this process.");
        meter.CreateObservableGauge("campaigns.calls.prepared", () => Volatile.Read(ref prepared), null, "Sessions open for ringing calls.");
    }

    internal void OnLive(int change) => Interlocked.Add(ref live, change);

    internal void OnPrepared(int change) => Interlocked.Add(ref prepared, change);

    internal void OnPreparation(string result) => preparations.Add(1, Tag("result", result));

    internal void OnFirstAudio(TimeSpan elapsed) => firstAudio.Record(elapsed.TotalMilliseconds);

    internal void OnTowardsModel(TimeSpan elapsed) => towardsModel.Record(elapsed.TotalMilliseconds);

    internal void OnTowardsPerson(TimeSpan elapsed) => towardsPerson.Record(elapsed.TotalMilliseconds);

    internal void OnCleared(TimeSpan elapsed) => interruptedToClear.Record(elapsed.TotalMilliseconds);

    internal void OnWatch(WatchAction action) => watches.Add(1, Tag("action", action.ToString()));

    internal void OnEnded(CallEnd end, long refusedSamples)
    {
        ends.Add(1, Tag("kind", end.Kind.ToString()));
        underruns.Add(end.Underruns);
        refused.Add(refusedSamples);
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
