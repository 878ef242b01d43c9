using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Orleans.SingleProcess;

/// <summary>What only this engine can do to a running cluster: kill activations and force duplicates.</summary>
public sealed class EngineControl
{
    private readonly Cluster _cluster;

    internal EngineControl(Cluster cluster) => _cluster = cluster;

    /// <summary>How many activations there are.</summary>
    public int ActivationCount => _cluster.Activations.Count();

    /// <summary>The name of the silo a grain is active on, or null.</summary>
    public string? SiloOf(IAddressable grain) => _cluster.TryFind(grain.GetGrainId())?.Silo.Name;

    /// <summary>Kills the grain's activation: it vanishes without OnDeactivateAsync and its calls fail as on a silo's death. False when there is none.</summary>
    public bool Kill(IAddressable grain)
    {
        var activation = _cluster.TryFind(grain.GetGrainId());
        activation?.Kill();
        return activation is not null;
    }

    /// <summary>Ends the grain's activation in order and waits until it is gone.</summary>
    public async Task DeactivateAsync(IAddressable grain)
    {
        if (_cluster.TryFind(grain.GetGrainId()) is { } activation)
        {
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.RuntimeRequested, "A test asked for it."));
            await activation.Deactivated;
        }
    }

    /// <summary>
    /// Makes a second activation of the grain on another silo. Callers on that silo (its grains, and the grain factory among its services)
    /// reach the second, everyone else the first, as when membership is split. Dispose the result to end the second in order.
    /// </summary>
    public IAsyncDisposable ForceDuplicate(IAddressable grain, InProcessSiloHandle silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var id = grain.GetGrainId();
        return _cluster.TryFind(id) is { } first && ReferenceEquals(first.Silo, silo.Silo)
            ? throw new InvalidOperationException($"{id} is active on {silo.Name} already: force its duplicate on another silo.")
            : new Healing(_cluster.Duplicate(id, silo.Silo));
    }

    /// <summary>
    /// The other silos take this one for dead while its code goes on, as when a process stands still for too long and wakes: they make activations
    /// of their own for its grains, and it does not know. Kill it to end that.
    /// </summary>
    public void Isolate(InProcessSiloHandle silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        _cluster.Isolate(silo.Silo);
    }

    private sealed class Healing(Activation duplicate) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            duplicate.Deactivate(new DeactivationReason(DeactivationReasonCode.DuplicateActivation, "The split is over."));
            await duplicate.Deactivated;
        }
    }
}

/// <summary>How tests reach what only this engine offers.</summary>
public static class SingleProcessExtensions
{
    /// <summary>Control over a test cluster's engine.</summary>
    public static EngineControl Engine(this InProcessTestCluster cluster) => new(cluster.Cluster);

    /// <summary>Sets scheduler, hooks and grain types of a test cluster.</summary>
    public static InProcessTestClusterBuilder ConfigureEngine(this InProcessTestClusterBuilder builder, Action<SingleProcessOptions> configure)
    {
        configure(builder.Options.Engine);
        return builder;
    }

    /// <summary>Sets scheduler, hooks and grain types of a host's silo.</summary>
    public static ISiloBuilder ConfigureEngine(this ISiloBuilder builder, Action<SingleProcessOptions> configure) => builder.Configure(configure);
}
