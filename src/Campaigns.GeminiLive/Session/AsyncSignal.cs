using System.Threading.Tasks.Sources;

namespace Campaigns.GeminiLive.Session;

/// <summary>
/// Wakes one waiting loop; being set several times before it looks counts once. Any thread sets it. Costs no allocation: it is set for every
/// frame of audio.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource, IThreadPoolWorkItem
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> core;
    private bool set;
    private bool waiting;

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
            core.SetResult(true);
        }
    }

    /// <summary>Waits until set since the last wait. One loop at a time.</summary>
    internal ValueTask WaitAsync()
    {
        lock (gate)
        {
            if (set)
            {
                set = false;
                return ValueTask.CompletedTask;
            }

            core.Reset();
            waiting = true;
            return new ValueTask(this, core.Version);
        }
    }

    private bool TryWake()
    {
        lock (gate)
        {
            if (!waiting)
            {
                set = true;
                return false;
            }

            waiting = false;
            return true;
        }
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => core.SetResult(true);

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => core.OnCompleted(continuation, state, token, flags);
}
