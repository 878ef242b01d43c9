using Campaigns.Simulation.Faults;

namespace Campaigns.Simulation.World;

/// <summary>The way from a process to a store or the carrier: it takes time, may fail, and the process may die or stand still on it.</summary>
internal sealed class Port(SimulatedWorld world, SimulatedSilo silo)
{
    public SimulatedSilo Silo { get; } = silo;

    /// <summary>Asks, and hears the answer, each after a while.</summary>
    /// <param name="method">What is asked.</param>
    /// <param name="effect">What happens on the other side, at once and as a whole.</param>
    /// <param name="most">Most time that the request takes to get there, when it is slow.</param>
    public Task<T> CallAsync<T>(PortMethod method, Func<Task<T>> effect, TimeSpan? most = null)
    {
        var answer = new TaskCompletionSource<T>();
        if (Silo.IsDead)
        {
            // The rest of a turn in which the process died: nobody runs it.
            return answer.Task;
        }

        var fault = world.Faults.Next(method, world.Kernel.Now);
        world.Kernel.Mix((int)method);
        var there = world.Way(most);
        if (fault != Fault.None)
        {
            world.Trace.Say($"{Silo.Name} {method}: {fault}");
        }

        switch (fault)
        {
            case Fault.CrashBefore:
                CrashPoints.AtCall(method, fault);
                Silo.Crash();
                return answer.Task;
            case Fault.CrashInFlight:
                CrashPoints.AtCall(method, fault);
                Silo.Crash();
                break;
            case Fault.CrashAfter:
                CrashPoints.AtCall(method, fault);
                break;
            case Fault.FreezeBefore when method != PortMethod.PlaceCall:
                there += world.Freeze(Silo);
                break;
        }

        world.Kernel.After(there, () => Arrive(method, effect, fault, answer));
        return answer.Task;
    }

    /// <summary>The moment before a dial looks at its clock for the last time: where the process stands still, that look comes when it wakes.</summary>
    public Task BeforeDialAsync()
    {
        var go = new TaskCompletionSource();
        if (world.Faults.Peek(PortMethod.PlaceCall, world.Kernel.Now) == Fault.FreezeBefore)
        {
            world.Freeze(Silo);
        }

        world.Kernel.After(TimeSpan.Zero, go.SetResult, Silo);
        return go.Task;
    }

    private void Arrive<T>(PortMethod method, Func<Task<T>> effect, Fault fault, TaskCompletionSource<T> answer)
    {
        var back = world.Way(null);
        if (fault == Fault.FailBefore || (world.IsDatabaseDown && method < PortMethod.PlaceCall))
        {
            Fail(back, answer, "nothing happened");
            return;
        }

        var incarnation = world.DatabaseIncarnation;
        Task<T> result;
        try
        {
            result = effect();
            world.Judge.AfterStep();
        }
        catch (InvariantBrokenException)
        {
            throw;
        }
        catch (Exception error)
        {
            world.Trace.Say($"{Silo.Name} {method}: {error.Message}");
            world.Kernel.After(back, () => answer.TrySetException(error), Silo);
            return;
        }

        if (world.Trace.On)
        {
            world.Trace.Say($"{Silo.Name} {method} = {world.Words(result.Result)}");
        }

        switch (fault)
        {
            case Fault.CrashAfter:
                Silo.Crash();
                return;
            case Fault.FreezeAfter:
                world.Freeze(Silo);
                break;
            case Fault.FailAfter:
                Fail(back, answer, "it happened");
                return;
        }

        world.Kernel.After(
            back,
            () =>
            {
                if (method < PortMethod.PlaceCall && incarnation != world.DatabaseIncarnation)
                {
                    answer.TrySetException(new IOException("The database restarted before the answer came."));
                }
                else
                {
                    answer.TrySetResult(result.Result);
                }
            },
            Silo);
    }

    private void Fail<T>(TimeSpan back, TaskCompletionSource<T> answer, string what)
    {
        world.Tally.PortFailures++;
        world.Kernel.After(back, () => answer.TrySetException(new IOException($"The connection broke; {what}.")), Silo);
    }
}
