using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Postgres.Campaigns;
using Campaigns.Testing;
using CarrierSimulator;
using Xunit.Abstractions;

namespace Campaigns.EndToEnd.Tests;

/// <summary>Hosts die while they hold permits at every stage; in the end nobody holds one, and there never were too many.</summary>
public sealed class PermitCrashTests(PostgresFixture fixture, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int Cap = 12;

    private static readonly (string Stage, string Sql)[] Stages =
    [
        ("claimed", "kind = 'CLAIM'"),
        ("dialling", "session_state = 'DIALING'"),
        ("ringing", "session_state = 'RINGING'"),
        ("answered", "session_state = 'ANSWERED'"),
        ("unknown", "session_state = 'UNKNOWN'"),
    ];

    [PostgresFact]
    public async Task Permits_WhenHostsDieAtEveryStage_AllComeBackAndTheCapHolds()
    {
        await using var bed = await CampaignBed.CreateAsync(
            fixture,
            new SeedShape
            {
                // Answered, busy, not answered, and answers of the carrier that get lost.
                Numbers = CampaignBed.Numbers(90, [1, 3, 5, 52, 61, 80, 85, 90]),
                OrganizationCap = Cap,
                MaxConcurrent = 100,
                CallsPerMinute = 600,
                AttemptsPerDay = 20,
            },
            new CarrierSimulatorOptions { Speed = 30, CallsPerMinute = null });
        var other = await bed.Seed.CreateSiblingAsync(new SeedShape
        {
            Numbers = CampaignBed.Numbers(90, [1, 3, 5, 52, 61, 80, 85, 90], firstMiddle: 300_000),
            CallsPerMinute = 600,
            Weight = 3,
            AttemptsPerDay = 20,
            Retry = CampaignBed.ThreeTries,
        });
        var port = Loopback.FreePort();
        foreach (var (stage, sql) in Stages)
        {
            await using var doomed = await HostProcess.StartAsync(bed, $"dies-{stage}", port);
            output.WriteLine($"Killed while {stage}: {await WhenAsync(bed, sql)}.");
            await doomed.KillAsync();
        }

        await using var last = await HostProcess.StartAsync(bed, "last", port);
        await bed.WhenCampaignIsAsync(CampaignStatus.Completed, TimeSpan.FromMinutes(4));
        await WhenOverAsync(other, TimeSpan.FromMinutes(4));

        Assert.Equal(0L, await bed.Seed.ScalarAsync<long>("SELECT count(*) FROM permits WHERE organization_id = $1", bed.Seed.OrganizationId));
        Assert.Equal(0L, await bed.Seed.ScalarAsync<long>(
            "SELECT sum(in_flight) FROM campaign_counters WHERE organization_id = $1", bed.Seed.OrganizationId));
        var now = TimeProvider.System.GetUtcNow().AddMinutes(5);
        Assert.Empty(await new PostgresPermitLedger(bed.Seed.Database).ReconcileAsync(now, now, 1_000, CancellationToken.None));
        Assert.Null(await other.CounterDifferenceAsync());
        await bed.NobodyIsCalledTwiceAsync();
        await bed.NobodyIsLostAsync();
        bed.CapsHold(Cap, 1_200);
    }

    /// <summary>Whether the stage came; late in the campaign it may not come any more.</summary>
    private static async Task<bool> WhenAsync(CampaignBed bed, string sql)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        try
        {
            while (!await bed.Seed.ScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM permits WHERE organization_id = $1 AND {sql})", bed.Seed.OrganizationId))
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task WhenOverAsync(CampaignSeed campaign, TimeSpan time)
    {
        using var patience = new CancellationTokenSource(time);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await campaign.Campaigns.LoadAsync(campaign.CampaignId, CancellationToken.None) is not { Status: CampaignStatus.Completed })
        {
            try
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"The other campaign is not over: {string.Join(", ", (await campaign.CountAsync()).Select(c => $"{c.Key} {c.Value}"))}");
            }
        }
    }
}
