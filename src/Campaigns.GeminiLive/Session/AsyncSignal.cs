using System.Threading.Tasks.Sources;

namespace Campaigns.GeminiLive.Session;

/// <summary>
/// Wakes one waiting loop; being set several times before it looks counts once. Any thread sets it, without running the loop on itself.
/// Costs no allocation: it is set for every frame of audio.
/// </summary>
/// <remarks>
/// Written out instead of built on <see cref="ManualResetValueTaskSourceCore{TResult}"/>: a loop that finds that one completed, and resets it for
/// its next wait, races with the thread that is still completing it.
/// </remarks>
internal sealed class AsyncSignal : IValueTaskSource, IThreadPoolWorkItem
{
    private readonly Lock gate = new();
    private State state;
    private bool setAgain;
    private Action<object?>? continuation;
    private object? argument;

    private enum State
    {
        Idle,
        Waiting,
        Signalled,
    }

    /// <summary>Wakes the loop, now or when it waits next.</summary>
    internal void Set()
    {
        lock (gate)
        {
            if (state != State.Waiting)
            {
                setAgain = true;
                return;
            }

            state = State.Signalled;
            if (continuation is null)
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Waits until set since the last wait. One loop at a time.</summary>
    internal ValueTask WaitAsync()
    {
        lock (gate)
        {
            if (setAgain)
            {
                setAgain = false;
                return ValueTask.CompletedTask;
            }

            state = State.Waiting;
            return new ValueTask(this, token: 0);
        }
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        // Nobody else touches these: the loop goes on only from here.
        var next = continuation!;
        var with = argument;
        continuation = null;
        argument = null;
        next(with);
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token)
    {
        lock (gate)
        {
            state = State.Idle;
        }
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token)
    {
        lock (gate)
        {
            return state == State.Signalled ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
        }
    }

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        lock (gate)
        {
            this.continuation = continuation;
            argument = state;
            if (this.state != State.Signalled)
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
