using System.Diagnostics;
using System.Globalization;
using Campaigns.Simulation.Faults;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.World;

namespace Campaigns.Simulation;

/// <summary>Many seeds, each run on one thread, several at a time.</summary>
internal static class Batch
{
    /// <summary>Runs the seeds from <paramref name="first"/> on; ends early once so many were broken.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="threads">Runs at a time.</param>
    /// <param name="bugs">Bugs to plant.</param>
    /// <param name="stopAtBroken">Ends after that many broken runs.</param>
    /// <param name="twice">Runs each seed again: a run that comes out otherwise counts as broken.</param>
    /// <param name="onDone">Told how many are done.</param>
    public static Summary Run(
        int first, int seeds, int threads, PlantedBugs bugs = PlantedBugs.None, int stopAtBroken = 1, bool twice = false,
        Action<int>? onDone = null)
    {
        var (next, done) = (0, 0);
        var summary = new Summary();
        var since = Stopwatch.GetTimestamp();
        void Work()
        {
            while (true)
            {
                var i = Interlocked.Increment(ref next) - 1;
                if (i >= seeds)
                {
                    return;
                }

                var result = new SimulatedWorld(first + i, bugs).Run();
                if (twice && new SimulatedWorld(first + i, bugs).Run() is var again && again.Hash != result.Hash)
                {
                    result = result with { Broken = $"not the same run a second time: {result.Broken ?? "kept"}, then {again.Broken ?? "kept"}" };
                }

                lock (summary)
                {
                    summary.Add(result);
                    onDone?.Invoke(++done);
                    if (summary.Broken.Count >= stopAtBroken)
                    {
                        return;
                    }
                }
            }
        }

        Thread[] workers = [.. Enumerable.Range(0, threads).Select(n => new Thread(Work) { IsBackground = true, Name = $"simulation {n}" })];
        foreach (var worker in workers)
        {
            worker.Start();
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }

        summary.Took = Stopwatch.GetElapsedTime(since);
        return summary;
    }
}

/// <summary>What many runs came to.</summary>
internal sealed class Summary
{
    private readonly List<RunResult> _broken = [];

    public int Runs { get; private set; }

    public Tally Tally { get; } = new();

    /// <summary>The runs that broke a promise, lowest seed first.</summary>
    public IReadOnlyList<RunResult> Broken => [.. _broken.OrderBy(r => r.Seed)];

    public TimeSpan Took { get; set; }

    public void Add(RunResult result)
    {
        Runs++;
        Tally.Add(result.Tally);
        if (result.Broken is not null)
        {
            _broken.Add(result);
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Runs} runs, {_broken.Count} broken, in {Took.TotalSeconds:F1} s ({Runs / Took.TotalSeconds:F0} a second); {Tally}; {CrashPoints.Count} distinct crash points");
}
