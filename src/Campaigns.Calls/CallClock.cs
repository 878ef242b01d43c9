namespace Campaigns.Calls;

/// <summary>
/// One timer for all calls of a process. It runs only while there are calls; a call that has nothing due costs a comparison. A step that takes
/// longer than the timer's period makes the next one late, never two at once.
/// </summary>
public sealed class CallClock : IDisposable
{
    private readonly TimeProvider time;
    private readonly TimeSpan granularity;
    private readonly Action<Exception> failed;
    private readonly ITimer timer;
    private readonly long origin;
    private readonly Lock gate = new();
    private volatile IClocked[] calls = [];
    private int ticking;

    internal CallClock(TimeProvider time, TimeSpan granularity, Action<Exception> failed)
    {
        this.time = time;
        this.granularity = granularity;
        this.failed = failed;
        origin = time.GetTimestamp();
        // The timer outlives every call: it must not hold on to the context of the first.
        using (ExecutionContext.SuppressFlow())
        {
            timer = time.CreateTimer(static state => ((CallClock)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Time since the clock was made; never goes back.</summary>
    internal TimeSpan Now => time.GetElapsedTime(origin);

    internal int Count => calls.Length;

    internal void Add(IClocked call)
    {
        lock (gate)
        {
            calls = [.. calls, call];
            if (calls.Length == 1)
            {
                timer.Change(granularity, granularity);
            }
        }
    }

    internal void Remove(IClocked call)
    {
        lock (gate)
        {
            var before = calls.Length;
            calls = [.. calls.Where(other => !ReferenceEquals(other, call))];
            if (before > 0 && calls.Length == 0)
            {
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    internal void Tick()
    {
        if (Interlocked.Exchange(ref ticking, 1) != 0)
        {
            return;
        }

        try
        {
            var now = Now;
            foreach (var call in calls)
            {
                if (call.DueTicks > now.Ticks)
                {
                    continue;
                }

                try
                {
                    call.OnDue();
                }
                catch (Exception error) when (error is not OutOfMemoryException)
                {
                    failed(error);
                }
            }
        }
        finally
        {
            Volatile.Write(ref ticking, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();
}

/// <summary>What the <see cref="CallClock"/> drives.</summary>
internal interface IClocked
{
    /// <summary>When it wants to be called next, in ticks of <see cref="CallClock.Now"/>. Read at every step, from the timer's thread.</summary>
    long DueTicks { get; }

    /// <summary>Called on the timer's thread: must not wait.</summary>
    void OnDue();
}
