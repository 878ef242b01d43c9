using System.Diagnostics.Metrics;

namespace Campaigns.Telemetry;

/// <summary>Boundaries of histograms. An exporter's own are made for milliseconds and say nothing about seconds.</summary>
public static class HistogramBuckets
{
    /// <summary>Requests and transactions, in seconds: 1 ms to 30 s.</summary>
    public static InstrumentAdvice<double> Requests { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    /// <summary>Calls and waits for people, in seconds: 1 s to 1 h.</summary>
    public static InstrumentAdvice<double> Calls { get; } = new()
    {
        HistogramBucketBoundaries = [1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 300, 600, 1200, 3600],
    };

    /// <summary>What is added to the way of sound, in milliseconds: 0.05 ms to 1 s.</summary>
    public static InstrumentAdvice<double> Sound { get; } = new()
    {
        HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 100, 250, 1000],
    };

    /// <summary>Until a person hears the agent, in milliseconds: 100 ms to 10 s.</summary>
    public static InstrumentAdvice<double> Reaction { get; } = new()
    {
        HistogramBucketBoundaries = [100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000],
    };
}
