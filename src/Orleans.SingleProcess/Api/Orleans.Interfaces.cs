using Orleans.Runtime;

namespace Orleans;

/// <summary>Marks grain interfaces.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain keyed by a GUID.</summary>
public interface IGrainWithGuidKey : IGrain;

/// <summary>A grain keyed by a string.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>A grain keyed by an integer.</summary>
public interface IGrainWithIntegerKey : IGrain;

/// <summary>What every grain class offers the engine.</summary>
public interface IGrainBase
{
    /// <summary>The activation.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first call; a failure fails the calls that wait.</summary>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs before an orderly end. It does not run when a silo dies.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}

/// <summary>Makes references to grains. A reference costs nothing and never fails: the call does.</summary>
public interface IGrainFactory
{
    /// <summary>A reference by GUID key.</summary>
    TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey;

    /// <summary>A reference by integer key.</summary>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;

    /// <summary>A reference by string key.</summary>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>A reference by identity.</summary>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;

    /// <summary>A reference by GUID key.</summary>
    IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey);

    /// <summary>A reference by integer key.</summary>
    IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey);

    /// <summary>A reference by string key.</summary>
    IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey);
}

/// <summary>Calls grains from outside.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The client's services.</summary>
    IServiceProvider ServiceProvider { get; }
}

/// <summary>State with its version, as storage providers see it.</summary>
/// <typeparam name="T">The state class.</typeparam>
public interface IGrainState<T>
{
    /// <summary>The state.</summary>
    T? State { get; set; }

    /// <summary>Its version; null when nothing is stored.</summary>
    string? ETag { get; set; }

    /// <summary>Whether something is stored.</summary>
    bool RecordExists { get; set; }
}

/// <summary>State with its version.</summary>
/// <typeparam name="T">The state class.</typeparam>
public sealed class GrainState<T> : IGrainState<T>
{
    /// <summary>Makes an empty one.</summary>
    public GrainState()
    {
    }

    /// <summary>Makes one of a state without version.</summary>
    public GrainState(T? state)
        : this(state, null)
    {
    }

    /// <summary>Makes one of a state and its version.</summary>
    public GrainState(T? state, string? eTag) => (State, ETag) = (state, eTag);

    /// <inheritdoc/>
    public T? State { get; set; }

    /// <inheritdoc/>
    public string? ETag { get; set; }

    /// <inheritdoc/>
    public bool RecordExists { get; set; }
}

/// <summary>Why an activation ends.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>The silo shuts down.</summary>
    ShuttingDown,

    /// <summary>It could not be activated.</summary>
    ActivationFailed,

    /// <summary>The directory failed.</summary>
    DirectoryFailure,

    /// <summary>It was idle for longer than its age limit.</summary>
    ActivationIdle,

    /// <summary>It did not respond.</summary>
    ActivationUnresponsive,

    /// <summary>There was another activation of the grain.</summary>
    DuplicateActivation,

    /// <summary>It got a call it could not handle.</summary>
    IncompatibleRequest,

    /// <summary>The grain's code failed.</summary>
    ApplicationError,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,

    /// <summary>It moves to another silo.</summary>
    Migrating,

    /// <summary>The runtime asked for it.</summary>
    RuntimeRequested,

    /// <summary>Memory was short.</summary>
    HighMemoryPressure,
}

/// <summary>Why an activation ends, with text and cause.</summary>
public readonly struct DeactivationReason
{
    /// <summary>Makes a reason.</summary>
    public DeactivationReason(DeactivationReasonCode code, string text)
        : this(code, null, text)
    {
    }

    /// <summary>Makes a reason with its cause.</summary>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text) =>
        (ReasonCode, Exception, Description) = (code, exception, text);

    /// <summary>The kind of reason.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>The reason in words.</summary>
    public string Description { get; }

    /// <summary>The failure behind it, if any.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() => Exception is null ? $"{ReasonCode}: {Description}." : $"{ReasonCode}: {Description}. Exception: {Exception}";
}
