namespace Campaigns.Testing;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire on the thread that calls <see cref="Advance"/>, in the order of their due
/// times, each while the clock shows exactly its due time. A timer armed for now fires at once, on the thread pool, as a real one would.
/// Works beneath Task.Delay, CancellationTokenSource and PeriodicTimer. Safe to use from many threads; one advances at a time.
/// </summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock _advancing = new();
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _armed = [];
    private readonly List<ArmedWait> _waits = [];
    private readonly DateTimeOffset _start;
    private DateTimeOffset _now;
    private long _arms;

    /// <summary>Starts at 2026-01-05 (a Monday) 06:00 UTC.</summary>
    public FakeClock()
        : this(new DateTimeOffset(2026, 1, 5, 6, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Starts at the given moment.</summary>
    public FakeClock(DateTimeOffset start)
    {
        _start = start.ToUniversalTime();
        _now = _start;
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer is due; <see langword="null"/> when none is armed.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
            {
                return Earliest()?.Due;
            }
        }
    }

    /// <summary>The timers that are armed now, the next due first.</summary>
    public IReadOnlyList<ArmedTimer> Armed
    {
        get
        {
            lock (_gate)
            {
                return Snapshot();
            }
        }
    }

    /// <summary>How often a timer was armed since the start; firing again by its period does not count.</summary>
    public long Arms
    {
        get
        {
            lock (_gate)
            {
                return _arms;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => (GetUtcNow() - _start).Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, firing what falls due on the way, the end included. Zero fires what is due now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public void Advance(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.Zero);
        lock (_advancing)
        {
            AdvanceTo(GetUtcNow() + step);
        }
    }

    /// <summary>Moves the clock to a moment, firing what falls due on the way. Nothing happens if the moment has passed.</summary>
    public void AdvanceTo(DateTimeOffset moment)
    {
        lock (_advancing)
        {
            while (TakeDue(moment) is { } timer)
            {
                timer.Fire();
            }

            lock (_gate)
            {
                _now = moment > _now ? moment : _now;
            }
        }
    }

    /// <summary>Moves the clock to the next due time and fires what is due then.</summary>
    /// <returns>How far the clock moved.</returns>
    /// <exception cref="InvalidOperationException">No timer is armed.</exception>
    public TimeSpan AdvanceToNext()
    {
        lock (_advancing)
        {
            var before = GetUtcNow();
            AdvanceTo(NextDue ?? throw new InvalidOperationException("No timer is armed."));
            return GetUtcNow() - before;
        }
    }

    /// <summary>Completes when at least this many timers are armed at once.</summary>
    /// <param name="count">How many.</param>
    /// <param name="patience">Real time after which it fails with a <see cref="TimeoutException"/> that lists what is armed. Default 30 s.</param>
    public Task WhenArmedAsync(int count = 1, TimeSpan? patience = null) =>
        WhenArmedAsync(armed => armed.Count >= count, $"{count} armed timers", patience);

    /// <summary>Completes when a timer is armed that is due after exactly this much time from now (the clock's now at the moment it is looked at).</summary>
    /// <param name="due">Time from now to the due time.</param>
    /// <param name="patience">Real time after which it fails. Default 30 s.</param>
    public Task WhenArmedForAsync(TimeSpan due, TimeSpan? patience = null) =>
        WhenArmedAsync(armed => armed.Any(timer => timer.Due - GetUtcNow() == due), $"a timer due in {due}", patience);

    /// <summary>Completes when the armed timers, the next due first, satisfy the predicate. It is asked now and whenever one is armed.</summary>
    /// <param name="predicate">Runs under the clock's lock: it must only look.</param>
    /// <param name="expected">What is waited for, for the message of the time-out.</param>
    /// <param name="patience">Real time after which it fails. Default 30 s.</param>
    public async Task WhenArmedAsync(Func<IReadOnlyList<ArmedTimer>, bool> predicate, string expected = "the predicate", TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var wait = new ArmedWait(predicate);
        lock (_gate)
        {
            if (predicate(Snapshot()))
            {
                return;
            }

            _waits.Add(wait);
        }

        try
        {
            await wait.Reached.Task.WaitAsync(patience ?? TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(
                $"The clock stands at {GetUtcNow():O} and waits for {expected}; armed are: {string.Join("; ", Armed)}.", exception);
        }
        finally
        {
            lock (_gate)
            {
                _waits.Remove(wait);
            }
        }
    }

    internal void Arm(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        DateTimeOffset due;
        lock (_gate)
        {
            _armed.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.Due = due = _now + dueTime;
            timer.Period = period > TimeSpan.Zero ? period : null;
            timer.Order = ++_arms;
            _armed.Add(timer);
            foreach (var wait in _waits.Where(wait => wait.Predicate(Snapshot())))
            {
                wait.Reached.TrySetResult();
            }
        }

        if (dueTime == TimeSpan.Zero)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => AdvanceTo(due), state: null);
        }
    }

    internal void Disarm(FakeTimer timer)
    {
        lock (_gate)
        {
            _armed.Remove(timer);
        }
    }

    private FakeTimer? TakeDue(DateTimeOffset limit)
    {
        lock (_gate)
        {
            if (Earliest() is not { } timer || timer.Due > limit)
            {
                return null;
            }

            _now = timer.Due > _now ? timer.Due : _now;
            if (timer.Period is { } period)
            {
                timer.Due += period;
            }
            else
            {
                _armed.Remove(timer);
            }

            return timer;
        }
    }

    private FakeTimer? Earliest() => _armed.Count == 0 ? null : _armed.MinBy(timer => (timer.Due, timer.Order));

    private List<ArmedTimer> Snapshot() =>
        [.. _armed.OrderBy(timer => (timer.Due, timer.Order)).Select(timer => new ArmedTimer(timer.Due, timer.Period))];

    private sealed record ArmedWait(Func<IReadOnlyList<ArmedTimer>, bool> Predicate)
    {
        internal TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>A timer that waits on a <see cref="FakeClock"/>.</summary>
/// <param name="Due">When it fires next.</param>
/// <param name="Period">Time from one firing to the next; <see langword="null"/> when it fires once.</param>
public readonly record struct ArmedTimer(DateTimeOffset Due, TimeSpan? Period);
