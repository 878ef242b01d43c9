using System.Diagnostics;
using System.Diagnostics.Metrics;
using Campaigns.Exotel.Media;
using Campaigns.Telemetry;

namespace Campaigns.Exotel;

/// <summary>Traces and measures of the carrier's adapter. Every tag takes one of a few values; no tag names a person or a call.</summary>
public sealed class ExotelTelemetry : IDisposable
{
    /// <summary>Name of the activity source and the meter.</summary>
    public const string Name = "Campaigns.Exotel";

    internal static readonly ActivitySource Activities = new(Name);

    private readonly Meter meter;
    private readonly Histogram<double> requests;
    private readonly Histogram<double> callbacks;

    /// <summary>Creates the instruments.</summary>
    public ExotelTelemetry(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        meter = factory.Create(Name);
        requests = meter.CreateHistogram(
            "campaigns.exotel.request.duration", "s",
            "Time of a request to the carrier, by operation and result; its count is the number of requests.", tags: null, HistogramBuckets.Requests);
        callbacks = meter.CreateHistogram(
            "campaigns.exotel.callback.duration", "s", "Time to take a status callback, by result; its count is the number of callbacks.", tags: null,
            HistogramBuckets.Requests);
        Media = new MediaInstruments(meter);
    }

    /// <summary>Measures of the media sockets.</summary>
    internal MediaInstruments Media { get; }

    /// <summary>A request ended, however it did.</summary>
    internal void OnRequest(string operation, string result, TimeSpan elapsed)
        => requests.Record(elapsed.TotalSeconds, Tag("operation", operation), Tag("result", result));

    /// <summary>A callback was answered.</summary>
    internal void OnCallback(string result, TimeSpan elapsed) => callbacks.Record(elapsed.TotalSeconds, Tag("result", result));

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
