namespace LiveModelSimulator;

/// <summary>
/// Every connection and every generateContent request. It is what tests judge by, so it records under one lock, in one order, and its
/// clock never runs backwards. Safe for use from any thread.
/// </summary>
public sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly List<SessionEntry> _sessions = [];
    private readonly List<ExtractionEntry> _extractions = [];
    private readonly List<Waiter<SessionEntry>> _sessionWaiters = [];
    private readonly List<Waiter<ExtractionEntry>> _extractionWaiters = [];
    private DateTimeOffset _now = DateTimeOffset.MinValue;
    private int _live;

    internal Ledger(TimeProvider time) => _time = time;

    /// <summary>All connections as they are now, in sequence.</summary>
    public IReadOnlyList<SessionEntry> Sessions
    {
        get
        {
            lock (_lock)
            {
                return [.. _sessions];
            }
        }
    }

    /// <summary>All generateContent requests that were answered, in sequence.</summary>
    public IReadOnlyList<ExtractionEntry> Extractions
    {
        get
        {
            lock (_lock)
            {
                return [.. _extractions];
            }
        }
    }

    /// <summary>Most connections that were open at once.</summary>
    public int PeakSessions { get; private set; }

    /// <summary>Connections that are open now.</summary>
    public int LiveSessions
    {
        get
        {
            lock (_lock)
            {
                return _live;
            }
        }
    }

    /// <summary>
    /// The first connection that satisfies the predicate, now or after a later change. The predicate runs under the ledger's lock.
    /// </summary>
    public Task<SessionEntry> WhenAsync(Predicate<SessionEntry> wanted, CancellationToken cancellationToken = default) =>
        WhenAsync(_sessions, _sessionWaiters, wanted, cancellationToken);

    /// <summary>The first generateContent request that satisfies the predicate, now or later.</summary>
    public Task<ExtractionEntry> WhenExtractedAsync(
        Predicate<ExtractionEntry> wanted, CancellationToken cancellationToken = default) =>
        WhenAsync(_extractions, _extractionWaiters, wanted, cancellationToken);

    internal DateTimeOffset Now()
    {
        lock (_lock)
        {
            return Tick();
        }
    }

    internal SessionEntry Open(Func<long, DateTimeOffset, SessionEntry> entry)
    {
        lock (_lock)
        {
            var added = entry(_sessions.Count + 1, Tick());
            _sessions.Add(added);
            _live += added.Live ? 1 : 0;
            PeakSessions = Math.Max(PeakSessions, _live);
            Tell(_sessionWaiters, added);
            return added;
        }
    }

    internal void Update(long sequence, Func<SessionEntry, DateTimeOffset, SessionEntry> change)
    {
        lock (_lock)
        {
            var before = _sessions[(int)sequence - 1];
            var after = _sessions[(int)sequence - 1] = change(before, Tick());
            _live += (after.Live ? 1 : 0) - (before.Live ? 1 : 0);
            Tell(_sessionWaiters, after);
        }
    }

    internal void Add(Func<long, DateTimeOffset, ExtractionEntry> entry)
    {
        lock (_lock)
        {
            var added = entry(_extractions.Count + 1, Tick());
            _extractions.Add(added);
            Tell(_extractionWaiters, added);
        }
    }

    private static void Tell<T>(List<Waiter<T>> waiters, T entry) =>
        waiters.RemoveAll(w => w.Found.Task.IsCompleted || (w.Wanted(entry) && w.Found.TrySetResult(entry)));

    private Task<T> WhenAsync<T>(List<T> entries, List<Waiter<T>> waiters, Predicate<T> wanted, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(wanted);
        lock (_lock)
        {
            if (entries.Find(wanted) is { } found)
            {
                return Task.FromResult(found);
            }

            var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add(new Waiter<T>(wanted, source));
            return source.Task.WaitAsync(cancellationToken);
        }
    }

    private DateTimeOffset Tick()
    {
        var now = _time.GetUtcNow();
        return _now = now > _now ? now : _now;
    }

    private sealed record Waiter<T>(Predicate<T> Wanted, TaskCompletionSource<T> Found);
}
