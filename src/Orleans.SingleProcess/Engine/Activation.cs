using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>
/// One activation of a grain: its queue of calls, its rules of who may run when, and its life. It is itself the task scheduler
/// of the grain's code (see Activation.Turns.cs), which keeps an idle activation small.
/// </summary>
internal sealed partial class Activation(GrainId id, GrainClass grainClass, Silo silo) : TaskScheduler, IGrainContext, IThreadPoolWorkItem, IReadyTurns
{
    private readonly Lock _lock = new();
    private State _state;
    private Request? _firstWaiting;
    private Request? _lastWaiting;

    // How many of those may interleave with something: without any, the queue need not be searched past its head.
    private int _flexibleWaiting;

    // Whose await keeps others out; null also while only interleaving requests run.
    private Request? _blocking;
    private int _running;
    private List<Request>? _alsoRunning;
    private List<GrainTimer>? _timers;
    private List<IPersistentStateLoader>? _facets;
    private AsyncServiceScope? _scope;
    private Ending? _ending;
    private long _lastUsed = silo.Time.GetTimestamp();
    private long _keepUntil;

    private enum State : byte
    {
        Creating,
        Active,
        Deactivating,
        Dead,
    }

    /// <inheritdoc/>
    public GrainId GrainId { get; } = id;

    /// <inheritdoc/>
    public object? GrainInstance { get; private set; }

    /// <inheritdoc/>
    public ActivationId ActivationId => EndingOf().Id;

    /// <inheritdoc/>
    public GrainReference GrainReference => Silo.MakeReference(Class.DefaultInterface, GrainId);

    /// <inheritdoc/>
    public IServiceProvider ActivationServices
    {
        get
        {
            lock (_lock)
            {
                return (_scope ??= Silo.ServiceProvider.CreateAsyncScope()).ServiceProvider;
            }
        }
    }

    /// <inheritdoc/>
    public Task Deactivated => EndingOf().Done.Task;

    internal Silo Silo { get; } = silo;

    internal GrainClass Class { get; } = grainClass;

    internal bool IsKilled { get; private set; }

        /// <inheritdoc/>
    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <inheritdoc/>
    public override string ToString() => $"[Activation {Silo.Name}/{GrainId} {_state}]";

    /// <inheritdoc/>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_state is State.Dead or State.Deactivating || _ending?.Reason is not null)
            {
                return;
            }

