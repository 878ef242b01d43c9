namespace Campaigns.Grains.Tests.Bed;

/// <summary>Stops the next matching port call until the test lets it go on. A call of a killed silo is simply never let go.</summary>
internal sealed class Hold(string method, bool afterwards, Func<PortCall, bool> which)
{
    private readonly TaskCompletionSource<PortCall> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True: the port has done its work and its answer is kept back. False: the call has not got there yet.</summary>
    public bool Afterwards { get; } = afterwards;

    /// <summary>Completes when a call has been stopped.</summary>
    public async Task<PortCall> ReachedAsync()
    {
        try
        {
            return await _reached.Task.WaitAsync(Tape.Patience);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"No call of {method} came to be held.", exception);
        }
    }

    public void Release() => _released.TrySetResult();

    /// <summary>Ends the call with an error instead.</summary>
    public void Fail(Exception error) => _released.TrySetException(error);

    internal bool Matches(PortCall call, bool afterwards)
        => !_reached.Task.IsCompleted && afterwards == Afterwards && string.Equals(method, call.Method, StringComparison.Ordinal) && which(call);

    internal void Catch(PortCall call)
    {
        call.Held = !_released.Task.IsCompleted;
        _reached.TrySetResult(call);
    }

    internal Task WhenReleasedAsync() => _released.Task;
}
