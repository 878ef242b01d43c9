namespace CarrierSimulator;

/// <summary>One timer for all conversations. It runs while there are any, and moves each on every 20 ms.</summary>
internal sealed class MediaLoop(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly List<MediaCall> _calls = [];
    private MediaCall[] _snapshot = [];
    private ITimer? _timer;
    private bool _disposed;
    private int _ticking;

    public void Add(MediaCall call)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _calls.Add(call);
            _snapshot = [.. _calls];
            _timer ??= time.CreateTimer(static loop => ((MediaLoop)loop!).Tick(), this, s_tick, s_tick);
        }
    }

    public void Remove(MediaCall call)
    {
        lock (_lock)
        {
            _calls.Remove(call);
            _snapshot = [.. _calls];
            if (_calls.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Tick()
    {
        // A tick that comes while the one before still runs is left out: the next one catches up.
        if (Interlocked.Exchange(ref _ticking, 1) == 1)
        {
            return;
        }

        try
        {
            foreach (var call in Volatile.Read(ref _snapshot))
            {
                call.Tick();
            }
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }
}
