using System.Diagnostics.Metrics;
using Campaigns.Carrier;
using Campaigns.Telemetry;

namespace Campaigns.Exotel.Media;

/// <summary>Measures of the media sockets.</summary>
internal sealed class MediaInstruments
{
    private static readonly KeyValuePair<string, object?> In = new("direction", "in");
    private static readonly KeyValuePair<string, object?> Out = new("direction", "out");

    private readonly UpDownCounter<long> connections;
    private readonly Counter<long> refused;
    private readonly Counter<long> malformed;
    private readonly Counter<long> frames;
    private readonly Counter<long> bytes;
    private readonly Counter<long> sendTimeouts;
    private readonly UpDownCounter<long> marksPending;
    private readonly Histogram<double> streams;

    internal MediaInstruments(Meter meter)
    {
        connections = meter.CreateUpDownCounter<long>("campaigns.exotel.media.connections", "{connection}", "Media sockets that are open.");
        refused = meter.CreateCounter<long>(
            "campaigns.exotel.media.refused", "{connection}", "Media sockets refused, at the handshake or after it, by reason.");
        malformed = meter.CreateCounter<long>(
            "campaigns.exotel.media.malformed", "{message}", "Messages that were not taken, by kind.");
        frames = meter.CreateCounter<long>("campaigns.exotel.media.frames", "{frame}", "Messages of audio, by direction.");
        bytes = meter.CreateCounter<long>("campaigns.exotel.media.audio", "By", "Audio, decoded, by direction.");
        sendTimeouts = meter.CreateCounter<long>(
            "campaigns.exotel.media.send_timeouts", "{connection}", "Sockets aborted because the carrier took nothing.");
        marksPending = meter.CreateUpDownCounter<long>(
            "campaigns.exotel.media.marks_pending", "{mark}", "Marks sent that have not come back, of open sockets.");
        streams = meter.CreateHistogram(
            "campaigns.exotel.media.stream.duration", "s", "Time from the handshake to the end, by how it ended.", tags: null, HistogramBuckets.Calls);
    }

    internal void OnOpened() => connections.Add(1);

    internal void OnClosed() => connections.Add(-1);

    internal void OnEnded(MediaEndKind end, TimeSpan elapsed)
        => streams.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("end", end.ToString()));

    internal void OnRefused(string reason) => refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void OnMalformed(string kind) => malformed.Add(1, new KeyValuePair<string, object?>("kind", kind));

    internal void OnAudioIn(int size)
    {
        frames.Add(1, In);
        bytes.Add(size, In);
    }

    internal void OnAudioOut(int size)
    {
        frames.Add(1, Out);
        bytes.Add(size, Out);
    }

    internal void OnSendTimeout() => sendTimeouts.Add(1);

    internal void OnMarks(long change) => marksPending.Add(change);
}
