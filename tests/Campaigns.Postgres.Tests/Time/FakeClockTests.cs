using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Time;

public sealed class FakeClockTests
{
    private readonly FakeClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(5.5)));

    [Fact]
    public void GetUtcNow_WhenAdvanced_MovesTogetherWithTheTimestamp()
    {
        var before = _clock.GetTimestamp();

        _clock.Advance(TimeSpan.FromMilliseconds(1500));

        Assert.Equal(new DateTimeOffset(2026, 3, 1, 6, 30, 1, 500, TimeSpan.Zero), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromMilliseconds(1500), _clock.GetElapsedTime(before));
        Assert.Equal(TimeSpan.Zero, _clock.GetUtcNow().Offset);
    }

    [Fact]
    public void Advance_WhenSeveralTimersFallDue_FiresThemInOrderEachAtItsOwnTime()
    {
        var start = _clock.GetUtcNow();
        var fired = new List<(string Name, TimeSpan At)>();
        ITimer Arm(string name, int due, int period) => _clock.CreateTimer(
            _ => fired.Add((name, _clock.GetUtcNow() - start)), null, TimeSpan.FromSeconds(due), period > 0 ? TimeSpan.FromSeconds(period) : Timeout.InfiniteTimeSpan);
        using var late = Arm("late", 5, 0);
        using var periodic = Arm("periodic", 2, 2);
        using var early = Arm("early", 1, 0);
        using var alsoAtTwo = Arm("alsoAtTwo", 2, 0);
        using var never = Arm("never", 7, 0);

        _clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(
            [
                ("early", TimeSpan.FromSeconds(1)), ("periodic", TimeSpan.FromSeconds(2)), ("alsoAtTwo", TimeSpan.FromSeconds(2)),
                ("periodic", TimeSpan.FromSeconds(4)), ("late", TimeSpan.FromSeconds(5)), ("periodic", TimeSpan.FromSeconds(6)),
            ],
            fired);
        Assert.Equal(start + TimeSpan.FromSeconds(6), _clock.GetUtcNow());
        Assert.Equal(start + TimeSpan.FromSeconds(7), _clock.NextDue);
    }

    [Fact]
    public void Advance_WhenACallbackArmsATimerWithinTheStep_FiresThatTooAtItsTime()
    {
        var start = _clock.GetUtcNow();
        var fired = new List<TimeSpan>();
        ITimer? second = null;
        using var first = _clock.CreateTimer(
            _ => second = _clock.CreateTimer(_ => fired.Add(_clock.GetUtcNow() - start), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan),
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([TimeSpan.FromSeconds(2)], fired);
        second!.Dispose();
    }

    [Fact]
    public void Change_WhenRearmedStoppedOrDisposed_FollowsTheLastWord()
    {
        var count = 0;
        var timer = _clock.CreateTimer(_ => count++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        Assert.True(timer.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, count);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, count);

        timer.Change(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromSeconds(5));
        timer.Dispose();

        Assert.Equal(1, count);
        Assert.False(timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan));
        Assert.Null(_clock.NextDue);
    }

    [Fact]
    public async Task CreateTimer_WhenDueAtOnce_FiresWithoutAdvance()
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = _clock.CreateTimer(_ => fired.TrySetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Null(_clock.NextDue);
    }

    [Fact]
    public async Task TaskDelay_WhenItsTimeComes_CompletesAndNotATickEarlier()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), _clock);
        _clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.False(delay.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task CancellationTokenSource_WhenItsTimeComes_Cancels()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5), _clock);
        var wait = Task.Delay(Timeout.InfiniteTimeSpan, _clock, source.Token);

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True(source.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task PeriodicTimer_WhenAdvancedTickByTick_TicksEachTime()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _clock);
        for (var tick = 0; tick < 3; tick++)
        {
            var next = timer.WaitForNextTickAsync().AsTask();
            Assert.False(next.IsCompleted);
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
        }
    }

    [Fact]
    public async Task WhenArmedAsync_WhenALoopWaitsOnAnotherThread_DrivesItWithoutSleep()
    {
        var laps = 0;
        var loop = Task.Run(async () =>
        {
            for (; laps < 100; laps++)
            {
                await Task.Yield();
                await Task.Delay(TimeSpan.FromSeconds(1), _clock);
            }
        });

        for (var lap = 0; lap < 100; lap++)
        {
            await _clock.WhenArmedAsync();
            Assert.Equal(TimeSpan.FromSeconds(1), _clock.AdvanceToNext());
        }

        await loop.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(100, laps);
        Assert.Equal(100, _clock.Arms);
    }

    [Fact]
    public async Task WhenArmedForAsync_WhenOtherTimersAreArmed_WaitsForTheOneMeant()
    {
        using var other = _clock.CreateTimer(_ => { }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        var meant = _clock.WhenArmedForAsync(TimeSpan.FromSeconds(3));
        Assert.False(meant.IsCompleted);

        var delay = Task.Delay(TimeSpan.FromSeconds(3), _clock);

        await meant;
        _clock.AdvanceToNext();
        await delay.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task WhenArmedAsync_WhenPatienceEnds_SaysWhatWasExpectedAndWhatIsArmed()
    {
        using var other = _clock.CreateTimer(_ => { }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => _clock.WhenArmedAsync(2, TimeSpan.FromMilliseconds(1)));

        Assert.Contains("2 armed timers", error.Message, StringComparison.Ordinal);
        Assert.Contains("Due = ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advance_WhenManyThreadsArmAndAdvance_FiresEveryTimerOnce()
    {
        var fired = 0;
        var timers = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            var mine = new List<ITimer>();
            for (var index = 0; index < 200; index++)
            {
                mine.Add(_clock.CreateTimer(
                    _ => Interlocked.Increment(ref fired), null, TimeSpan.FromMilliseconds(1 + ((thread + index) % 7)), Timeout.InfiniteTimeSpan));
                _clock.Advance(TimeSpan.FromMilliseconds(1));
            }

            return mine;
        })));

        _clock.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(8 * 200, fired);
        Assert.Null(_clock.NextDue);
        timers.SelectMany(list => list).ToList().ForEach(timer => timer.Dispose());
    }
}
