using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>A call with a result of type <typeparamref name="T"/>.</summary>
internal sealed class Call<T>(GrainReference reference, MethodDescription method, object?[] arguments) : CallRequest(reference, method, arguments)
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<T> Response => _source.Task;

    internal override void SetNothing() => _source.TrySetResult(default!);

    protected override void SetException(Exception exception) => _source.TrySetException(exception);

    protected override void SetCancelled(CancellationToken token) => _source.TrySetCanceled(token);

    protected override void Complete(Task task)
    {
        task = Inner ?? task;
        if (!TryEnd())
        {
            if (Method.OneWay && task.Exception is { } lost)
            {
                Target!.Silo.LogOneWayFailure(lost.InnerException!, Name, Reference.GrainId);
            }

            return;
        }

        if (task.IsCompletedSuccessfully)
        {
            SetResult(task);
        }
        else if (task.IsCanceled)
        {
            SetException(new TaskCanceledException("The grain's task was cancelled."));
        }
        else
        {
            SetException(Copier.CopyException(task.Exception!.InnerException!));
        }
    }

    private void SetResult(Task task)
    {
        if (typeof(T) == typeof(Nothing))
        {
            _source.TrySetResult(default!);
            return;
        }

        var result = ((Task<T>)task).Result;
        if (Method.ResultCopied)
        {
            try
            {
                result = (T)Copier.Copy(result)!;
            }
            catch (Exception exception)
            {
                SetException(exception);
                return;
            }
        }

        _source.TrySetResult(result);
    }
}
