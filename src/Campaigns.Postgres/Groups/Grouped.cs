using Npgsql;

namespace Campaigns.Postgres.Groups;

/// <summary>
/// One piece of work for many callers: what comes while earlier groups are under way becomes the next group, so that an idle store answers at once and
/// a busy one runs fewer, larger statements. Nobody waits for a timer.
/// </summary>
/// <typeparam name="TKey">Whose work it is. A group holds at most one item per key: a second one is for the next group.</typeparam>
/// <typeparam name="TItem">What a caller brings.</typeparam>
/// <typeparam name="TResult">What it gets.</typeparam>
/// <param name="atOnce">Groups under way at the same time.</param>
/// <param name="largest">Most items of a group.</param>
/// <param name="keyOf">The item's key.</param>
/// <param name="run">Runs a group as one statement, all or nothing; a result per item, in its order.</param>
internal sealed class Grouped<TKey, TItem, TResult>(
    int atOnce, int largest, Func<TItem, TKey> keyOf, Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> run)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _queue = [];
    private int _underWay;

    /// <summary>
    /// Runs the item with others. It ends as it would alone: where the server refuses a group, each of its items runs by itself.
    /// </summary>
    /// <param name="item">The work.</param>
    /// <param name="cancellationToken">Takes the item back while it waits for its group, and ends the wait for the group.</param>
    public async Task<TResult> RunAsync(TItem item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new Waiting(item, cancellationToken);
        bool starts;
        lock (_lock)
        {
            _queue.AddLast(waiting);
            starts = _underWay < atOnce;
            _underWay += starts ? 1 : 0;
        }

        if (starts)
        {
            // Not on the caller's scheduler and not in its trace: a group is many callers'.
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(WorkAsync, CancellationToken.None);
            }
        }

        return await waiting.Result.Task.WaitAsync(cancellationToken);
    }

    private async Task WorkAsync()
    {
        while (Next() is { Count: > 0 } group)
        {
            await RunAsync(group);
        }
    }

    /// <summary>The next group; when there is none, the worker is gone before anybody can add to the queue.</summary>
    private List<Waiting> Next()
    {
        var group = new List<Waiting>();
        lock (_lock)
        {
            var keys = new HashSet<TKey>();
            for (var node = _queue.First; node is not null && group.Count < largest;)
            {
                var (waiting, next) = (node.Value, node.Next);
                if (waiting.CancellationToken.IsCancellationRequested)
                {
                    waiting.Result.TrySetCanceled(waiting.CancellationToken);
                    _queue.Remove(node);
                }
                else if (keys.Add(keyOf(waiting.Item)))
                {
                    group.Add(waiting);
                    _queue.Remove(node);
                }

                node = next;
            }

            _underWay -= group.Count == 0 ? 1 : 0;
        }

        return group;
    }

    private async Task RunAsync(List<Waiting> group)
    {
        try
        {
            var results = await run([.. group.Select(waiting => waiting.Item)]);
            for (var i = 0; i < group.Count; i++)
            {
                group[i].Result.TrySetResult(results[i]);
            }
        }
        catch (PostgresException) when (group.Count > 1)
        {
            // The server has rolled it back: one of them is at fault, or lost a deadlock, and the others are not to suffer for it.
            foreach (var alone in group)
            {
                await RunAsync([alone]);
            }
        }
        catch (Exception e)
        {
            // Nobody knows what became of it, as with a statement of one's own that broke off.
            foreach (var waiting in group)
            {
                waiting.Result.TrySetException(e);
            }
        }
    }

    private sealed record Waiting(TItem Item, CancellationToken CancellationToken)
    {
        public TaskCompletionSource<TResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
