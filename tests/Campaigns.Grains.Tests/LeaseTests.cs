using Campaigns.Grains.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>A lease that was lost in the middle of something: the old owner changes nothing any more.</summary>
public sealed class LeaseTests
{
    private const string Claim = "CampaignStore.ClaimAsync";

    [PostgresFact]
    public async Task Claim_WhenTheLeaseMovedOnBeforeIt_ChangesNothingAndTheGrainStops()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 3 });
        var hold = bed.Tape.HoldBefore(Claim);
        await bed.Campaign.DriveAsync(CancellationToken.None);
        await hold.ReachedAsync();

        await TakeAsync(bed);
        hold.Release();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(1, bed.Tape.Count(Claim));
        Assert.Empty(bed.Carrier.Ledger);
        Assert.Equal(3, (await bed.Seed.CountAsync())[ContactStatus.Pending]);
        Assert.Equal("another host", await bed.Seed.LeaseOwnerAsync());
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dial_WhenTheLeaseMovedOnAfterTheClaim_IsRefusedAtTheGate(bool sweptByTheNewOwner)
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 3 });
        var hold = bed.Tape.HoldAfter(Claim);
        await bed.Campaign.DriveAsync(CancellationToken.None);
        await hold.ReachedAsync();

        var lease = await TakeAsync(bed);
        if (sweptByTheNewOwner)
        {
            await bed.Seed.Contacts.ReleaseStrandedAsync(bed.Seed.CampaignId, lease.Epoch, bed.Driver.Now, CancellationToken.None);
        }

        hold.Release();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(5));

        Assert.Empty(bed.Carrier.Ledger);
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal((ContactStatus.Pending, 0), (c.Status, c.Attempts)));
        Assert.Equal("another host", await bed.Seed.LeaseOwnerAsync());
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Dial_WhenTheNewOwnerHasClaimedTheSameContact_LeavesItsClaimAlone()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        var gate = bed.Tape.HoldBefore("ContactStore.OpenSessionAsync");
        await bed.DriveAsync();
        await gate.ReachedAsync();

        var lease = await TakeAsync(bed);
        await bed.Seed.Contacts.ReleaseStrandedAsync(bed.Seed.CampaignId, lease.Epoch, bed.Driver.Now, CancellationToken.None);
        bed.Seed.Now = bed.Driver.Now.AddSeconds(1);
        var order = Assert.Single((await bed.Seed.ClaimAsync(lease)).Orders);
        gate.Release();
        await bed.Driver.SettleAsync();

        Assert.Empty(bed.Carrier.Ledger);
        Assert.Equal((ContactStatus.Dispatched, 1), ((await bed.Seed.ContactAsync()).Status, (await bed.Seed.ContactAsync()).Attempts));
        Assert.Equal(OpenSessionResult.Opened, await bed.Seed.Contacts.OpenSessionAsync(bed.Seed.Open(order), CancellationToken.None));
    }

    [PostgresFact]
    public async Task Renew_WhenTheLeaseMovedOn_StopsTheGrainWithoutTouchingIt()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 30, CallsPerMinute = 60 });
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));
        var hold = bed.Tape.HoldBefore("CampaignStore.RenewLeaseAsync");
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
        await hold.ReachedAsync();
        var dials = bed.Carrier.Ledger.Count;

        await TakeAsync(bed);
        hold.Release();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(dials, bed.Carrier.Ledger.Count);
        Assert.Equal("another host", await bed.Seed.LeaseOwnerAsync());
    }

    [PostgresFact]
    public async Task Lease_WhileTheCampaignIsDriven_NeverRunsOut()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 1 });
        for (var second = 0; second < 25; second++)
        {
            await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
            Assert.Empty(await bed.Seed.Campaigns.FindUndrivenAsync(bed.Driver.Now, 10, CancellationToken.None));
        }

        Assert.Equal(1, await bed.Seed.EpochAsync());
    }

    /// <summary>The lease runs out in the database and another host takes it.</summary>
    private static async Task<CampaignLease> TakeAsync(GrainBed bed)
    {
        await bed.Seed.ExecuteAsync("UPDATE campaigns SET lease_until = $2 WHERE id = $1", bed.Seed.CampaignId, bed.Driver.Now);
        bed.Seed.Now = bed.Driver.Now;
        return await bed.Seed.AcquireAsync("another host");
    }
}
