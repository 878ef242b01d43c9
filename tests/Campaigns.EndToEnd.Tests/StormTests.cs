using Campaigns.Domain.Pacing;
using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Testing;
using CarrierSimulator;
using Xunit.Abstractions;

namespace Campaigns.EndToEnd.Tests;

/// <summary>The carrier answers everything with 429 for a while.</summary>
public sealed class StormTests(PostgresFixture fixture, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int Contacts = 80;

    [PostgresFact]
    public async Task Storm_WhenEveryDialIsRefused_BurnsNobodyAndNoAttemptAndTheRateComesBack()
    {
        await using var bed = await CampaignBed.CreateAsync(
            fixture,
            new SeedShape
            {
                // Everybody answers, and is done with after one call.
                Numbers = CampaignBed.Numbers(Contacts, [1, 3, 5]),
                MaxConcurrent = 40,
                CallsPerMinute = 900,
                AccountCallsPerMinute = 900,
            },
            new CarrierSimulatorOptions { Speed = 60, CallsPerMinute = null });
        await bed.StartHostAsync("solo");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await bed.Carrier.Ledger.WhenAsync(e => e.Placed && e.Sequence > 8, patience.Token);

        bed.Carrier.Control = bed.Carrier.Control with { RefuseWith = 429 };
        await WhenAsync(bed, async () => await FactorAsync(bed) < 0.5, "the rate to have given way twice", patience.Token);
        var refused = bed.Carrier.Ledger.Entries.Where(e => e.HttpStatus == 429).ToList();
        var deepest = await FactorAsync(bed);
        bed.Carrier.Control = bed.Carrier.Control with { RefuseWith = null };

        // The recovery takes a minute and a half; the storm is put back in time instead of waiting for it.
        await bed.Seed.ExecuteAsync(
            "UPDATE carrier_accounts SET throttled_at = throttled_at - interval '1 hour' WHERE id = $1", bed.Seed.AccountId);
        await bed.WhenCampaignIsAsync(CampaignStatus.Completed, TimeSpan.FromMinutes(2));

        output.WriteLine($"{refused.Count} refusals, factor {deepest:F3}.");
        Assert.True(refused.Count >= 3, $"{refused.Count} dials were refused.");
        Assert.InRange(deepest, RateBackoff.Least, 0.5);
        Assert.True(await FactorAsync(bed) >= deepest, "The rate comes back.");
        Assert.Equal(Contacts, await bed.Seed.ScalarAsync<int>(
            "SELECT count(*)::int FROM campaign_contacts WHERE campaign_id = $1 AND status = 'COMPLETED' AND attempts = 1", bed.Seed.CampaignId));
        await bed.NobodyIsCalledTwiceAsync();
        await bed.NobodyIsLostAsync();
        bed.CapsHold(40, 900);
    }

    private static async Task<double> FactorAsync(CampaignBed bed)
    {
        var factor = await bed.Seed.ScalarAsync<double>("SELECT rate_factor FROM carrier_accounts WHERE id = $1", bed.Seed.AccountId);
        var since = await bed.Seed.ScalarAsync<object>("SELECT throttled_at FROM carrier_accounts WHERE id = $1", bed.Seed.AccountId);
        return RateBackoff.Current(factor, since is DateTime at ? new DateTimeOffset(at) : null, TimeProvider.System.GetUtcNow());
    }

    private static async Task WhenAsync(CampaignBed bed, Func<Task<bool>> isSo, string what, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isSo())
        {
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Waited in vain for {what}; {bed.Carrier.Ledger.Entries.Count(e => e.HttpStatus == 429)} refusals.");
            }
        }
    }
}
