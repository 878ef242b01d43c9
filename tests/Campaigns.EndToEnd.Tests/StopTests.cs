using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Grains;
using Campaigns.Testing;
using CarrierSimulator;

namespace Campaigns.EndToEnd.Tests;

/// <summary>Stop means stop: what the ledger shows after the command has returned.</summary>
public sealed class StopTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Pause_WhenDialsAreInFullSwing_LetsNoneStartAfterItReturned()
    {
        await using var bed = await CreateAsync(fixture);
        var host = await bed.StartHostAsync("solo");
        var campaign = host.Grains.GetGrain<ICampaignGrain>(bed.Seed.CampaignId);
        for (var round = 1; round <= 10; round++)
        {
            var before = bed.Carrier.Ledger.Entries.Count;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await bed.Carrier.Ledger.WhenAsync(e => e.Sequence > before + 3, patience.Token);

            var result = await campaign.PauseAsync("lunch", CancellationToken.None);
            var atReturn = bed.Carrier.Ledger.Entries.Max(e => e.Sequence);

            // Longer than the ticks, the look of the supervisor and the rescuer: who would dial has had every chance.
            await bed.Carrier.WhenIdleAsync(patience.Token);
            Assert.Equal(CampaignStatus.Paused, result.Status);
            Assert.Equal(atReturn, bed.Carrier.Ledger.Entries.Max(e => e.Sequence));
            await campaign.ResumeAsync(CancellationToken.None);
        }

        await bed.NobodyIsCalledTwiceAsync();
    }

    [PostgresFact]
    public async Task Pause_WhenAnotherHostDrives_StopsItToo()
    {
        await using var bed = await CreateAsync(fixture);
        await bed.StartHostAsync("driver");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await bed.Carrier.Ledger.WhenAsync(e => e.Sequence > 5, patience.Token);
        var other = await bed.StartHostAsync("other");

        var result = await other.Grains.GetGrain<ICampaignGrain>(bed.Seed.CampaignId).PauseAsync("stop", CancellationToken.None);
        var atReturn = bed.Carrier.Ledger.Entries.Max(e => e.Sequence);
        await bed.Carrier.WhenIdleAsync(patience.Token);

        Assert.Equal(CommandResultKind.Applied, result.Kind);
        Assert.Equal(atReturn, bed.Carrier.Ledger.Entries.Max(e => e.Sequence));
    }

    [PostgresFact]
    public async Task Cancel_WhenCallsAreLive_LandsThemAndDialsNobodyElse()
    {
        await using var bed = await CreateAsync(fixture);
        var host = await bed.StartHostAsync("solo");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await bed.Carrier.Ledger.WhenAsync(e => e.Sequence > 10, patience.Token);

        var result = await host.Grains.GetGrain<ICampaignGrain>(bed.Seed.CampaignId).CancelAsync(CancellationToken.None);
        var atReturn = bed.Carrier.Ledger.Entries.Max(e => e.Sequence);
        await bed.Carrier.WhenIdleAsync(patience.Token);

        Assert.Equal(CampaignStatus.Cancelled, result.Status);
        Assert.Equal(atReturn, bed.Carrier.Ledger.Entries.Max(e => e.Sequence));
        var counts = await bed.WhenCampaignIsAsync(CampaignStatus.Cancelled, TimeSpan.FromSeconds(1));
        Assert.True(counts[ContactStatus.Cancelled] > 100);
        await bed.NobodyIsCalledTwiceAsync();
    }

    private static Task<CampaignBed> CreateAsync(PostgresFixture fixture) => CampaignBed.CreateAsync(
        fixture,
        new SeedShape { Numbers = CampaignBed.Numbers(400, [1, 3, 5, 52, 61]), MaxConcurrent = 60, CallsPerMinute = 1500, AttemptsPerDay = 20 },
        new CarrierSimulatorOptions { Speed = 100, CallsPerMinute = null });
}
