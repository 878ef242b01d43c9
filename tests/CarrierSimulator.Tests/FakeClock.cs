namespace CarrierSimulator.Tests;

/// <summary>A clock that a test moves; timers fire on the moving thread, in the order they fall due, each at its own time.</summary>
internal sealed class FakeClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _armed = [];
    private readonly List<(Func<bool> Holds, TaskCompletionSource Reached)> _waiters = [];
    private DateTimeOffset _now = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (NextUntil(until) is { } timer)
        {
            timer.Fire();
        }

        lock (_lock)
        {
            _now = until;
        }
    }

    /// <summary>Ends when at least so many timers are armed.</summary>
    public Task WhenArmedAsync(int count) => WhenAsync(() => _armed.Count >= count);

    /// <summary>Ends when a timer is armed for such a time from now.</summary>
    public Task WhenArmedAsync(Predicate<TimeSpan> wanted) => WhenAsync(() => _armed.Exists(t => wanted(t.Due - _now)));

    private Task WhenAsync(Func<bool> holds)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((holds, reached));
            Tell();
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private void Tell()
    {
        foreach (var (_, reached) in _waiters.Where(w => w.Holds()))
        {
            reached.TrySetResult();
        }
    }

    private FakeTimer? NextUntil(DateTimeOffset until)
    {
        lock (_lock)
        {
            var timer = _armed.Where(t => t.Due <= until).MinBy(t => t.Due);
            if (timer is not null)
            {
                _now = timer.Due > _now ? timer.Due : _now;
                _armed.Remove(timer);
            }

            return timer;
        }
    }

    private void Arm(FakeTimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _armed.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.Due = _now + dueTime;
            _armed.Add(timer);
            Tell();
        }
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan)
            {
                throw new NotSupportedException("Nothing here uses periodic timers.");
            }

            clock.Arm(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Arm(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
