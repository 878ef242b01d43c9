using Campaigns.Simulation.Faults;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.World;
using Xunit.Abstractions;

namespace Campaigns.Simulation.Tests;

/// <summary>The promises under a few thousand seeds, and proof that a broken one would be found.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 3000;

    // Half of the cores: other suites hold conversations in real time beside this one.
    private static readonly int Threads = Math.Max(1, Environment.ProcessorCount / 2);

    [Fact]
    public void Run_ThousandsOfSeeds_BreaksNoPromise()
    {
        var summary = Batch.Run(first: 1, Seeds, Threads);
        output.WriteLine(summary.ToString());
        foreach (var broken in summary.Broken)
        {
            Assert.Fail(Explain(broken.Seed, PlantedBugs.None));
        }

        Assert.Equal(Seeds, summary.Runs);
        AssertSomethingWentWrong(summary.Tally);
        Assert.InRange(CrashPoints.Count, 100, int.MaxValue);
    }

    [Theory]
    [InlineData(nameof(PlantedBugs.ClaimWithoutEpoch), nameof(Promise.StaleOwnerChangesNothing))]
    [InlineData(nameof(PlantedBugs.RedialOnTimeout), nameof(Promise.NobodyIsCalledTwice))]
    [InlineData(nameof(PlantedBugs.NoLiveSessionIndex), nameof(Promise.NobodyIsCalledTwice))]
    public void Run_WithAPlantedBug_FindsIt(string bug, string promise)
    {
        var planted = Enum.Parse<PlantedBugs>(bug);
        var summary = Batch.Run(first: 1, Seeds, Threads, planted);
        Assert.NotEmpty(summary.Broken);
        output.WriteLine(Explain(summary.Broken[0].Seed, planted));
        Assert.StartsWith(promise, summary.Broken[0].Broken, StringComparison.Ordinal);

        // The same seed without the bug keeps every promise: it was the bug that was found.
        Assert.Null(new SimulatedWorld(summary.Broken[0].Seed).Run().Broken);
    }

    [Fact]
    public void Run_WithTheSameSeed_ReplaysExactly()
    {
        var hashes = new HashSet<ulong>();
        for (var seed = 1; seed <= 150; seed++)
        {
            var (first, again) = (new SimulatedWorld(seed).Run(), new SimulatedWorld(seed, trace: true).Run());
            Assert.Equal(first.Hash, again.Hash);
            Assert.Equal(first.Steps, again.Steps);
            hashes.Add(first.Hash);
        }

        Assert.Equal(150, hashes.Count);
    }

    [Fact]
    public void Run_OfAFailingSeed_ReplaysTheFailureWithItsTraceAndTheCommand()
    {
        var broken = Batch.Run(first: 1, Seeds, Threads, PlantedBugs.RedialOnTimeout).Broken[0];
        var text = new StringWriter();
        Assert.Equal(1, Commands.Run(["--seed", $"{broken.Seed}", "--bug", nameof(PlantedBugs.RedialOnTimeout), "--last", "40"], text));
        Assert.Contains(broken.Broken!, text.ToString(), StringComparison.Ordinal);
        Assert.Contains($"{broken.Hash:x16}", text.ToString(), StringComparison.Ordinal);
        Assert.Contains($"--seed {broken.Seed} --bug RedialOnTimeout", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("carrier rings session", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seed")]
    [InlineData("--seeds", "none")]
    [InlineData("--seeds", "1", "--seed", "1")]
    [InlineData("--seeds", "1", "--bug", "Moths")]
    [InlineData]
    public void Commands_WithWrongArguments_ExplainThemselves(params string[] arguments)
    {
        var text = new StringWriter();
        Assert.Equal(2, Commands.Run(arguments, text));
        Assert.Contains("--seeds N", text.ToString(), StringComparison.Ordinal);
    }

    private static string Explain(int seed, PlantedBugs bug)
    {
        var text = new StringWriter();
        Commands.Replay(seed, bug, last: 80, text);
        return text.ToString();
    }

    /// <summary>Promises kept in fair weather say nothing.</summary>
    private static void AssertSomethingWentWrong(Tally tally)
    {
        Assert.All(
            new (string What, long Times)[]
            {
                (nameof(tally.Rung), tally.Rung), (nameof(tally.Retries), tally.Retries), (nameof(tally.Crashes), tally.Crashes),
                (nameof(tally.Freezes), tally.Freezes), (nameof(tally.Isolated), tally.Isolated), (nameof(tally.Takeovers), tally.Takeovers),
                (nameof(tally.StaleOwners), tally.StaleOwners), (nameof(tally.Duplicates), tally.Duplicates), (nameof(tally.Stops), tally.Stops),
                (nameof(tally.Unknown), tally.Unknown), (nameof(tally.UnknownRung), tally.UnknownRung),
                (nameof(tally.PortFailures), tally.PortFailures), (nameof(tally.Waits), tally.Waits),
            },
            count => Assert.True(count.Times >= 20, $"{count.What} happened {count.Times} times only"));
    }
}
