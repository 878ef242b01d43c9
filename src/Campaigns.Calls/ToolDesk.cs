using System.Collections.Immutable;
using Campaigns.LiveModel;

namespace Campaigns.Calls;

/// <summary>
/// Has tool calls carried out. Each gets an answer or an error within a time; a call that the model took back gets none, and what it came to is
/// not acted upon, for the person cut in before the model could rely on it.
/// </summary>
internal sealed class ToolDesk(
    Func<ToolCall, Task<ToolResult>> carryOut, Action<ToolCall, ToolResult> done, TimeProvider time, TimeSpan patience,
    Action<string, Exception> failed)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ToolCall> open = [];
    private readonly HashSet<string> forgotten = [];

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

    /// <summary>The model has forgotten what it asked for: nothing is answered, but what it asked for counts.</summary>
    internal void Forget()
    {
        lock (gate)
        {
            foreach (var id in open.Keys)
            {
                forgotten.Add(id);
            }

            open.Clear();
        }
    }

    /// <summary>Whether the model still waits for this answer.</summary>
    internal bool IsOpen(ToolCall call)
    {
        lock (gate)
        {
            return open.ContainsKey(call.Id);
        }
    }

    /// <summary>Takes a call off the desk.</summary>
    internal ToolFate Settle(ToolCall call)
    {
        lock (gate)
        {
            return open.Remove(call.Id) ? ToolFate.Wanted : forgotten.Remove(call.Id) ? ToolFate.Forgotten : ToolFate.TakenBack;
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

/// <summary>What became of a tool call while it was carried out.</summary>
internal enum ToolFate
{
    /// <summary>The model waits for the answer.</summary>
    Wanted,

    /// <summary>The model's connection was lost and the call with it.</summary>
    Forgotten,

    /// <summary>The model took it back, because the person cut in.</summary>
    TakenBack,
}
