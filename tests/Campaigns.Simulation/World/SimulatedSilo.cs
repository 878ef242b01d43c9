using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Grains;
using Campaigns.Silo.Supervision;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.Virtual;
using Campaigns.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.SingleProcess;

namespace Campaigns.Simulation.World;

/// <summary>The process of one silo: the real grains, supervisor and rescuer on ports that fail.</summary>
internal sealed class SimulatedSilo : Process
{
    private static readonly IConfiguration NoConfiguration = new ConfigurationBuilder().Build();
    private readonly SimulatedWorld _world;
    private readonly ServiceProvider _services;
    private readonly CancellationTokenSource _stopping = new();

    public SimulatedSilo(SimulatedWorld world, SimulatedCluster cluster, string name, int number)
        : base(name, number)
    {
        (_world, Cluster) = (world, cluster);
        Clock = new VirtualClock(world.Kernel, this);
        Tasks = new ProcessTasks(world.Kernel, this);
        world.Kernel.Know(this);
        _services = Compose(world);
        Engine = _services.GetRequiredService<Orleans.SingleProcess.Silo>();
    }

    public SimulatedCluster Cluster { get; }

    public VirtualClock Clock { get; }

    /// <summary>By how much its clock is wrong when nobody has set it back or ahead.</summary>
    public required TimeSpan SteadySkew
    {
        get;
        init => field = Clock.Skew = value;
    }

    public ProcessTasks Tasks { get; }

    public Orleans.SingleProcess.Silo Engine { get; }

    public bool IsStopping { get; private set; }

    /// <summary>Whether the rest of its cluster takes it for dead.</summary>
    public bool IsIsolated { get; private set; }

    /// <summary>Whether a webhook or an operator's command may come to it.</summary>
    public bool IsOpen => !IsDead && !IsStopping && !IsIsolated;

    public GrainCarrierReports Reports => _services.GetRequiredService<GrainCarrierReports>();

    public IGrainFactory Grains => Engine;

    public void Start()
    {
        Engine.Start();
        _ = Tasks.Run(() => _services.GetRequiredService<CampaignSupervisor>().RunAsync(_stopping.Token));
        _ = Tasks.Run(() => _services.GetRequiredService<CallRescuer>().RunAsync(_stopping.Token));
        _ = Tasks.Run(() => _services.GetRequiredService<PermitReconciler>().RunAsync(_stopping.Token));
    }

    /// <summary>The process is gone at once.</summary>
    public void Crash()
    {
        if (IsDead)
        {
            return;
        }

        _world.Trace.Say($"{Name} dies");
        Die();
        Engine.Kill();
        _world.OnDeath(this);
    }

    /// <summary>The others take it for dead.</summary>
    public void Isolate()
    {
        if (!IsDead)
        {
            _world.Trace.Say($"{Name} is taken for dead");
            IsIsolated = true;
            _world.Tally.Isolated++;
            Cluster.Engine.Isolate(Engine);
        }
    }

    /// <summary>Ends in order: background services first, then the grains.</summary>
    public void Drain()
    {
        if (!IsOpen)
        {
            return;
        }

        _world.Trace.Say($"{Name} drains");
        IsStopping = true;
        _ = Tasks.Run(async () =>
        {
            // Here, not on the thread pool, where CancelAsync would tell of it.
#pragma warning disable MA0042, CA1849
            _stopping.Cancel();
#pragma warning restore MA0042, CA1849
            await Engine.StopAsync(CancellationToken.None);
            Crash();
        });
        _world.Kernel.After(TimeSpan.FromSeconds(15), Crash);
    }

    private ServiceProvider Compose(SimulatedWorld world)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(world.Trace.On ? new TraceLoggers(world.Trace, Name) : NullLoggerFactory.Instance);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(Cluster.Engine);
        SiloServices.Add(services, NoConfiguration, _ => { });
        services.AddSingleton(Options.Create(new SiloOptions { SiloName = Name }));
        services.AddSingleton(Options.Create(new GrainCollectionOptions { CollectionAge = world.Scenario.CollectionAge, CollectionQuantum = TimeSpan.FromSeconds(20) }));
        services.AddSingleton(Options.Create(world.Scenario.Drive));
        var port = new Port(world, this);
        services.AddSingleton<ICampaignStore>(new PortedCampaignStore(port, new ModelCampaignStore(world.Database), world.Judge));
        services.AddSingleton<IContactStore>(new PortedContactStore(port, new ModelContactStore(world.Database), world.Judge));
        services.AddSingleton<IPermitLedger>(new PortedPermitLedger(port, new ModelPermitLedger(world.Database), world.Judge));
        services.AddSingleton<ICarrier>(new CarrierClient(world, port));
        services.AddSingleton<ILocalCalls, NoCalls>();
        services.AddSingleton<SiloWork>();
        services.AddSingleton<ILeaseNews, NoNews>();
        services.AddSingleton<GrainCarrierReports>();
        services.AddSingleton<CampaignSupervisor>();
        services.AddSingleton<CallRescuer>();
        services.AddSingleton<PermitReconciler>();
        return services.BuildServiceProvider();
    }
}

/// <summary>Silos with one directory. Several of them on one database are a deployment that was split, or one not yet joined.</summary>
internal sealed class SimulatedCluster(int number, SingleProcessOptions options)
{
    public int Number { get; } = number;

    public Cluster Engine { get; } = new(options);

    public List<SimulatedSilo> Silos { get; } = [];
}
