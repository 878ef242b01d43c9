using System.Threading.Tasks.Sources;

namespace Campaigns.GeminiLive.Session;

/// <summary>
/// Wakes one waiting loop; being set several times before it looks counts once. Any thread sets it.
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

    /// <summary>Wakes the loop, now or when it waits next, on another thread.</summary>
    internal void Set()
    {
        if (TryWake())
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>
    /// As <see cref="Set"/>, but a waiting loop runs on this thread until it waits again. For a caller that holds no lock: to wake another thread
    /// costs more than to send a frame.
    /// </summary>
    internal void Run()
    {
        if (TryWake())
        {
            Continue();
        }
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
    void IThreadPoolWorkItem.Execute() => Continue();

    // Whether the loop waits and is to be continued by the caller.
    private bool TryWake()
    {
        lock (gate)
        {
            if (state != State.Waiting)
            {
                setAgain = true;
                return false;
            }

            state = State.Signalled;
            return continuation is not null;
        }
    }

    private void Continue()
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
