using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.SingleProcess.Tests;

public sealed class HostTests
{
    [Fact]
    public async Task UseOrleans_InAHost_RunsGrains()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(12000)
            .AddMemoryGrainStorage("memory")
            .ConfigureEngine(o => o.GrainTypes = type => type.Namespace == typeof(TestCluster).Namespace));
        builder.Services.AddSingleton<Board>();
        using var host = builder.Build();
        await host.StartAsync();
        var details = host.Services.GetRequiredService<ILocalSiloDetails>();
        Assert.Equal(12000, details.SiloAddress.Endpoint.Port);
        Assert.Equal(details.SiloAddress.ToString(), await host.Services.GetRequiredService<IClusterClient>().GetGrain<IWorkGrain>("a").Where());
        await host.StopAsync();
        Assert.Equal(["activate a", "deactivate a ShuttingDown"], host.Services.GetRequiredService<Board>().Events);
        Assert.Equal("single-process", EngineInfo.Name);
    }

    [Fact]
    public void Grain_MadeOutsideTheEngine_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => new BareGrain());
}
