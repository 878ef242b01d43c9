using System.Reflection;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>How an activation begins and ends.</summary>
internal sealed partial class Activation
{
    /// <summary>Queues the first turn, which makes the grain, loads its state and runs OnActivateAsync.</summary>
    internal void Start() => Post(StartCreating);

    internal void Add(IPersistentStateLoader facet) => (_facets ??= []).Add(facet);

    private void StartCreating() => _ = CreateAsync();

    private void StartEnding() => _ = EndAsync();

    private void BeginDeactivation()
    {
        _state = State.Deactivating;
        if (_running == 0)
        {
            Post(StartEnding);
        }
    }

    private async Task CreateAsync()
    {
        try
        {
            GrainInstance = Class.Create(this);
            if (Class.HasActivation || _facets is not null)
            {
                using var timeout = new CancellationTokenSource(Silo.Collection.ActivationTimeout, Silo.Time);
                await PrepareAsync(timeout.Token).WaitAsync(timeout.Token);
            }
        }
        catch (Exception exception)
        {
            // A constructor that is invoked wraps what it throws.
            var reason = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
            Silo.LogActivationFailed(reason, GrainId);
            await VanishAsync(reason);
            return;
        }

        lock (_lock)
        {
            if (_state != State.Creating)
            {
                return;
            }

            _state = State.Active;
            _lastUsed = Silo.Time.GetTimestamp();
            if (_ending?.Reason is not null)
            {
                BeginDeactivation();
            }
            else
            {
                AdmitWaiting();
            }
        }
    }

    private async Task PrepareAsync(CancellationToken token)
    {
        foreach (var facet in _facets ?? [])
        {
            await facet.LoadAsync(token);
        }

        _facets = null;
        if (GrainInstance is IGrainBase grain)
        {
            await grain.OnActivateAsync(token);
        }
    }

    private async Task EndAsync()
    {
        var reason = _ending!.Reason!.Value;
        foreach (var timer in TakeTimers())
        {
            timer.Dispose();
        }

        if (Class.HasDeactivation)
        {
            try
            {
                using var timeout = new CancellationTokenSource(Silo.Collection.DeactivationTimeout, Silo.Time);
                await ((IGrainBase)GrainInstance!).OnDeactivateAsync(reason, timeout.Token).WaitAsync(timeout.Token);
            }
            catch (Exception exception)
            {
                Silo.LogDeactivationFailed(exception, GrainId);
            }
        }

        await VanishAsync(null);
    }

    /// <summary>Leaves the directory. The calls that wait fail with the reason given or go to the next activation.</summary>
    private async Task VanishAsync(Exception? failure)
    {
        List<Request> waiting;
        lock (_lock)
        {
            if (_state == State.Dead)
            {
                return;
            }

            _state = State.Dead;
            waiting = TakeWaiting();
        }

        Silo.Cluster.Unregister(this);
        foreach (var timer in TakeTimers())
        {
            timer.Dispose();
        }

        foreach (var request in waiting)
        {
            if (failure is not null)
            {
                request.Fail(failure);
            }
            else if (request is CallRequest { IsOver: false } call)
            {
                Silo.Cluster.Route(call, Silo);
            }
        }

        try
        {
            if (GrainInstance is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else if (GrainInstance is IDisposable disposable)
            {
                disposable.Dispose();
            }

            if (_scope is { } scope)
            {
                await scope.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            Silo.LogDeactivationFailed(exception, GrainId);
        }

        EndingOf().Done.TrySetResult();
    }

    private List<GrainTimer> TakeTimers()
    {
        lock (_lock)
        {
            var timers = _timers ?? [];
            _timers = null;
            return timers;
        }
    }
}
