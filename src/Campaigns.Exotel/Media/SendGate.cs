using System.Threading.Tasks.Sources;

namespace Campaigns.Exotel.Media;

/// <summary>
/// Lets one sender in at a time, in the order of their calls. Waiters are kept and used again, so that waiting allocates nothing in the long run.
/// </summary>
internal sealed class SendGate
{
    private readonly Lock sync = new();
    private Waiter? first;
    private Waiter? last;
    private Waiter? spare;
    private bool taken;

    /// <summary>Waits for the turn; <see cref="Exit"/> must follow.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting: the turn was not taken.</exception>
    internal ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Waiter waiter;
        lock (sync)
        {
            if (!taken)
            {
                taken = true;
                return ValueTask.CompletedTask;
            }

            waiter = spare ?? new Waiter(this);
            spare = waiter.Next;
            Append(waiter);
        }

        return waiter.Arm(cancellationToken);
    }

    /// <summary>Ends the turn; the next one's begins.</summary>
    internal void Exit()
    {
        Waiter? next;
        lock (sync)
        {
            next = first;
            if (next is null)
            {
                taken = false;
                return;
            }

            Remove(next);
        }

        next.Grant();
    }

    // True: the waiter was still in the queue, and its turn will not come.
    private bool TryLeave(Waiter waiter)
    {
        lock (sync)
        {
            if (!waiter.Queued)
            {
                return false;
            }

            Remove(waiter);
            return true;
        }
    }

    private void Recycle(Waiter waiter)
    {
        lock (sync)
        {
            waiter.Next = spare;
            spare = waiter;
        }
    }

    private void Append(Waiter waiter)
    {
        waiter.Queued = true;
        waiter.Next = null;
        waiter.Previous = last;
        if (last is null)
        {
            first = waiter;
        }
        else
        {
            last.Next = waiter;
        }

        last = waiter;
    }

    private void Remove(Waiter waiter)
    {
        waiter.Queued = false;
        if (waiter.Previous is null)
        {
            first = waiter.Next;
        }
        else
        {
            waiter.Previous.Next = waiter.Next;
        }

        if (waiter.Next is null)
        {
            last = waiter.Previous;
        }
        else
        {
            waiter.Next.Previous = waiter.Previous;
        }

        waiter.Next = waiter.Previous = null;
    }

    private sealed class Waiter(SendGate gate) : IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
        private CancellationTokenRegistration cancellation;
        private CancellationToken token;

        internal Waiter? Next { get; set; }

        internal Waiter? Previous { get; set; }

        internal bool Queued { get; set; }

        internal ValueTask Arm(CancellationToken cancellationToken)
        {
            var task = new ValueTask(this, core.Version);
            token = cancellationToken;
            cancellation = cancellationToken.UnsafeRegister(static waiter => ((Waiter)waiter!).Cancel(), this);
            return task;
        }

        internal void Grant() => core.SetResult(true);

        public void GetResult(short version)
        {
            // Waits for a cancellation that is just looking at this waiter: afterwards it is nobody's.
            cancellation.Dispose();
            try
            {
                core.GetResult(version);
            }
            finally
            {
                core.Reset();
                cancellation = default;
                token = default;
                gate.Recycle(this);
            }
        }

        public ValueTaskSourceStatus GetStatus(short version) => core.GetStatus(version);

        public void OnCompleted(Action<object?> continuation, object? state, short version, ValueTaskSourceOnCompletedFlags flags)
            => core.OnCompleted(continuation, state, version, flags);

        private void Cancel()
        {
            if (gate.TryLeave(this))
            {
                core.SetException(new OperationCanceledException(token));
            }
        }
    }
}
