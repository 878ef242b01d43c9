using Campaigns.Testing;

namespace Orleans.SingleProcess.Tests;

public sealed class TimerTests
{
    private readonly FakeClock _clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task Timer_Always_CountsThePeriodFromTheEndOfTheTick()
    {
        await using var cluster = await TestCluster.StartAsync(clock: _clock);
        var grain = cluster.Client.GetGrain<ITimerGrain>(1);
        await grain.Start(1, 2, false, false, "s");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await cluster.Board["s"].Arrived();
        _clock.Advance(TimeSpan.FromSeconds(10));
        cluster.Board["s"].Open();
        await cluster.Board["tick"].Arrived();
        await grain.Hold("s");
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await cluster.Board["tick"].Arrived();
        Assert.Equal(["tick 1", "tick 13"], cluster.Board.Events);
    }

    [Fact]
    public async Task Timer_WhileACallHolds_Waits()
    {
        await using var cluster = await TestCluster.StartAsync(clock: _clock);
        var grain = cluster.Client.GetGrain<ITimerGrain>(1);
        await grain.Start(1, 1, false, false, null);
        var holding = grain.Hold("s");
        await cluster.Board["s"].Arrived();
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(cluster.Board.Events);
        cluster.Board["s"].Open();
        await holding;
        await cluster.Board["tick"].Arrived();
        Assert.Equal(["tick 3"], cluster.Board.Events);
    }

    [Fact]
    public async Task Timer_ThatInterleaves_TicksWhileACallHolds()
    {
        await using var cluster = await TestCluster.StartAsync(clock: _clock);
        var grain = cluster.Client.GetGrain<ITimerGrain>(1);
        await grain.Start(1, 1, false, true, null);
        var holding = grain.Hold("s");
        await cluster.Board["s"].Arrived();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await cluster.Board["tick"].Arrived();
        cluster.Board["s"].Open();
        await holding;
    }

    [Fact]
    public async Task Timer_WhenATickFails_TicksAgain()
    {
        await using var cluster = await TestCluster.StartAsync(clock: _clock);
        var grain = cluster.Client.GetGrain<ITimerGrain>(13);
        await grain.Start(1, 1, false, false, null);
        await Tick(cluster, grain, 1);
        await Tick(cluster, grain, 1);
        Assert.Equal(["tick 1", "tick 2"], cluster.Board.Events);
    }

    [Fact]
    public async Task Change_BetweenTicks_SetsTheNextTickAndThePeriod()
    {
        await using var cluster = await TestCluster.StartAsync(clock: _clock);
        var grain = cluster.Client.GetGrain<ITimerGrain>(1);
        await grain.Start(100, 100, false, false, null);
        await grain.Change(2, 3);
        await Tick(cluster, grain, 2);
        await Tick(cluster, grain, 3);
        await grain.Stop();
        _clock.Advance(TimeSpan.FromSeconds(200));
        await grain.Stop();
        Assert.Equal(["tick 2", "tick 5"], cluster.Board.Events);
    }

    [Fact]
    public async Task Timer_OfADeactivatedGrain_IsSilent()
    {
        await using var cluster = await TestCluster.StartAsync(clock: _clock);
        var grain = cluster.Client.GetGrain<ITimerGrain>(1);
        await grain.Start(1, 1, false, false, null);
        await cluster.Engine.DeactivateAsync(grain);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, cluster.Engine.ActivationCount);
        Assert.Empty(cluster.Board.Events);
    }

    [Fact]
    public async Task Timer_OfAKilledGrain_IsSilent()
    {
        await using var cluster = await TestCluster.StartAsync(clock: _clock);
        var grain = cluster.Client.GetGrain<ITimerGrain>(1);
        await grain.Start(1, 1, false, false, null);
        Assert.True(cluster.Engine.Kill(grain));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(cluster.Board.Events);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task KeepAlive_WhenOnlyTheTimerRuns_DecidesOverCollection(bool keepAlive, int left)
    {
        var turns = new SeededScheduler(1);
        await using var cluster = await TestCluster.StartAsync(clock: _clock, engine: o => o.Scheduler = turns);
        var started = cluster.Client.GetGrain<ITimerGrain>(1).Start(240, 240, keepAlive, false, null);
        turns.RunAll();
        Assert.True(started.IsCompletedSuccessfully);
        for (var minute = 1; minute <= 12; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            turns.RunAll();
        }

        Assert.Equal(left, cluster.Engine.ActivationCount);
        Assert.Equal(keepAlive ? ["tick 240", "tick 480", "tick 720"] : ["tick 240", "tick 480"], cluster.Board.Events);
    }

    private async Task Tick(TestCluster cluster, ITimerGrain grain, double seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        await cluster.Board["tick"].Arrived();
        // A call waits for the tick to have ended, so that the next one is armed.
        var signal = Guid.NewGuid().ToString();
        cluster.Board[signal].Open();
        await grain.Hold(signal);
    }
}
