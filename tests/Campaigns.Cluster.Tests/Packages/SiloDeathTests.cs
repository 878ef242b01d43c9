#if ORLEANS_PACKAGES
using System.Globalization;
using Campaigns.Cluster.Tests.Bed;
using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Grains;
using Campaigns.Hosting.Cluster;
using Campaigns.Testing;
using CarrierSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Xunit.Abstractions;

namespace Campaigns.Cluster.Tests.Packages;

/// <summary>How long the grains of a silo that was killed are missed, by the probes that are set: the figures in docs/cluster.md.</summary>
public sealed class SiloDeathTests(PostgresFixture fixture, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [PostgresTheory]
    [InlineData("KILL", "00:00:05", 3)]
    [InlineData("KILL", "00:00:01", 3)]
    [InlineData("STOP", "00:00:01", 3)]
    public async Task Grain_OfASiloThatIsGone_IsReachedOnAnother(string signal, string probe, int missed)
    {
        await using var bed = await CampaignBed.CreateAsync(
            fixture,
            new SeedShape { Contacts = 500, CallsPerMinute = 60 },
            new CarrierSimulatorOptions { Speed = 60, CallsPerMinute = null });
        await using var cluster = new ProcessCluster(bed)
        {
            Settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Campaigns:Cluster:ProbeTimeout"] = probe,
                ["Campaigns:Cluster:MissedProbes"] = missed.ToString(CultureInfo.InvariantCulture),
            },
        };
        await cluster.StartAsync("one", "two", "three");
        using var client = await ConnectAsync(cluster.ClusterId);
        var campaign = client.Services.GetRequiredService<IGrainFactory>().GetGrain<ICampaignGrain>(bed.Seed.CampaignId);
        var owner = await cluster.OwnerAsync();
        await campaign.DriveAsync(CancellationToken.None);

        // A killed process closes its connections; a stopped one, like a machine that is gone, leaves them open.
        await cluster[owner].SignalAsync(signal);
        var gone = TimeProvider.System.GetTimestamp();
        var driving = DrivenByAnotherAsync(cluster, owner, gone);
        var reached = await FirstAnswerAsync(campaign, gone);
        var driven = await driving;
        output.WriteLine(
            $"{signal}, probes of {probe}, {missed} missed: reached after {reached.TotalSeconds:0.0} s, driven after {driven.TotalSeconds:0.0} s.");
        if (signal == "STOP")
        {
            // It finds that it was voted out, and ends itself.
            await cluster[owner].SignalAsync("CONT");
            Assert.NotEqual(0, await cluster[owner].EndAsync());
        }
    }

    [PostgresFact]
    public async Task Cluster_OfWhichNobodyIsLeft_ComesBackAtOtherAddresses()
    {
        await using var bed = await CampaignBed.CreateAsync(
            fixture,
            new SeedShape { Contacts = 500, CallsPerMinute = 60 },
            new CarrierSimulatorOptions { Speed = 60, CallsPerMinute = null });
        await using var cluster = new ProcessCluster(bed)
        {
            Settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Campaigns:Cluster:AliveEvery"] = "00:00:01",
                ["Campaigns:Cluster:JoinWithin"] = "00:00:20",
            },
        };
        await cluster.StartAsync("one", "two");
        await Task.WhenAll(cluster["one"].KillAsync(), cluster["two"].KillAsync());

        // What keeps it running starts it again when it gives up.
        var gone = TimeProvider.System.GetTimestamp();
        var starts = 1;
        for (var silo = cluster.Start("three"); !await silo.TryWhenReadyAsync(); silo = cluster.Start("three"), starts++)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(gone) < Patience, $"No cluster after {Patience} and {starts} starts.\n{cluster.Outputs}");
        }

        Assert.Equal("three", await cluster.OwnerAsync());
        output.WriteLine($"Back after {TimeProvider.System.GetElapsedTime(gone).TotalSeconds:0.0} s and {starts} starts.");
    }

    /// <summary>Asks again and again, without waiting for those before, until one is answered.</summary>
    private static async Task<TimeSpan> FirstAnswerAsync(ICampaignGrain campaign, long since)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var asked = new List<Task>();
        while (!asked.Exists(call => call.IsCompletedSuccessfully))
        {
            asked.Add(campaign.DriveAsync(CancellationToken.None));
            await timer.WaitForNextTickAsync(deadline.Token);
        }

        // Those that went to the dead silo fail in their time, and nobody waits for it.
        _ = Task.WhenAll(asked).ContinueWith(all => _ = all.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return TimeProvider.System.GetElapsedTime(since);
    }

    private static async Task<TimeSpan> DrivenByAnotherAsync(ProcessCluster cluster, string owner, long since)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await cluster.OwnerAsync() == owner)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Patience, $"Nobody took the campaign of {owner} over in {Patience}.\n{cluster.Outputs}");
            await timer.WaitForNextTickAsync();
        }

        return TimeProvider.System.GetElapsedTime(since);
    }

    private async Task<IHost> ConnectAsync(string cluster)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, "campaigns"));
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (OrleansDatabase.Invariant, fixture.ConnectionString));
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
#endif
