namespace Campaigns.Benchmarks.Harness;

/// <summary>One line of the table: the same thing measured several times.</summary>
/// <param name="Suite">The group it stands in.</param>
/// <param name="What">What was measured.</param>
/// <param name="Unit">Of the samples.</param>
/// <param name="Samples">One per run, in order.</param>
internal sealed record Row(string Suite, string What, string Unit, IReadOnlyList<double> Samples)
{
    /// <summary>What is expected: <c>&lt; 3 s</c>. Empty where nothing is.</summary>
    public string Expected { get; private init; } = "";

    /// <summary>Whether the median is as expected; null where nothing is.</summary>
    public bool? Met { get; private init; }

    /// <summary>The machine's load average when the suite began.</summary>
    public double Load { get; init; }

    public double Median
    {
        get
        {
            var sorted = Samples.Order().ToArray();
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    public Row Below(double limit) => this with { Expected = $"< {Numbers.Text(limit)} {Unit}", Met = Median < limit };

    public Row AtLeast(double limit) => this with { Expected = $"≥ {Numbers.Text(limit)} {Unit}", Met = Median >= limit };
}
