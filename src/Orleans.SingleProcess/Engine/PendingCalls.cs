namespace Orleans.SingleProcess;

/// <summary>
/// The calls a node waits for, with one timer armed for the earliest deadline: exact time-outs without a timer for each call.
/// Calls are spread over stripes so that threads seldom meet at a lock.
/// </summary>
internal sealed class PendingCalls : IDisposable
{
    private const int Stripes = 16;
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];
    private readonly TimeProvider _time;
    private readonly bool _cancelOnTimeout;
    private readonly ITimer _timer;
    private readonly Lock _timerLock = new();
    private long _armedFor = long.MaxValue;

    internal PendingCalls(TimeProvider time, bool cancelOnTimeout)
    {
        (_time, _cancelOnTimeout) = (time, cancelOnTimeout);
        _timer = time.CreateTimer(static state => ((PendingCalls)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal void Add(CallRequest call, TimeSpan timeout)
    {
        call.Pending = this;
        call.Timeout = timeout;
        call.Deadline = _time.GetTimestamp() + (long)(timeout.TotalSeconds * _time.TimestampFrequency);
        call.Stripe = Environment.CurrentManagedThreadId & (Stripes - 1);
        var stripe = _stripes[call.Stripe];
        lock (stripe)
        {
            call.Next = stripe.First;
            if (stripe.First is { } first)
            {
                first.Previous = call;
            }

            stripe.First = call;
        }

        if (call.Deadline < Volatile.Read(ref _armedFor))
        {
            Arm(call.Deadline);
        }
    }

    internal void Remove(CallRequest call)
    {
        var stripe = _stripes[call.Stripe];
        lock (stripe)
        {
            if (call.Previous is { } previous)
            {
                previous.Next = call.Next;
            }
            else if (ReferenceEquals(stripe.First, call))
            {
                stripe.First = call.Next;
            }

            if (call.Next is { } next)
            {
                next.Previous = call.Previous;
            }

            (call.Previous, call.Next) = (null, null);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Arm(long deadline)
    {
        lock (_timerLock)
        {
            if (deadline < _armedFor)
            {
                _armedFor = deadline;
                var wait = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
                // Whole milliseconds, rounded up: a sweep before the deadline would find nothing and arm again.
                var milliseconds = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, uint.MaxValue - 1d);
                _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Sweep()
    {
        lock (_timerLock)
        {
            _armedFor = long.MaxValue;
        }

        var now = _time.GetTimestamp();
        var earliest = long.MaxValue;
        List<CallRequest>? late = null;
        foreach (var stripe in _stripes)
        {
            lock (stripe)
            {
                for (var call = stripe.First; call is not null; call = call.Next)
                {
                    if (call.Deadline <= now)
                    {
                        (late ??= []).Add(call);
                    }
                    else
                    {
                        earliest = Math.Min(earliest, call.Deadline);
                    }
                }
            }
        }

        if (earliest != long.MaxValue)
        {
            Arm(earliest);
        }

        // Oldest first: lists are newest first.
        for (var i = (late?.Count ?? 0) - 1; i >= 0; i--)
        {
            late![i].OnTimeout(_cancelOnTimeout);
        }
    }

    private sealed class Stripe
    {
        internal CallRequest? First { get; set; }
    }
}
