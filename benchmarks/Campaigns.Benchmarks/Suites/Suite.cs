using Campaigns.Benchmarks.Bed;
using Campaigns.Benchmarks.Harness;

namespace Campaigns.Benchmarks.Suites;

/// <summary>A group of measurements that share a database.</summary>
internal abstract class Suite
{
    /// <summary>As <c>--only</c> takes it.</summary>
    public abstract string Name { get; }

    public abstract Task RunAsync(SuiteRun run, CancellationToken cancellationToken);
}

/// <summary>What a suite works with.</summary>
/// <param name="Server">The private PostgreSQL.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Report">Where its rows go.</param>
/// <param name="Load">The load average when it began.</param>
internal sealed record SuiteRun(Server Server, BenchmarkOptions Options, Report Report, double Load)
{
    public void Add(Row row) => Report.Add(row with { Load = Load });
}
