#if !ORLEANS_PACKAGES
using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Grains;
using Campaigns.Testing;
using CarrierSimulator;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.SingleProcess;
using Xunit.Abstractions;

namespace Campaigns.EndToEnd.Tests;

/// <summary>Orleans may briefly have two activations of one grain. The stand-in can force it; real Orleans cannot be asked to.</summary>
public sealed class DuplicateActivationTests(PostgresFixture fixture, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Campaign_WhenTwoActivationsDriveItAtOnce_CallsNobodyTwice()
    {
        await using var bed = await CampaignBed.CreateAsync(
            fixture,
            new SeedShape
            {
                Numbers = CampaignBed.Numbers(150, [.. Enumerable.Range(0, 100).Where(d => d is not (72 or 73 or 74 or 76 or 97))]),
                MaxConcurrent = 20,
                CallsPerMinute = 900,
                AttemptsPerDay = 20,
            },
            new CarrierSimulatorOptions { Speed = 60, CallsPerMinute = null, CallbackFormat = CallbackFormat.Rotate });
        await using var host = await ClusterHost.StartAsync(bed, silos: 2);
        var engine = host.Cluster.Engine();
        var campaign = host.Cluster.Client.GetGrain<ICampaignGrain>(bed.Seed.CampaignId);

        // Each round: drive here, then force a second activation on the other silo and poke both until the first has been told to go.
        for (var round = 0; round < 10; round++)
        {
            await campaign.DriveAsync(CancellationToken.None);
            var at = engine.SiloOf(campaign);
            var other = host.Cluster.Silos.First(s => s.Name != at);
            await using (engine.ForceDuplicate(campaign, other))
            {
                var twin = other.ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<ICampaignGrain>(bed.Seed.CampaignId);
                await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? campaign : twin).DriveAsync(CancellationToken.None)));
                var seen = bed.Carrier.Ledger.Entries.Count;
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
                await bed.Carrier.Ledger.WhenAsync(e => e.Sequence > seen + 2, patience.Token);

                // The lease changes hands under both of them: the one that had it goes on with stale claims and a stale epoch.
                await bed.Seed.ExecuteAsync("UPDATE campaigns SET lease_until = now() - interval '1 hour' WHERE id = $1", bed.Seed.CampaignId);
                await twin.DriveAsync(CancellationToken.None);
                await bed.Carrier.Ledger.WhenAsync(e => e.Sequence > seen + 6, patience.Token);
            }
        }

        var counts = await bed.WhenCampaignIsAsync(CampaignStatus.Completed, TimeSpan.FromMinutes(2));
        var epoch = await bed.Seed.ScalarAsync<long>("SELECT lease_epoch FROM campaigns WHERE id = $1", bed.Seed.CampaignId);
        output.WriteLine($"{string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"))}; lease epoch {epoch}");
        Assert.True(epoch > 1, "The lease never changed hands: the test did not put two activations against each other.");
        await bed.NobodyIsCalledTwiceAsync();
        await bed.NobodyIsLostAsync();
        bed.CapsHold(20, 900);
    }
}
#endif
