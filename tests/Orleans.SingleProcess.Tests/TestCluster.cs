using Campaigns.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Orleans.SingleProcess.Tests;

/// <summary>A deployed cluster with the board its grains write on.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private TestCluster(InProcessTestCluster cluster, Board board) => (Cluster, Board) = (cluster, board);

    public InProcessTestCluster Cluster { get; }

    /// <summary>Lets the next due time come. False when nothing is armed: the simulation has come to its end.</summary>
    public static bool PassToNext(FakeClock clock)
    {
        if (clock.NextDue is null)
        {
            return false;
        }

        clock.AdvanceToNext();
        return true;
    }

    public Board Board { get; }

    public IClusterClient Client => Cluster.Client;

    public EngineControl Engine => Cluster.Engine();

    public static async Task<TestCluster> StartAsync(
        short silos = 1, TimeProvider? clock = null, Action<SingleProcessOptions>? engine = null, Action<ISiloBuilder>? configure = null)
    {
        var board = new Board();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureEngine(options => options.GrainTypes = type => type.Namespace == typeof(TestCluster).Namespace);
        builder.ConfigureEngine(options => engine?.Invoke(options));
        builder.ConfigureHost(host => host.Services.AddSingleton(clock ?? TimeProvider.System));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(board);
            silo.AddMemoryGrainStorage("memory");
            silo.Configure<GrainCollectionOptions>(o => (o.CollectionAge, o.CollectionQuantum) = (TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1)));
            configure?.Invoke(silo);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestCluster(cluster, board);
    }

    public IWorkGrain Work(string key) => Client.GetGrain<IWorkGrain>(key);

    /// <summary>Completes when the grain's present activation is gone.</summary>
    public Task EndOf(IAddressable grain) => Cluster.Cluster.TryFind(grain.GetGrainId())!.Deactivated;

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
