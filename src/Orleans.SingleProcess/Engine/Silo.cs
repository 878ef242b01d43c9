using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>A silo: a place for activations with its own services, clock and options.</summary>
internal sealed partial class Silo : Node, ILocalSiloDetails
{
    private static int s_generation;
    private readonly ILogger<Silo> _logger;
    private readonly Refusals _refusals;
    private ITimer? _collector;

    public Silo(
        Cluster cluster,
        IServiceProvider services,
        TimeProvider time,
        ILogger<Silo> logger,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection,
        IOptions<ClusterOptions> clusterOptions,
        IOptions<SiloOptions> siloOptions,
        IOptions<EndpointOptions> endpoints,
        Refusals refusals)
        : base(cluster, services, time, messaging.Value)
    {
        (_logger, _refusals, Collection) = (logger, refusals, collection.Value);
        var generation = Interlocked.Increment(ref s_generation);
        Name = siloOptions.Value.SiloName ?? $"Silo_{generation}";
        ClusterId = clusterOptions.Value.ClusterId;
        SiloAddress = SiloAddress.New(IPAddress.Loopback, endpoints.Value.SiloPort, generation);
        GatewayAddress = SiloAddress.New(IPAddress.Loopback, endpoints.Value.GatewayPort, 0);
        PropagatesActivity = refusals.PropagatesActivity;
    }

    public string Name { get; }

    public string ClusterId { get; }

    public string DnsHostName => Environment.MachineName;

    public SiloAddress SiloAddress { get; }

    public SiloAddress GatewayAddress { get; }

    internal GrainCollectionOptions Collection { get; }

    internal bool PropagatesActivity { get; }

    internal bool IsStopping { get; private set; }

    internal ConcurrentDictionary<GrainId, Activation> Duplicates { get; } = new();

    /// <summary>Joins the cluster, or refuses with every reason there is.</summary>
    internal void Start()
    {
        List<string> problems = [.. _refusals.Messages, .. Cluster.Map.Violations];
        if (problems.Count > 0)
        {
            throw new OrleansConfigurationException(
                $"The silo cannot start, {problems.Count} problem(s):{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", problems)}");
        }

        _collector = Time.CreateTimer(static state => ((Silo)state!).Collect(), this, Collection.CollectionQuantum, Collection.CollectionQuantum);
        Cluster.Join(this);
        LogStarted(Name, EngineInfo.Name, EngineInfo.Version, Cluster.Map.Count);
    }

    /// <summary>Deactivates everything here in order and leaves.</summary>
    internal async Task StopAsync(CancellationToken token)
    {
        if (IsDown || IsStopping)
        {
            return;
        }

        IsStopping = true;
        _collector?.Dispose();
        try
        {
            List<Task> ending = [];
            foreach (var activation in Cluster.ActivationsOf(this))
            {
                activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is shutting down."), token);
                ending.Add(activation.Deactivated);
            }

            await Task.WhenAll(ending).WaitAsync(token);
        }
        catch (OperationCanceledException)
        {
            LogStopCutShort(Name);
        }

        Kill();
    }

    /// <summary>The silo is gone at once: its activations vanish.</summary>
    internal void Kill()
    {
        if (IsDown)
        {
            return;
        }

        IsDown = true;
        IsStopping = true;
        _collector?.Dispose();
        Cluster.Leave(this);
        foreach (var activation in Cluster.ActivationsOf(this))
        {
            activation.Kill();
        }
    }

    private void Collect()
    {
        var now = Time.GetTimestamp();
        foreach (var activation in Cluster.ActivationsOf(this).Where(a => a.IsIdle(now)))
        {
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "The activation was idle."));
        }
    }
}
