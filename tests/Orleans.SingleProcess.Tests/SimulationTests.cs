using Campaigns.Testing;

namespace Orleans.SingleProcess.Tests;

public sealed class SimulationTests
{
    [Fact]
    public async Task Run_WithTheSameSeed_ReplaysTheSameInterleaving()
    {
        var first = await SimulateAsync(42);
        var again = await SimulateAsync(42);
        Assert.Equal(first.Trace, again.Trace);
        Assert.Equal(first.Events, again.Events);
        Assert.NotEmpty(first.Events);
    }

    [Fact]
    public async Task Run_WithOtherSeeds_FindsOtherInterleavings()
    {
        HashSet<string> seen = [];
        for (var seed = 0; seed < 20; seed++)
        {
            seen.Add(string.Join('|', (await SimulateAsync(seed)).Events));
        }

        Assert.InRange(seen.Count, 15, 20);
    }

    [Fact]
    public async Task Run_WhenNothingCanHappen_SaysSo()
    {
        var scheduler = new SeededScheduler(1);
        await using var cluster = await TestCluster.StartAsync(engine: o => o.Scheduler = scheduler);
        var stuck = Assert.Throws<InvalidOperationException>(() => scheduler.Run(() => cluster.Work("a").Hold("never")));
        Assert.Contains("Seed 1", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hooks_AtEveryTurn_MayKillTheActivationOrItsSilo()
    {
        // A crash at each turn of one increment in turn: whatever it hits, a repeated call finds a count that is either saved or not.
        var crashes = 0;
        for (var crashAt = 0; crashAt < 12; crashAt++)
        {
            foreach (var fate in new[] { TurnFate.KillActivation, TurnFate.KillSilo })
            {
                var scheduler = new SeededScheduler(crashAt);
                var clock = new FakeClock();
                var hooks = new CrashAt(crashAt, fate);
                await using var cluster = await TestCluster.StartAsync(3, clock, o => (o.Scheduler, o.Hooks) = (scheduler, hooks));
                var grain = cluster.Client.GetGrain<ICounterGrain>(Guid.Empty);
                scheduler.Run(
                    async () =>
                    {
                        // One crash: at most one of the two calls meets it.
                        var written = await OrLost(grain.Increment());
                        var read = await OrLost(grain.Get()) ?? await grain.Get();
                        Assert.InRange(read, written ?? 0, 1);
                        crashes += (written is null ? 1 : 0);
                    },
                    () => TestCluster.PassToNext(clock));
            }
        }

        Assert.InRange(crashes, 6, 23);
    }

    private static async Task<int?> OrLost(Task<int> call)
    {
        try
        {
            return await call;
        }
        catch (Runtime.SiloUnavailableException)
        {
            return null;
        }
    }

    private static async Task<(IReadOnlyList<string> Trace, string[] Events)> SimulateAsync(int seed)
    {
        var scheduler = new SeededScheduler(seed);
        var clock = new FakeClock();
        await using var cluster = await TestCluster.StartAsync(3, clock, o => o.Scheduler = scheduler);
        scheduler.Run(
            () => Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            {
                await cluster.Work($"{i % 4}").Add(1);
                cluster.Board.Say($"{i} first at {clock.GetTimestamp()}");
                await Task.Delay(TimeSpan.FromSeconds(i % 3), clock);
                await cluster.Client.GetGrain<ITimerGrain>(i % 2).Start(1, 1, false, false, null);
                await cluster.Client.GetGrain<ICounterGrain>(Guid.Empty).Increment();
                cluster.Board.Say($"{i} second at {clock.GetTimestamp()}");
            })),
            () => TestCluster.PassToNext(clock));
        return (scheduler.Trace, [.. cluster.Board.Events]);
    }

    private sealed class CrashAt(int turn, TurnFate fate) : IEngineHooks
    {
        private int _seen;

        public TurnFate BeforeTurn(Turn next) => _seen++ == turn ? fate : TurnFate.Run;
    }
}
