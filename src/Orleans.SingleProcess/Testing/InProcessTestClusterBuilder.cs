using System.Globalization;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.SingleProcess;

namespace Orleans.TestingHost;

/// <summary>Builds a test cluster.</summary>
public sealed class InProcessTestClusterBuilder
{
    /// <summary>A cluster of one silo.</summary>
    public InProcessTestClusterBuilder()
        : this(1)
    {
    }

    /// <summary>A cluster of that many silos.</summary>
    public InProcessTestClusterBuilder(short initialSilosCount) => Options = new InProcessTestClusterOptions { InitialSilosCount = initialSilosCount, ClusterId = CreateClusterId() };

    /// <summary>What is built.</summary>
    public InProcessTestClusterOptions Options { get; }

    /// <summary>A fresh cluster id.</summary>
    public static string CreateClusterId() => string.Create(CultureInfo.InvariantCulture, $"testcluster-{Guid.NewGuid():N}");

    /// <summary>Configures every host, the client's too.</summary>
    public InProcessTestClusterBuilder ConfigureHost(Action<IHostApplicationBuilder> configureDelegate)
    {
        Options.SiloHostConfigurationDelegates.Add((_, builder) => configureDelegate(builder));
        Options.ClientHostConfigurationDelegates.Add(configureDelegate);
        return this;
    }

    /// <summary>Configures each silo.</summary>
    public InProcessTestClusterBuilder ConfigureSilo(Action<InProcessTestSiloSpecificOptions, ISiloBuilder> configureSiloDelegate)
    {
        Options.SiloHostConfigurationDelegates.Add((options, builder) => builder.UseOrleans(silo => configureSiloDelegate(options, silo)));
        return this;
    }

    /// <summary>Configures each silo's host.</summary>
    public InProcessTestClusterBuilder ConfigureSiloHost(Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder> configureSiloHostDelegate)
    {
        Options.SiloHostConfigurationDelegates.Add(configureSiloHostDelegate);
        return this;
    }

    /// <summary>Configures the client.</summary>
    public InProcessTestClusterBuilder ConfigureClient(Action<IClientBuilder> configureClientDelegate)
    {
        Options.ClientHostConfigurationDelegates.Add(builder => configureClientDelegate(new ClientBuilder(builder)));
        return this;
    }

    /// <summary>Configures the client's host.</summary>
    public InProcessTestClusterBuilder ConfigureClientHost(Action<IHostApplicationBuilder> configureHostDelegate)
    {
        Options.ClientHostConfigurationDelegates.Add(configureHostDelegate);
        return this;
    }

    /// <summary>Makes the cluster; <see cref="InProcessTestCluster.DeployAsync"/> starts it.</summary>
    public InProcessTestCluster Build() => new(Options);

    private sealed class ClientBuilder(IHostApplicationBuilder host) : IClientBuilder
    {
        public Microsoft.Extensions.DependencyInjection.IServiceCollection Services => host.Services;

        public Microsoft.Extensions.Configuration.IConfiguration Configuration => host.Configuration;
    }
}

/// <summary>What a test cluster is made of.</summary>
public sealed class InProcessTestClusterOptions
{
    /// <summary>The cluster's id.</summary>
    public string ClusterId { get; set; } = string.Empty;

    /// <summary>The service's id.</summary>
    public string ServiceId { get; set; } = "test";

    /// <summary>Silos started by DeployAsync.</summary>
    public short InitialSilosCount { get; set; } = 1;

    /// <summary>Whether DeployAsync starts the client. Default true.</summary>
    public bool InitializeClientOnDeploy { get; set; } = true;

    /// <summary>Run for each silo's host.</summary>
    public List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> SiloHostConfigurationDelegates { get; } = [];

    /// <summary>Run for the client's host.</summary>
    public List<Action<IHostApplicationBuilder>> ClientHostConfigurationDelegates { get; } = [];

    internal SingleProcessOptions Engine { get; } = new();
}

/// <summary>What differs from silo to silo.</summary>
public sealed class InProcessTestSiloSpecificOptions
{
    /// <summary>The silo's name.</summary>
    public string SiloName { get; set; } = string.Empty;

    /// <summary>Only a name here.</summary>
    public int SiloPort { get; set; }

    /// <summary>Only a name here.</summary>
    public int GatewayPort { get; set; }

    internal static InProcessTestSiloSpecificOptions Create(int instance) => new()
    {
        SiloName = string.Create(CultureInfo.InvariantCulture, $"Silo_{instance}"),
        SiloPort = 11111 + instance,
        GatewayPort = 30000 + instance,
    };
}
