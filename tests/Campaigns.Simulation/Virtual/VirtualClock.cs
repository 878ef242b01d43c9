namespace Campaigns.Simulation.Virtual;

/// <summary>The clock of one process on the kernel's time. It may be wrong by a skew; waits are not affected by it.</summary>
internal sealed class VirtualClock(Kernel kernel, Process? owner) : TimeProvider
{
    /// <summary>When every run begins: a Monday, 11:30 in Kolkata.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 6, 0, 0, TimeSpan.Zero);

    /// <summary>By how much the process takes it to be later than it is.</summary>
    public TimeSpan Skew { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(kernel.Now) + Skew;

    public override long GetTimestamp() => kernel.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(kernel, owner, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

/// <summary>A timer on the kernel's time: never fires on another thread, nor inside the call that arms it.</summary>
internal sealed class VirtualTimer(Kernel kernel, Process? owner, TimerCallback callback, object? state) : ITimer
{
    private long _version;
    private TimeSpan _period;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_version < 0)
        {
            return false;
        }

        _version++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            kernel.At(kernel.Now + dueTime.Ticks, this, owner, null, _version);
        }

        return true;
    }

    public void Dispose() => _version = -1;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal bool IsCurrent(long version) => version == _version;

    internal void Fire(long version)
    {
        if (!IsCurrent(version))
        {
            return;
        }

        if (_period > TimeSpan.Zero)
        {
            kernel.At(kernel.Now + _period.Ticks, this, owner, null, _version);
        }

        callback(state);
    }
}
