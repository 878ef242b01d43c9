using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.SingleProcess;

namespace Orleans.TestingHost;

/// <summary>Several silos with one directory in this process, each with a host of its own, and a client.</summary>
public sealed class InProcessTestCluster : IDisposable, IAsyncDisposable
{
    private readonly List<InProcessSiloHandle> _silos = [];
    private readonly Lock _lock = new();
    private IHost? _clientHost;
    private int _started;

    internal InProcessTestCluster(InProcessTestClusterOptions options)
    {
        Options = options;
        Cluster = new Cluster(options.Engine);
    }

    /// <summary>How the cluster was built.</summary>
    public InProcessTestClusterOptions Options { get; }

    /// <summary>Every silo that was not stopped or killed, in the order they started.</summary>
    public ReadOnlyCollection<InProcessSiloHandle> Silos
    {
        get
        {
            lock (_lock)
            {
                return _silos.ToList().AsReadOnly();
            }
        }
    }

    /// <summary>Calls grains from outside the silos; throws <see cref="InvalidOperationException"/> before <see cref="DeployAsync"/>.</summary>
    public IClusterClient Client => _clientHost?.Services.GetRequiredService<IClusterClient>()
        ?? throw new InvalidOperationException("The client is not initialised: call DeployAsync first.");

    internal Cluster Cluster { get; }

    /// <summary>Starts the initial silos and the client.</summary>
    public async Task DeployAsync()
    {
        await StartSilosAsync(Options.InitialSilosCount);
        if (Options.InitializeClientOnDeploy)
        {
            await InitializeClientAsync();
        }
    }

    /// <summary>Starts the client.</summary>
    public async Task InitializeClientAsync()
    {
        var builder = CreateHost();
        foreach (var configure in Options.ClientHostConfigurationDelegates)
        {
            configure(builder);
        }

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IClusterClient>(s => new Client(
            Cluster, s, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IOptions<ClientMessagingOptions>>().Value));
        builder.Services.AddSingleton<IGrainFactory>(s => s.GetRequiredService<IClusterClient>());
        _clientHost = builder.Build();
        await _clientHost.StartAsync();
    }

    /// <summary>Starts one more silo.</summary>
    public async Task<InProcessSiloHandle> StartAdditionalSiloAsync() => (await StartSilosAsync(1))[0];

    /// <summary>Starts more silos.</summary>
    public async Task<List<InProcessSiloHandle>> StartSilosAsync(int silosToStart)
    {
        List<InProcessSiloHandle> started = [];
        for (var i = 0; i < silosToStart; i++)
        {
            started.Add(await StartSiloAsync(Interlocked.Increment(ref _started) - 1, Options));
        }

        return started;
    }

    /// <summary>Starts a silo of the given number.</summary>
    public async Task<InProcessSiloHandle> StartSiloAsync(int instanceNumber, InProcessTestClusterOptions clusterOptions)
    {
        ArgumentNullException.ThrowIfNull(clusterOptions);
        var specific = InProcessTestSiloSpecificOptions.Create(instanceNumber);
        var builder = CreateHost();
        builder.Services.AddSingleton(Cluster);
        builder.UseOrleans(silo => silo
            .Configure<SiloOptions>(o => o.SiloName = specific.SiloName)
            .Configure<EndpointOptions>(o => (o.SiloPort, o.GatewayPort) = (specific.SiloPort, specific.GatewayPort))
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (clusterOptions.ClusterId, clusterOptions.ServiceId)));
        foreach (var configure in clusterOptions.SiloHostConfigurationDelegates)
        {
            configure(specific, builder);
        }

        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        var handle = new InProcessSiloHandle
        {
            SiloHost = host,
            Silo = host.Services.GetRequiredService<Silo>(),
            Name = specific.SiloName,
            InstanceNumber = (short)instanceNumber,
        };
        lock (_lock)
        {
            _silos.Add(handle);
        }

        return handle;
    }

    /// <summary>The services of a silo; of the first one when none is named.</summary>
    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null) =>
        (silo is null ? Silos[0] : GetSiloForAddress(silo) ?? throw new ArgumentException($"There is no silo {silo}.", nameof(silo))).ServiceProvider;

    /// <summary>The silo at an address, or null.</summary>
    public InProcessSiloHandle? GetSiloForAddress(SiloAddress siloAddress) => Silos.FirstOrDefault(s => s.SiloAddress.Equals(siloAddress));

    /// <summary>The silos that run.</summary>
    public IEnumerable<InProcessSiloHandle> GetActiveSilos() => Silos.Where(s => s.IsActive);

    /// <summary>Stops a silo in order: its activations deactivate, then it leaves.</summary>
    public Task StopSiloAsync(InProcessSiloHandle instance) => RemoveAsync(instance, true);

    /// <summary>Kills a silo: its activations vanish, calls to them fail with <see cref="SiloUnavailableException"/>, its host is torn down.</summary>
    public Task KillSiloAsync(InProcessSiloHandle instance) => RemoveAsync(instance, false);

    /// <summary>Stops a silo and starts it again under its name.</summary>
    public async Task<InProcessSiloHandle?> RestartSiloAsync(InProcessSiloHandle instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        await StopSiloAsync(instance);
        return await StartSiloAsync(instance.InstanceNumber, Options);
    }

    /// <summary>Stops every silo and the client.</summary>
    public async Task StopAllSilosAsync()
    {
        if (_clientHost is { } client)
        {
            _clientHost = null;
            await client.StopAsync();
            client.Dispose();
        }

        foreach (var silo in Silos.Reverse())
        {
            await StopSiloAsync(silo);
        }
    }

    /// <summary>Changes of membership show at once in this engine, so there is nothing to wait for.</summary>
    public Task WaitForLivenessToStabilizeAsync(bool didKill = false) => Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Nothing of a test's cluster needs an orderly end, and with a clock that stands still it might never come.
        foreach (var silo in Silos)
        {
            await KillSiloAsync(silo);
        }

        _clientHost?.Dispose();
        _clientHost = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var silo in Silos)
        {
            silo.Silo.Kill();
            silo.SiloHost.Dispose();
        }

        _clientHost?.Dispose();
    }

    private static HostApplicationBuilder CreateHost() =>
        Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });

    private async Task RemoveAsync(InProcessSiloHandle instance, bool gracefully)
    {
        ArgumentNullException.ThrowIfNull(instance);
        await instance.StopSiloAsync(gracefully);
        lock (_lock)
        {
            _silos.Remove(instance);
        }
    }
}
