using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Campaigns.LiveModel;
using Campaigns.Telemetry;

namespace Campaigns.Calls;

/// <summary>Traces and measures of the calls in this process. Every tag takes one of a few values; no tag names a person or a call.</summary>
public sealed class CallTelemetry : IDisposable
{
    /// <summary>Name of the activity source and the meter.</summary>
    public const string Name = "Campaigns.Calls";

    internal static readonly ActivitySource Activities = new(Name);

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
        firstAudio = meter.CreateHistogram(
            "campaigns.calls.first_audio", "ms", "From the beginning of the stream to the first audible sound of the agent.", tags: null,
            HistogramBuckets.Reaction);
        towardsModel = meter.CreateHistogram(
            "campaigns.calls.latency.to_model", "ms", "From a frame of the carrier to its audio at the model's session.", tags: null,
            HistogramBuckets.Sound);
        towardsPerson = meter.CreateHistogram(
            "campaigns.calls.latency.to_person", "ms", "From audio of the model to the chunk that it let go out, where one went out at once.",
            tags: null, HistogramBuckets.Sound);
        interruptedToClear = meter.CreateHistogram(
            "campaigns.calls.interrupted_to_clear", "ms", "From an interruption to the carrier's clear on its way.", tags: null,
            HistogramBuckets.Sound);
        underruns = meter.CreateCounter<long>("campaigns.calls.underruns", "{underrun}", "How often the agent's voice ran dry in mid-sentence.");
        refused = meter.CreateCounter<long>("campaigns.calls.audio.refused", "{sample}", "Audio of the agent for which there was no room.");
        ends = meter.CreateCounter<long>("campaigns.calls.ends", "{call}", "Calls ended, by kind.");
        watches = meter.CreateCounter<long>("campaigns.calls.watchdogs", "{event}", "Times a watchdog acted, by action.");
        preparations = meter.CreateCounter<long>(
            "campaigns.calls.preparations", "{session}", "Sessions opened while a phone rang, by what came of them.");
        meter.CreateObservableGauge("campaigns.calls.live", () => Volatile.Read(ref live), "{call}", "Calls whose sound runs through this process.");
        meter.CreateObservableGauge("campaigns.calls.prepared", () => Volatile.Read(ref prepared), "{session}", "Sessions open for ringing calls.");
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

    /// <summary>Tells on a call's span how the call went.</summary>
    internal static void Describe(Activity? activity, CallEnd? end, string? refusal)
    {
        if (activity is null || end is null)
        {
            return;
        }

        activity.SetTag("campaigns.call.end", end.Kind.ToText())
            .SetTag("campaigns.call.underruns", end.Underruns)
            .SetTag("campaigns.call.person_spoke", end.PersonSpoke)
            .SetTag("gen_ai.usage.input_tokens", end.Usage.InputText + end.Usage.InputAudio)
            .SetTag("gen_ai.usage.output_tokens", end.Usage.OutputText + end.Usage.OutputAudio);
        if (end.FirstAudio is { } first)
        {
            activity.AddEvent(new ActivityEvent("first audio", new DateTimeOffset(activity.StartTimeUtc + first, TimeSpan.Zero)));
        }

        if (refusal is not null || end.Kind is CallEndKind.ModelUnavailable or CallEndKind.MediaLost or CallEndKind.HostStopping)
        {
            activity.Fail(refusal is null ? end.Kind.ToText() : "refused");
        }
    }

    /// <summary>Has a tool carried out in a span of its own, named as the conventions for generative models ask.</summary>
    internal static async Task<ToolResult> TraceToolAsync(
        Guid session, ImmutableArray<ToolDeclaration> tools, ToolCall call, Func<ToolCall, Task<ToolResult>> carryOut)
    {
        // Only a name that we gave: what a model makes up may hold anything.
        var name = !tools.IsDefault && tools.Any(tool => tool.Name == call.Name) ? call.Name : "unknown";
        using var activity = SessionTrace.Start(Activities, $"execute_tool {name}", ActivityKind.Internal, session);
        activity?.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", name);
        try
        {
            var result = await carryOut(call);
            activity?.SetTag("campaigns.tool.then", result.Then.ToText());
            return result;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            activity.Fail(error.GetType().Name);
            throw;
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
