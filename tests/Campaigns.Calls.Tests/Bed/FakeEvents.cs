using Campaigns.LiveModel;

namespace Campaigns.Calls.Tests.Bed;

/// <summary>A grain: notes what it is told and answers as the test wants.</summary>
public sealed class FakeEvents(Journal journal) : ICallEvents
{
    private readonly TaskCompletionSource<CallEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int ends;

    public Func<ToolCall, Task<ToolResult>> Tool { get; set; } = _ => Task.FromResult(new ToolResult("""{"output":{"status":"ok"}}"""));

    public Func<MachineKind, Task<ToolResult>> Machine { get; set; } = _ => Task.FromResult(new ToolResult("{}"));

    public Func<CallTurn, Task>? Turn { get; set; }

    public Func<CallEnd, Task>? End { get; set; }

    public int Ends => ends;

    public IReadOnlyList<CallTurn> Turns => [.. journal.Of<CallTurn>("turn").OrderBy(turn => turn.Position)];

    public Task<CallEnd> Ended => ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public Task OnTurnAsync(CallTurn turn)
    {
        journal.Add("turn", turn);
        return Turn?.Invoke(turn) ?? Task.CompletedTask;
    }

    public Task<ToolResult> OnToolAsync(ToolCall call)
    {
        journal.Add("tool", call);
        return Tool(call);
    }

    public Task<ToolResult> OnMachineAsync(MachineKind kind, string evidence)
    {
        journal.Add("machine", kind);
        return Machine(kind);
    }

    public async Task OnEndedAsync(CallEnd end)
    {
        journal.Add("ended", end);
        if (Interlocked.Increment(ref ends) == 1)
        {
            ended.TrySetResult(end);
        }

        await (End?.Invoke(end) ?? Task.CompletedTask);
    }
}
