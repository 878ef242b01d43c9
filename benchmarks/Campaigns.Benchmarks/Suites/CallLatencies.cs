using Campaigns.Benchmarks.Harness;

namespace Campaigns.Benchmarks.Suites;

/// <summary>What the product's own instruments say about its latency.</summary>
internal sealed record CallLatencies(double[] ToSession, double[] ToModel, double[] ToPerson, double[] ToClear)
{
    private const double Limit = 20;

    public static CallLatencies Of(Instruments instruments) => new(
        instruments.Of("campaigns.calls.latency.to_model"),
        instruments.Of("campaigns.gemini.uplink.latency"),
        instruments.Of("campaigns.calls.latency.to_person"),
        instruments.Of("campaigns.calls.interrupted_to_clear"));

    public IEnumerable<Row> Rows(string suite)
        =>
        [
            .. Rows(suite, "towards the model, carrier's frame to session", ToSession, Limit),
            .. Rows(suite, "towards the model, session to socket", ToModel, Limit),
            .. Rows(suite, "towards the person, model's frame to socket", ToPerson, Limit),
            .. Rows(suite, "interrupted to clear in the socket", ToClear, Limit),
        ];

    /// <summary>The middle and the 99th percentile of some latencies.</summary>
    public static IEnumerable<Row> Rows(string suite, string what, double[] milliseconds, double? limit)
    {
        yield return new Row(suite, $"… {what}, p50", "ms", [Numbers.Percentile(milliseconds, 0.5)]);
        var worst = new Row(suite, $"… {what}, p99", "ms", [Numbers.Percentile(milliseconds, 0.99)]);
        yield return limit is { } most ? worst.Below(most) : worst;
    }
}
