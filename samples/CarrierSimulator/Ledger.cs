namespace CarrierSimulator;

/// <summary>
/// Every connect request that passed validation, and what became of it. It is what tests judge by, so it records under one lock, in one
/// order, and its clock never runs backwards. Safe for use from any thread.
/// </summary>
public sealed class Ledger : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly LedgerFile? _file;
    private readonly List<LedgerEntry> _entries = [];
    private readonly Dictionary<string, int> _bySid = new(StringComparer.Ordinal);
    private readonly List<(Predicate<LedgerEntry> Wanted, TaskCompletionSource<LedgerEntry> Found)> _waiters = [];
    private DateTimeOffset _now = DateTimeOffset.MinValue;
    private long _lastEvent;
    private int _liveStreams;
    private bool _closed;

    internal Ledger(TimeProvider time, string? path)
    {
        _time = time;
        if (path is null)
        {
            return;
        }

        _file = LedgerFile.Open(path, out var entries);
        foreach (var entry in entries)
        {
            Put(entry);
            _lastEvent = Math.Max(_lastEvent, Math.Max(entry.PlacedEvent, entry.EndedEvent));
        }
    }

    /// <summary>All entries as they are now, in sequence.</summary>
    public IReadOnlyList<LedgerEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>Live calls that hold a stream: those placed in Voice AI mode.</summary>
    internal int LiveStreams
    {
        get
        {
            lock (_lock)
            {
                return _liveStreams;
            }
        }
    }

    /// <summary>What all entries add up to; use <see cref="LedgerSummary.Of"/> for a part of them.</summary>
    public LedgerSummary Summary() => LedgerSummary.Of(Entries);

    /// <summary>
    /// The first entry that satisfies the predicate, now or after a later change. The predicate runs under the ledger's lock.
    /// </summary>
    public Task<LedgerEntry> WhenAsync(Predicate<LedgerEntry> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        lock (_lock)
        {
            if (_entries.Find(wanted) is { } found)
            {
                return Task.FromResult(found);
            }

            var source = new TaskCompletionSource<LedgerEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((wanted, source));
            return source.Task.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _file?.Dispose();
        }
    }

    /// <summary>The ledger's clock: the time provider's, but never backwards.</summary>
    internal DateTimeOffset Now()
    {
        lock (_lock)
        {
            return Tick();
        }
    }

    internal LedgerEntry? Find(string callSid)
    {
        lock (_lock)
        {
            return _bySid.TryGetValue(callSid, out var index) ? _entries[index] : null;
        }
    }

    internal LedgerEntry Get(long sequence)
    {
        lock (_lock)
        {
            return _entries[(int)sequence - 1];
        }
    }

    /// <summary>Records a request that is decided at the very time it is recorded with; sequence, time and order are set here.</summary>
    internal LedgerEntry Add(Func<DateTimeOffset, LedgerEntry> decide)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var now = Tick();
            var entry = decide(now);
            return Commit(entry with { Sequence = _entries.Count + 1, ReceivedAt = now, PlacedEvent = entry.Placed ? ++_lastEvent : 0 });
        }
    }

    /// <summary>Changes an entry; a closed ledger stays as it is, as that of a killed process would.</summary>
    internal LedgerEntry Update(long sequence, Func<LedgerEntry, DateTimeOffset, LedgerEntry> change)
    {
        lock (_lock)
        {
            var before = _entries[(int)sequence - 1];
            if (_closed)
            {
                return before;
            }

            var entry = change(before, Tick());
            return Commit(before.Live && !entry.Live ? entry with { EndedEvent = ++_lastEvent } : entry);
        }
    }

    private LedgerEntry Commit(LedgerEntry entry)
    {
        _file?.Append(entry);
        Put(entry);
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Found.Task.IsCompleted || (_waiters[i].Wanted(entry) && _waiters[i].Found.TrySetResult(entry)))
            {
                _waiters.RemoveAt(i);
            }
        }

        return entry;
    }

    private void Put(LedgerEntry entry)
    {
        var index = (int)entry.Sequence - 1;
        if (index < _entries.Count)
        {
            _liveStreams -= HoldsStream(_entries[index]);
            _entries[index] = entry;
        }
        else if (index == _entries.Count)
        {
            _entries.Add(entry);
            if (entry.CallSid is not null)
            {
                _bySid.Add(entry.CallSid, index);
            }
        }
        else
        {
            throw new InvalidDataException($"The ledger file lacks entry {_entries.Count + 1}.");
        }

        _liveStreams += HoldsStream(entry);
    }

    private static int HoldsStream(LedgerEntry entry) => entry.Live && entry.StreamUrl is not null ? 1 : 0;

    private DateTimeOffset Tick()
    {
        var now = _time.GetUtcNow();
        return _now = now > _now ? now : _now;
    }
}
