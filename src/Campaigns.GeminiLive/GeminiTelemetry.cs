using System.Diagnostics;
using System.Diagnostics.Metrics;
using Campaigns.LiveModel;
using Campaigns.Telemetry;

namespace Campaigns.GeminiLive;

/// <summary>
/// Traces and measures of the live model's adapter. Every tag takes one of a few values; no tag names a person or a call.
/// </summary>
public sealed class GeminiTelemetry : IDisposable
{
    /// <summary>Name of the activity source and the meter.</summary>
    public const string Name = "Campaigns.Gemini";

    internal static readonly ActivitySource Activities = new(Name);

    private readonly Meter meter;
    private readonly Histogram<double> setups;
    private readonly Histogram<double> extractions;
    private readonly UpDownCounter<long> connections;
    private readonly Counter<long> connectionEnds;
    private readonly Counter<long> reconnects;
    private readonly Counter<long> conversations;
    private readonly Histogram<double> uplinkLatency;
    private readonly Counter<double> uplinkDropped;
    private readonly Counter<long> tokens;
    private readonly Counter<long> refused;

    /// <summary>Creates the instruments.</summary>
    public GeminiTelemetry(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        meter = factory.Create(Name);
        setups = meter.CreateHistogram(
            "campaigns.gemini.setup.duration", "s", "Time from connecting to the confirmed setup, by result and whether it was to resume.", tags: null,
            HistogramBuckets.Requests);
        extractions = meter.CreateHistogram(
            "campaigns.gemini.extraction.duration", "s", "Time of a post-call extraction, by result.", tags: null, HistogramBuckets.Requests);
        connections = meter.CreateUpDownCounter<long>("campaigns.gemini.connections", "{connection}", "Connections open now.");
        connectionEnds = meter.CreateCounter<long>(
            "campaigns.gemini.connection.closes", "{connection}", "Connections that the platform's side ended, by close code.");
        reconnects = meter.CreateCounter<long>("campaigns.gemini.reconnects", "{reconnect}", "Reconnects, by cause and result.");
        conversations = meter.CreateCounter<long>("campaigns.gemini.conversations", "{conversation}", "Conversations ended, by how.");
        uplinkLatency = meter.CreateHistogram(
            "campaigns.gemini.uplink.latency", "ms", "From audio of the person at the session to its message in the socket.", tags: null,
            HistogramBuckets.Sound);
        uplinkDropped = meter.CreateCounter<double>("campaigns.gemini.uplink.dropped", "ms", "Audio of the person not sent, by reason.");
        tokens = meter.CreateCounter<long>("campaigns.gemini.tokens", "{token}", "Tokens billed, by direction and modality.");
        refused = meter.CreateCounter<long>("campaigns.gemini.refused", "{message}", "What the platform sent and could not be used, by kind.");
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    /// <summary>An attempt to open a connection ended, however it did.</summary>
    internal void OnSetup(string result, bool resume, TimeSpan elapsed)
        => setups.Record(elapsed.TotalSeconds, Tag("result", result), new("resume", resume));

    /// <summary>An extraction ended, however it did.</summary>
    internal void OnExtraction(string result, TimeSpan elapsed) => extractions.Record(elapsed.TotalSeconds, Tag("result", result));

    /// <summary>A connection is in use.</summary>
    internal void OnConnected() => connections.Add(1);

    /// <summary>A connection is not in use any more.</summary>
    internal void OnDisconnected() => connections.Add(-1);

    /// <summary>A connection was ended.</summary>
    /// <param name="code">The close code; null if we left it.</param>
    internal void OnConnectionEnded(int? code)
    {
        if (code is { } known)
        {
            connectionEnds.Add(1, new KeyValuePair<string, object?>("code", known is >= 1000 and <= 1015 ? known : 0));
        }
    }

    /// <summary>A conversation goes on over a new connection.</summary>
    internal void OnReconnected(string cause, bool resumed) => reconnects.Add(1, Tag("cause", cause), Tag("result", resumed ? "resumed" : "fresh"));

    /// <summary>A conversation found no new connection.</summary>
    internal void OnReconnectFailed(string cause, LiveFailure failure)
        => reconnects.Add(1, Tag("cause", cause), Tag("result", failure.ToText()));

    /// <summary>A conversation ended.</summary>
    internal void OnEnded(LiveEndKind kind) => conversations.Add(1, Tag("kind", kind.ToText()));

    /// <summary>A message of the person's audio went out.</summary>
    internal void OnUplinkSent(TimeSpan elapsed) => uplinkLatency.Record(elapsed.TotalMilliseconds);

    /// <summary>Audio of the person was dropped.</summary>
    internal void OnUplinkDropped(string reason, double milliseconds) => uplinkDropped.Add(milliseconds, Tag("reason", reason));

    /// <summary>A message was not JSON.</summary>
    internal void OnBrokenMessage() => refused.Add(1, Tag("kind", "message"));

    /// <summary>Audio could not be played.</summary>
    internal void OnBrokenAudio(string kind) => refused.Add(1, Tag("kind", kind));

    /// <summary>Tokens were billed.</summary>
    internal void OnTokens(LiveUsage usage)
    {
        Add(usage.InputText, "input", "text");
        Add(usage.InputAudio, "input", "audio");
        Add(usage.OutputText, "output", "text");
        Add(usage.OutputAudio, "output", "audio");
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private void Add(long count, string direction, string modality)
    {
        if (count > 0)
        {
            tokens.Add(count, Tag("direction", direction), Tag("modality", modality));
        }
    }
}
