namespace LiveModelSimulator;

/// <summary>The one thing a turn waits for next. Callbacks come under the session's lock, and never after <see cref="Dispose"/>.</summary>
internal sealed class TurnTimer : IDisposable
{
    /// <summary>System timers may be early by their resolution.</summary>
    private static readonly TimeSpan s_resolution = TimeSpan.FromMilliseconds(2);

    private readonly TimeProvider _time;
    private readonly Lock _gate;
    private readonly long _origin;
    private readonly ITimer _timer;
    private TimeSpan _due;
    private bool _disposed;
    private Action? _next;

    public TurnTimer(TimeProvider time, Lock gate)
    {
        _time = time;
        _gate = gate;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Time since the turn was made.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Replaces what was armed. Without a wait it happens at once.</summary>
    public void Arm(TimeSpan delay, Action next)
    {
        if (_disposed)
        {
            return;
        }

        if (delay <= TimeSpan.Zero)
        {
            _next = null;
            next();
            return;
        }

        _next = next;
        _due = Now + delay;
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _disposed = true;
        _next = null;
        _timer.Dispose();
    }

    private void Fire()
    {
        lock (_gate)
        {
            // A callback of an earlier wait may have been on its way when this one was armed.
            if (_next is { } next)
            {
                if (_due - Now is var rest && rest > s_resolution)
                {
                    _timer.Change(rest, Timeout.InfiniteTimeSpan);
                    return;
                }

                _next = null;
                next();
            }
        }
    }
}
