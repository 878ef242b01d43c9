using Campaigns.Grains.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;
#if !ORLEANS_PACKAGES
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.SingleProcess;
#endif

namespace Campaigns.Grains.Tests;

/// <summary>Promise 1 when the same thing is asked twice at once, by two activations of one grain too.</summary>
public sealed class DuplicateTests
{
    [PostgresFact]
    public async Task Dial_WhenOneOrderIsSentManyTimesAtOnce_PlacesOneCall()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        var order = Assert.Single((await bed.Seed.ClaimAsync(await bed.Seed.AcquireAsync())).Orders);

        var results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => bed.Contact(order.CampaignContactId).DialAsync(order, CancellationToken.None)));

        Assert.Single(results, r => r == DialResult.Placed);
        Assert.Equal(7, results.Count(r => r == DialResult.NotPlaced));
        Assert.Single(bed.Carrier.Ledger);
        Assert.Equal(ContactStatus.InProgress, (await bed.Seed.ContactAsync()).Status);
    }

    [PostgresFact]
    public async Task Dial_WhenThePersonHasALiveCallOfAnotherCampaign_WaitsForItsEnd()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        var sibling = await bed.Seed.CreateSiblingAsync(new SeedShape { Contacts = 1 });
        // Both are claimed before either has a session: only the gate can keep them apart.
        var first = Assert.Single((await bed.Seed.ClaimAsync(await bed.Seed.AcquireAsync())).Orders);
        var second = Assert.Single((await sibling.ClaimAsync(await sibling.AcquireAsync())).Orders);

        var results = await Task.WhenAll(
            bed.Contact(first.CampaignContactId).DialAsync(first, CancellationToken.None),
            bed.Contact(second.CampaignContactId).DialAsync(second, CancellationToken.None));

        Assert.Equal(first.Phone, second.Phone);
        Assert.Equal([DialResult.NotPlaced, DialResult.Placed], results.OrderBy(r => r == DialResult.Placed));
        var busy = Assert.Single([await bed.Seed.ContactAsync(), await sibling.ContactAsync()], c => c.Status == ContactStatus.Pending);
        Assert.Equal((0, "live_call"), (busy.Attempts, busy.Reason));
        Assert.Single(bed.Carrier.Ledger);
    }

