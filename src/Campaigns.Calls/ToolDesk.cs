using System.Collections.Immutable;
using Campaigns.LiveModel;

namespace Campaigns.Calls;

/// <summary>
/// Has tool calls carried out. Each gets an answer or an error within a time; a call that the model took back gets none, and what it came to is
/// not acted upon, for the person cut in before the model could rely on it.
/// </summary>
internal sealed class ToolDesk(
    Func<ToolCall, Task<ToolResult>> carryOut, Action<ToolCall, ToolResult> done, TimeProvider time, TimeSpan patience, Action<string, Exception> failed)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ToolCall> open = [];

    /// <summary>Whether the model waits for an answer.</summary>
    internal bool IsBusy
    {
        get
        {
            lock (gate)
            {
                return open.Count > 0;
            }
        }
    }

    internal void Take(ImmutableArray<ToolCall> calls)
    {
        foreach (var call in calls)
        {
            lock (gate)
            {
                if (!open.TryAdd(call.Id, call))
                {
                    continue;
                }
            }

            _ = RunAsync(call);
        }
    }

    /// <summary>The model does not want these answered any more.</summary>
    internal void Cancel(ImmutableArray<string> ids)
    {
        lock (gate)
        {
            foreach (var id in ids)
            {
                open.Remove(id);
            }
        }
    }

    /// <summary>Takes a call off the desk, to answer it.</summary>
    /// <returns>False when it was taken back.</returns>
    internal bool Settle(ToolCall call)
    {
        lock (gate)
        {
            return open.TryGetValue(call.Id, out var found) && ReferenceEquals(found, call) && open.Remove(call.Id);
        }
    }

    /// <summary>Nothing is wanted any more: the session is over, or forgot its calls.</summary>
    internal void Clear()
    {
        lock (gate)
        {
            open.Clear();
        }
    }

    private async Task RunAsync(ToolCall call)
    {
        ToolResult result;
        try
        {
            result = await Task.Run(() => carryOut(call)).WaitAsync(patience, time);
        }
        catch (TimeoutException error)
        {
            failed(call.Name, error);
            result = new ToolResult("""{"error":"The tool did not answer in time."}""");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            failed(call.Name, error);
            result = new ToolResult("""{"error":"The tool failed."}""");
        }

        done(call, result);
    }
}
