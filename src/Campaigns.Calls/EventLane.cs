using System.Diagnostics;

namespace Campaigns.Calls;

/// <summary>
/// Tells a call's events one after the other and in order, off every audio path. An event that fails is reported and the next one told; one that
/// takes too long is given up waiting for.
/// </summary>
internal sealed class EventLane(TimeProvider time, TimeSpan patience, Action<string, Exception> failed)
{
    // Events come from any thread, the clock's among them; what they cause belongs to whatever the lane was made in.
    private readonly Activity? trace = Activity.Current;
    private readonly Lock gate = new();
    private Task tail = Task.CompletedTask;

    /// <summary>Ends when the event, and all before it, have been told. Never faults.</summary>
    internal Task Tell(string name, Func<Task> tell) => Tell(name, tell, patience);

    internal Task Tell(string name, Func<Task> tell, TimeSpan longest)
    {
        lock (gate)
        {
            return tail = RunAsync(tail, name, tell, longest);
        }
    }

    private async Task RunAsync(Task before, string name, Func<Task> tell, TimeSpan longest)
    {
        await before;
        Activity.Current = trace;
        try
        {
            await Task.Run(tell).WaitAsync(longest, time);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            failed(name, error);
        }
    }
}
