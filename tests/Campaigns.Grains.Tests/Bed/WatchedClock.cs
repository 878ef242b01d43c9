using System.Collections.Concurrent;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests.Bed;

/// <summary>
/// The fake clock as hosts see it. It tells the tape of every timer that is armed, and knows the timers of driving grains apart from all
/// others: only they are set again by exactly the tick period.
/// </summary>
internal sealed class WatchedClock(FakeClock clock, TimeSpan tick) : TimeProvider
{
    private readonly ConcurrentDictionary<WatchedTimer, bool> _ticking = new();

    public Action Armed { get; set; } = () => { };

    /// <summary>How many driving grains wait for a tick that lies ahead.</summary>
    public int WaitingTicks
    {
        get
        {
            var now = clock.GetUtcNow();
            return _ticking.Keys.Count(t => t.Due > now);
        }
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this, callback);
        timer.Inner = clock.CreateTimer(timer.Fire, state, dueTime, period);
        Armed();
        return timer;
    }

    private sealed class WatchedTimer(WatchedClock owner, TimerCallback callback) : ITimer
    {
        private readonly Lock _lock = new();

        internal ITimer? Inner { get; set; }

        internal DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_lock)
            {
                if (dueTime == owner.TickPeriod)
                {
                    Due = owner.GetUtcNow() + dueTime;
                    owner._ticking[this] = true;
                }

                if (!Inner!.Change(dueTime, period))
                {
                    return false;
                }
            }

            owner.Armed();
            return true;
        }

        public void Dispose()
        {
            owner._ticking.TryRemove(this, out _);
            Inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire(object? state)
        {
            Due = null;
            callback(state);
        }
    }

    private TimeSpan TickPeriod { get; } = tick;
}
