using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.SingleProcess;

/// <summary>One thing an activation is asked to do under its reentrancy rules: a call or a timer's tick.</summary>
internal abstract class Request
{
    /// <summary>The next one in the activation's queue.</summary>
    internal Request? NextWaiting { get; set; }

    internal abstract string Name { get; }

    internal abstract TurnKind Kind { get; }

    internal virtual bool AlwaysInterleave => false;

    internal virtual bool ReadOnly => false;

    /// <summary>Whether it counts as use of the activation.</summary>
    internal virtual bool KeepsAlive => true;

    /// <summary>Whether it means this activation only, not the grain.</summary>
    internal virtual bool LocalOnly => false;

    /// <summary>True when nobody waits for it any more.</summary>
    internal virtual bool IsOver => false;

    internal Activation? Target { get; private set; }

    internal abstract void Fail(Exception exception);

    /// <summary>Runs in a turn of the activation.</summary>
    internal void Run(Activation target)
    {
        Target = target;
        Task task;
        try
        {
            task = Start(target);
        }
        catch (Exception exception)
        {
            task = Task.FromException(exception);
        }

        if (task.IsCompleted)
        {
            Finish(task);
        }
        else
        {
            _ = task.ContinueWith(
                static (done, state) => ((Request)state!).Finish(done), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, target);
        }
    }

    protected abstract Task Start(Activation target);

    protected abstract void Complete(Task task);

    private void Finish(Task task)
    {
        // An activation that lost a write race holds stale state: it ends, and the next one reads again.
        if (task.Exception?.InnerException is InconsistentStateException { IsSourceActivation: true } conflict)
        {
            conflict.IsSourceActivation = false;
            Target!.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, conflict, conflict.Message));
        }

        // First the books, then the response: whoever has it finds the activation idle, or gone if it was to go.
        if (Target!.OnFinished(this))
        {
            Complete(task);
        }
    }
}
