using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>
/// One activation of a grain: who may run when (Activation.Queue.cs), its turns (Activation.Turns.cs) and its life (Activation.Life.cs).
/// It is itself the task scheduler of the grain's code, which keeps an idle activation small.
/// </summary>
internal sealed partial class Activation(GrainId id, GrainClass grainClass, Silo silo) : TaskScheduler, IGrainContext, IThreadPoolWorkItem, IReadyTurns
{
    private readonly Lock _lock = new();
    private State _state;
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

    internal bool IsMigrating => _ending?.Reason is { ReasonCode: DeactivationReasonCode.Migrating };

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

    private Ending EndingOf() =>
        Volatile.Read(ref _ending) ?? Interlocked.CompareExchange(ref _ending, new Ending(Silo.Cluster.Scheduler is not null), null) ?? _ending;

    /// <summary>What only activations need that end or are asked for it.</summary>
    /// <param name="ordered">A scheduler orders everything: whoever waits must not hear of the end on the thread pool.</param>
    private sealed class Ending(bool ordered)
    {
        internal ActivationId Id { get; } = new(Guid.NewGuid());

        internal TaskCompletionSource Done { get; } = new(ordered ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

        internal DeactivationReason? Reason { get; set; }
    }
}
