using System.Threading.Tasks.Sources;

namespace Campaigns.GeminiLive.Session;

/// <summary>
/// Wakes one waiting loop; being set several times before it looks counts once. Any thread sets it, without running the loop on itself. Costs
/// no allocation: it is set for every frame of audio.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource, IThreadPoolWorkItem
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> core;
    private bool set;
    private bool waiting;

    /// <summary>Wakes the loop, now or when it waits next.</summary>
    internal void Set()
    {
        lock (gate)
        {
            if (!waiting)
            {
                set = true;
                return;
            }

            waiting = false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
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
