using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>One activation of a grain, as the grain and its helpers see it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>The grain's identity.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object, or null while it is being made.</summary>
    object? GrainInstance { get; }

    /// <summary>This activation's own identity.</summary>
    ActivationId ActivationId { get; }

    /// <summary>A reference to the grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The services of this activation: a scope of the silo's.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation is gone.</summary>
    Task Deactivated { get; }

    /// <summary>Starts deactivation once the running calls are done; queued calls go to the next activation.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}

/// <summary>Gives the activation whose code is running.</summary>
public interface IGrainContextAccessor
{
    /// <summary>The running activation; null outside grain code.</summary>
    IGrainContext GrainContext { get; }
}

/// <summary>A timer of one activation; disposing it stops it.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets the time to the next tick and the time from the end of one tick to the next; during a tick it counts from the tick's end.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>How a grain timer behaves.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>Makes options with the given times.</summary>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this() => (DueTime, Period) = (dueTime, period);

    /// <summary>Time to the first tick; <see cref="Timeout.InfiniteTimeSpan"/> keeps it stopped.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Time from the end of a tick to the next; <see cref="Timeout.InfiniteTimeSpan"/> for one tick only.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether ticks may run between the awaits of other calls. Default false.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use, so that the activation is not collected as idle. Default false.</summary>
    public bool KeepAlive { get; init; }
}

/// <summary>State kept by a storage provider, loaded before the grain is activated.</summary>
/// <typeparam name="TState">The state class.</typeparam>
public interface IPersistentState<TState> : IStorage<TState>;

/// <summary>Marks a grain constructor's <see cref="IPersistentState{TState}"/> parameter with its name and store.</summary>
/// <param name="stateName">The name the state is stored under.</param>
/// <param name="storageName">The store; null for the default one.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
{
    /// <summary>The name the state is stored under.</summary>
    public string StateName { get; } = stateName;

    /// <summary>The store; null for the default one.</summary>
    public string? StorageName { get; } = storageName;
}

/// <summary>What a silo knows of itself.</summary>
public interface ILocalSiloDetails
{
    /// <summary>The silo's name.</summary>
    string Name { get; }

    /// <summary>The cluster's id.</summary>
    string ClusterId { get; }

    /// <summary>The machine's name.</summary>
    string DnsHostName { get; }

    /// <summary>The silo's address.</summary>
    SiloAddress SiloAddress { get; }

    /// <summary>The address clients would use.</summary>
    SiloAddress GatewayAddress { get; }
}

/// <summary>The root of what the engine itself throws.</summary>
[GenerateSerializer]
public class OrleansException : Exception
{
    /// <summary>Makes an exception.</summary>
    public OrleansException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public OrleansException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A host was configured in a way that cannot work; the start fails.</summary>
public class OrleansConfigurationException : Exception
{
    /// <summary>Makes an exception with a message.</summary>
    public OrleansConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public OrleansConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A message could not be handed to any activation.</summary>
[GenerateSerializer]
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }

    internal OrleansMessageRejectionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The silo that ran the call is gone: whether the call had an effect is unknown.</summary>
[GenerateSerializer]
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>Makes an exception.</summary>
    public SiloUnavailableException()
        : base("SiloUnavailableException")
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public SiloUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