#if !ORLEANS_PACKAGES
    [PostgresFact]
    public async Task Dial_WhenTwoActivationsOfTheContactHaveTheOrder_PlacesOneCall()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 }, silos: 2);
        var order = Assert.Single((await bed.Seed.ClaimAsync(await bed.Seed.AcquireAsync())).Orders);
        var contact = bed.Contact(order.CampaignContactId);
        await contact.GiveUpAsync(Guid.NewGuid(), "wakes it", CancellationToken.None);
        var (other, twin) = Twin<IContactGrain>(bed, contact, order.CampaignContactId);
        await using (bed.Cluster.Engine().ForceDuplicate(contact, other))
        {
            // Both stand before the gate at once.
            var first = bed.Tape.HoldBefore("ContactStore.OpenSessionAsync");
            var second = bed.Tape.HoldBefore("ContactStore.OpenSessionAsync");
            var dials = new[] { contact.DialAsync(order, CancellationToken.None), twin.DialAsync(order, CancellationToken.None) };
            var silos = new[] { (await first.ReachedAsync()).Silo, (await second.ReachedAsync()).Silo };
            first.Release();
            second.Release();

            Assert.Equal([DialResult.NotPlaced, DialResult.Placed], (await Task.WhenAll(dials)).OrderBy(r => r == DialResult.Placed));
            Assert.Equal(2, silos.Distinct().Count());
        }

        Assert.Single(bed.Carrier.Ledger);
        Assert.Single(await bed.Seed.SessionsAsync());
    }

    [PostgresFact]
    public async Task Drive_WhenTwoActivationsOfTheCampaignClaimInTurn_EveryoneIsDialledOnce()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 24, CallsPerMinute = 240 }, silos: 2);
        var (other, twin) = Twin<ICampaignGrain>(bed, bed.Campaign, bed.Seed.CampaignId);
        await using (bed.Cluster.Engine().ForceDuplicate(bed.Campaign, other))
        {
            // The twin takes the lease while claims of the first wait for their slots; neither is told of the other.
            await bed.Seed.ExecuteAsync("UPDATE campaigns SET lease_until = $2 WHERE id = $1", bed.Seed.CampaignId, bed.Driver.Now);
            await Task.WhenAll(twin.DriveAsync(CancellationToken.None), bed.Campaign.DriveAsync(CancellationToken.None));
            await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));
            Assert.Equal(2, bed.Tape.Calls.Where(c => c.Method == "CampaignStore.ClaimAsync").Select(c => c.Silo).Distinct().Count());
        }

        await bed.SuperviseAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(24, bed.Carrier.Ledger.Count);
        Assert.Equal(24, bed.Carrier.Ledger.Select(d => d.Phone).Distinct().Count());
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal((ContactStatus.InProgress, 1), (c.Status, c.Attempts)));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Pause_OnTheTwin_WaitsForTheDialOfTheFirst()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 6, CallsPerMinute = 240 }, silos: 2);
        var answer = bed.Tape.HoldAfter("Carrier.PlaceCallAsync");
        await bed.DriveAsync();
        await answer.ReachedAsync();
        var (other, twin) = Twin<ICampaignGrain>(bed, bed.Campaign, bed.Seed.CampaignId);
        await using (bed.Cluster.Engine().ForceDuplicate(bed.Campaign, other))
        {
            var pause = twin.PauseAsync("split", CancellationToken.None);
            await bed.WhenStopWaitsAsync();
            Assert.False(pause.IsCompleted, "The pause returned although the first activation's dial was under way.");
            answer.Release();
            await bed.StopAsync(pause);
            await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(5));
        }

        Assert.Single(bed.Carrier.Ledger);
    }

    [PostgresFact]
    public async Task Kill_OfTheCampaignsActivationAlone_ItsWaitingClaimsAreDialledOnceByTheNext()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 12, CallsPerMinute = 240 });
        Assert.True(bed.Cluster.Engine().Kill(bed.Campaign));
        bed.ForgetCampaign();

        await bed.Driver.AdvanceAsync(new DriveOptions().LeaseDuration);
        await bed.SuperviseAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(6));

        Assert.Equal(2, await bed.Seed.EpochAsync());
        Assert.Equal(12, bed.Carrier.Ledger.Count);
        Assert.Equal(12, bed.Carrier.Ledger.Select(d => d.Phone).Distinct().Count());
    }

    [PostgresFact]
    public async Task Deactivate_InTheMiddleOfATick_FreesTheLeaseAndEveryoneIsDialledOnce()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 12, CallsPerMinute = 240 });
        var hold = bed.Tape.HoldAfter("CampaignStore.ClaimAsync");
        await bed.Campaign.DriveAsync(CancellationToken.None);
        await hold.ReachedAsync();

        var gone = bed.Cluster.Engine().DeactivateAsync(bed.Campaign);
        hold.Release();
        await gone.WaitAsync(Tape.Patience);
        Assert.Equal("", await bed.Seed.LeaseOwnerAsync());
        await bed.SuperviseAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(2, await bed.Seed.EpochAsync());
        Assert.Equal(12, bed.Carrier.Ledger.Count);
        Assert.Equal(12, bed.Carrier.Ledger.Select(d => d.Phone).Distinct().Count());
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal((ContactStatus.InProgress, 1), (c.Status, c.Attempts)));
    }

    private static (Orleans.TestingHost.InProcessSiloHandle Silo, T Grain) Twin<T>(GrainBed bed, T grain, Guid key)
        where T : IGrainWithGuidKey
    {
        var at = bed.Cluster.Engine().SiloOf(grain);
        var other = bed.Cluster.Silos.First(s => s.Name != at);
        return (other, other.ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<T>(key));
    }
#endif
}