            EndingOf().Reason = deactivationReason;
            if (_state == State.Active)
            {
                BeginDeactivation();
            }
        }
    }

    /// <summary>Takes a request, to run now or when the rules allow; false when the activation is gone.</summary>
    internal bool Receive(Request request)
    {
        lock (_lock)
        {
            if (_state == State.Dead)
            {
                return false;
            }

            if (_state == State.Active && MayRun(request))
            {
                Admit(request);
            }
            else if (!(request.LocalOnly && _state == State.Deactivating))
            {
                AddWaiting(request);
            }

            return true;
        }
    }

    /// <summary>Makes way for the next; false when the activation was killed meanwhile and the request failed with it.</summary>
    internal bool OnFinished(Request request)
    {
        lock (_lock)
        {
            if (_state == State.Dead)
            {
                return !IsKilled;
            }

            _running--;
            _alsoRunning?.Remove(request);
            if (request.KeepsAlive)
            {
                _lastUsed = Silo.Time.GetTimestamp();
            }

            if (_blocking is null || ReferenceEquals(_blocking, request))
            {
                _blocking = null;
            }

            if (_state == State.Active)
            {
                AdmitWaiting();
            }
            else if (_state == State.Deactivating && _running == 0)
            {
                Post(StartEnding);
            }

            return true;
        }
    }

    internal void DelayDeactivation(TimeSpan time)
    {
        lock (_lock)
        {
            _keepUntil = time < TimeSpan.Zero ? 0
                : time == TimeSpan.MaxValue ? long.MaxValue
                : Silo.Time.GetTimestamp() + (long)(time.TotalSeconds * Silo.Time.TimestampFrequency);
        }
    }

    /// <summary>Whether nothing happened here for the class's age limit.</summary>
    internal bool IsIdle(long now)
    {
        lock (_lock)
        {
            return _state == State.Active && _running == 0 && _firstWaiting is null && _keepUntil <= now
                && Class.AgeLimit(Silo.Collection) is var limit && limit != TimeSpan.MaxValue && Silo.Time.GetElapsedTime(_lastUsed, now) >= limit;
        }
    }

    internal void Add(GrainTimer timer)
    {
        lock (_lock)
        {
            (_timers ??= []).Add(timer);
        }
    }

    internal void Remove(GrainTimer timer)
    {
        lock (_lock)
        {
            _timers?.Remove(timer);
        }
    }

    /// <summary>The activation vanishes as if its process had died: no more turns, no OnDeactivateAsync, its calls fail.</summary>
    internal void Kill()
    {
        List<Request> lost;
        lock (_lock)
        {
            if (_state == State.Dead)
            {
                return;
            }

            _state = State.Dead;
            IsKilled = true;
            lost = [.. _alsoRunning ?? []];
            if (_blocking is not null && !lost.Contains(_blocking))
            {
                lost.Insert(0, _blocking);
            }

            lost.AddRange(TakeWaiting());
            _turns?.Clear();
            foreach (var timer in _timers ?? [])
            {
                timer.Stop();
            }
        }

        Silo.Cluster.Unregister(this);
        foreach (var request in lost)
        {
            request.Fail(new SiloUnavailableException($"The target silo became unavailable for message: {request.Name} to {GrainId}."));
        }

        _ending?.Done.TrySetResult();
    }

    /// <summary>Orleans' rule: alone, or next to whom it may interleave with.</summary>
    private bool MayRun(Request request) =>
        _running == 0 || request.AlwaysInterleave || _blocking is null || Class.Reentrant || (_blocking.ReadOnly && request.ReadOnly);

    private void Admit(Request request)
    {
        _running++;
        if (_blocking is null && !request.AlwaysInterleave)
        {
            _blocking = request;
        }
        else
        {
            (_alsoRunning ??= []).Add(request);
        }

        Enqueue(request);
    }

    private void AdmitWaiting()
    {
        Request? previous = null;
        for (var request = _firstWaiting; request is not null;)
        {
            var next = request.NextWaiting;
            var over = request.IsOver;
            if (!over && !MayRun(request))
            {
                if (_flexibleWaiting == 0)
                {
                    return;
                }

                previous = request;
                request = next;
                continue;
            }

            if (previous is null)
            {
                _firstWaiting = next;
            }
            else
            {
                previous.NextWaiting = next;
            }

            if (next is null)
            {
                _lastWaiting = previous;
            }

            request.NextWaiting = null;
            _flexibleWaiting -= IsFlexible(request);
            if (!over)
            {
                Admit(request);
            }

            request = next;
        }
    }

    private static int IsFlexible(Request request) => request.AlwaysInterleave || request.ReadOnly ? 1 : 0;

    private void AddWaiting(Request request)
    {
        _flexibleWaiting += IsFlexible(request);
        if (_lastWaiting is null)
        {
            _firstWaiting = request;
        }
        else
        {
            _lastWaiting.NextWaiting = request;
        }

        _lastWaiting = request;
    }

    private List<Request> TakeWaiting()
    {
        List<Request> waiting = [];
        for (var request = _firstWaiting; request is not null;)
        {
            var next = request.NextWaiting;
            request.NextWaiting = null;
            waiting.Add(request);
            request = next;
        }

        _firstWaiting = _lastWaiting = null;
        _flexibleWaiting = 0;
        return waiting;
    }

    private Ending EndingOf() =>
        Volatile.Read(ref _ending) ?? Interlocked.CompareExchange(ref _ending, new Ending(), null) ?? _ending;

    /// <summary>What only activations need that end or are asked for it.</summary>
    private sealed class Ending
    {
        internal ActivationId Id { get; } = new(Guid.NewGuid());

        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal DeactivationReason? Reason { get; set; }
    }
}
