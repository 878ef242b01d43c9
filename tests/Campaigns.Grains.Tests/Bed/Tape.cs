using System.Runtime.CompilerServices;

namespace Campaigns.Grains.Tests.Bed;

/// <summary>
/// What the grains asked of their ports, in order, with the fake time. Tests wait for phases on it, stop calls in the middle and make them
/// fail; nothing is ever polled.
/// </summary>
internal sealed class Tape(TimeProvider clock)
{
    /// <summary>Real time after which a phase that does not come fails the test.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly List<PortCall> _calls = [];
    private readonly List<Hold> _holds = [];
    private readonly List<Wait> _waits = [];

    /// <summary>Who else follows the calls; told in order, under the lock.</summary>
    public Action<PortCall>? Follower { get; set; }

    public IReadOnlyList<PortCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    public int Count(string method) => Calls.Count(c => c.Method == method && c.Ended);

    /// <summary>The next matching call stops before it reaches the port.</summary>
    public Hold HoldBefore(string method, Func<PortCall, bool>? which = null) => Add(new Hold(method, afterwards: false, which ?? (_ => true)));

    /// <summary>The next matching call reaches the port, and its answer is kept back.</summary>
    public Hold HoldAfter(string method, Func<PortCall, bool>? which = null) => Add(new Hold(method, afterwards: true, which ?? (_ => true)));

    /// <summary>The next matching call fails; afterwards: the port has done its work, and nobody hears of it.</summary>
    public void FailNext(string method, Exception error, bool afterwards = false, Func<PortCall, bool>? which = null)
        => (afterwards ? HoldAfter(method, which) : HoldBefore(method, which)).Fail(error);

    /// <summary>Completes when the calls satisfy the predicate; it is asked now and at every change.</summary>
    public async Task WhenAsync(Func<IReadOnlyList<PortCall>, bool> predicate, [CallerArgumentExpression(nameof(predicate))] string phase = "")
    {
        var wait = new Wait(predicate);
        lock (_lock)
        {
            if (predicate(_calls))
            {
                return;
            }

            _waits.Add(wait);
        }

        try
        {
            await wait.Reached.Task.WaitAsync(Patience);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(
                $"Phase not reached: {phase}. The clock stands at {clock.GetUtcNow():O}; the last calls were:\n"
                + string.Join('\n', Calls.TakeLast(25)), exception);
        }
        finally
        {
            lock (_lock)
            {
                _waits.Remove(wait);
            }
        }
    }

    /// <summary>Completes when that many calls of the method have ended.</summary>
    public Task WhenEndedAsync(string method, int count = 1)
        => WhenAsync(calls => calls.Count(c => c.Method == method && c.Ended) >= count, $"{count} × {method} ended");

    /// <summary>Something a wait may depend on has changed.</summary>
    public void Look()
    {
        lock (_lock)
        {
            Evaluate();
        }
    }

    internal async Task<object?> RunAsync(string silo, string method, object?[] arguments, Func<Task<object?>> port)
    {
        PortCall call;
        lock (_lock)
        {
            call = new PortCall(_calls.Count, silo, method, arguments, clock.GetUtcNow());
            _calls.Add(call);
            Follower?.Invoke(call);
            Evaluate();
        }

        try
        {
            await StopAsync(call, afterwards: false);
            var result = await port();
            await StopAsync(call, afterwards: true);
            End(call, result, null);
            return result;
        }
        catch (Exception error)
        {
            End(call, null, error);
            throw;
        }
    }

    private async Task StopAsync(PortCall call, bool afterwards)
    {
        Hold? hold;
        lock (_lock)
        {
            hold = _holds.Find(h => h.Matches(call, afterwards));
            if (hold is null)
            {
                return;
            }

            _holds.Remove(hold);
            hold.Catch(call);
            Evaluate();
        }

        try
        {
            await hold.WhenReleasedAsync();
        }
        finally
        {
            lock (_lock)
            {
                call.Held = false;
            }
        }
    }

    private void End(PortCall call, object? result, Exception? failure)
    {
        lock (_lock)
        {
            (call.Ended, call.Result, call.Failure) = (true, result, failure);
            Follower?.Invoke(call);
            Evaluate();
        }
    }

    private Hold Add(Hold hold)
    {
        lock (_lock)
        {
            _holds.Add(hold);
        }

        return hold;
    }

    private void Evaluate()
    {
        foreach (var wait in _waits.Where(w => w.Predicate(_calls)))
        {
            wait.Reached.TrySetResult();
        }
    }

    private sealed record Wait(Func<IReadOnlyList<PortCall>, bool> Predicate)
    {
        internal TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
