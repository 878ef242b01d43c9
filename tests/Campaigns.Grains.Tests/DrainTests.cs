using Campaigns.Domain.Pacing;
using Campaigns.Grains.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Campaigns.Grains.Tests;

/// <summary>A silo that drains drives nothing and dials nobody, and the campaign goes on elsewhere as if nothing had happened.</summary>
public sealed class DrainTests
{
    private static readonly SeedShape Paced = new() { Contacts = 40, CallsPerMinute = 240 };

    [PostgresFact]
    public async Task HandOver_WithClaimsThatAreNoDials_GivesThemBackUnused()
    {
        await using var bed = await GrainBed.DriveAsync(Paced);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2.1));
        var dialled = bed.Carrier.Ledger.Count;
        var dispatched = (await bed.Seed.ContactsAsync()).Count(c => c.Status == ContactStatus.Dispatched);
        Assert.True(dispatched > 0, "The tick has claimed ahead.");

        await DrainAsync(bed, bed.Cluster.Silos[0]);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(dialled, bed.Carrier.Ledger.Count);
        Assert.Equal("", await bed.Seed.LeaseOwnerAsync());
        var contacts = await bed.Seed.ContactsAsync();
        Assert.Equal(dialled, contacts.Count(c => c.Status == ContactStatus.InProgress));
        Assert.Equal(dispatched, contacts.Count(c => c.Reason == "silo_draining"));
        Assert.All(contacts.Where(c => c.Status != ContactStatus.InProgress), c => Assert.Equal((ContactStatus.Pending, 0), (c.Status, c.Attempts)));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task HandOver_ToAnotherSilo_LosesATickAtMostAndDialsNobodyTwice()
    {
        await using var bed = await GrainBed.DriveAsync(Paced, silos: 3);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3.3));
        var old = await DriverAsync(bed);

        await DrainAsync(bed, old);
        await ResumeAsync(bed, old);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.NotSame(old, await DriverAsync(bed));
        Assert.Equal(40, bed.Carrier.Ledger.Count);
        Assert.Equal(40, bed.Carrier.Ledger.Select(d => d.Phone).Distinct(StringComparer.Ordinal).Count());
        var times = bed.Carrier.Ledger.Select(d => d.At).Order().ToArray();

        // The account's slots up to the end of the old owner's tick are gone, and nothing else is.
        var spacing = Pacing.Spacing(Paced.CallsPerMinute);
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).Order().ToArray();
        Assert.All(gaps[..^1], gap => Assert.InRange(gap, spacing - TimeSpan.FromMilliseconds(2), spacing + TimeSpan.FromMilliseconds(2)));
        Assert.InRange(gaps[^1], spacing - TimeSpan.FromMilliseconds(2), new DriveOptions().TickPeriod);
        var dialling = LabelsOf(bed, "Carrier.PlaceCallAsync", since: bed.Seed.Now.AddSeconds(3.3));
        Assert.DoesNotContain(GrainBed.LabelOf(old), dialling);
    }

    [PostgresFact]
    public async Task Contacts_OfACampaignElsewhere_AreNotDialledByASiloThatDrains()
    {
        await using var bed = await GrainBed.DriveAsync(Paced, silos: 2);
        var driver = await DriverAsync(bed);
        var other = bed.Cluster.Silos.Single(s => s != driver);
        await DrainAsync(bed, other);
        var from = bed.Driver.Now;

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(12));

        Assert.Same(driver, await DriverAsync(bed));
        Assert.Equal(40, bed.Carrier.Ledger.Count);
        Assert.Equal([GrainBed.LabelOf(driver)], LabelsOf(bed, "Carrier.PlaceCallAsync", from).Distinct(StringComparer.Ordinal));
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal((ContactStatus.InProgress, 1), (c.Status, c.Attempts)));
    }

    [PostgresFact]
    public async Task Drive_OnASiloThatDrains_TakesNoLease()
    {
        await using var bed = await GrainBed.StartAsync(Paced);
        await DrainAsync(bed, bed.Cluster.Silos[0]);

        Assert.False(await bed.Campaign.DriveAsync(CancellationToken.None));
        await bed.SuperviseAsync();

        Assert.Equal("", await bed.Seed.LeaseOwnerAsync());
        Assert.Equal(0, bed.Tape.Count("CampaignStore.FindUndrivenAsync"));
        Assert.Empty(WorkOf(bed.Cluster.Silos[0]).Driven);
    }

    [PostgresFact]
    public async Task Drain_WhileTheLeaseIsBeingTaken_HandsItOverAgain()
    {
        await using var bed = await GrainBed.StartAsync(Paced);
        var hold = bed.Tape.HoldAfter("CampaignStore.TryAcquireLeaseAsync");
        var driving = bed.Campaign.DriveAsync(CancellationToken.None);
        await hold.ReachedAsync();

        var work = WorkOf(bed.Cluster.Silos[0]);
        work.BeginDraining();
        Assert.Equal([bed.Seed.CampaignId], work.Driven);
        var handedOver = bed.Campaign.HandOverAsync(CancellationToken.None);
        hold.Release();
        await Task.WhenAll(driving, handedOver).WaitAsync(Tape.Patience);

        Assert.Equal("", await bed.Seed.LeaseOwnerAsync());
        Assert.Empty(bed.Carrier.Ledger);
        Assert.Empty(work.Driven);
    }

    [PostgresFact]
    public async Task HandOver_WhileADialIsOnItsWay_LeavesItToItsContact()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 }, silos: 1);
        var hold = bed.Tape.HoldAfter("Carrier.PlaceCallAsync");
        await bed.DriveAsync();
        await hold.ReachedAsync();

        await DrainAsync(bed, bed.Cluster.Silos[0]);
        Assert.Equal(1, WorkOf(bed.Cluster.Silos[0]).Dials);
        hold.Release();
        await bed.Driver.SettleAsync();

        Assert.Equal((ContactStatus.InProgress, 1), ((await bed.Seed.ContactAsync()).Status, (await bed.Seed.ContactAsync()).Attempts));
        Assert.Equal("", await bed.Seed.LeaseOwnerAsync());
    }

    [PostgresFact]
    public async Task HandOver_WhenTheSiloDoesNotDrain_ChangesNothing()
    {
        await using var bed = await GrainBed.DriveAsync(Paced);
        var owner = await bed.Seed.LeaseOwnerAsync();

        await bed.Campaign.HandOverAsync(CancellationToken.None);

        Assert.Equal(owner, await bed.Seed.LeaseOwnerAsync());
    }

    [PostgresFact]
    public async Task HandOver_WhenTheStoreFails_StopsDrivingAndLeavesTheLeaseToRunOut()
    {
        await using var bed = await GrainBed.DriveAsync(Paced, silos: 2);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1.1));
        var old = await DriverAsync(bed);
        bed.Tape.FailNext("CampaignStore.HandOverLeaseAsync", new IOException("the database is away"));
        WorkOf(old).BeginDraining();
        await Assert.ThrowsAsync<IOException>(() => bed.Campaign.HandOverAsync(CancellationToken.None));
        bed.ForgetCampaign();
        var dialled = bed.Carrier.Ledger.Count;

        await bed.Driver.AdvanceAsync(new DriveOptions().LeaseDuration);
        Assert.Equal(dialled, bed.Carrier.Ledger.Count);
        await ResumeAsync(bed, old);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(12));

        Assert.Equal(40, bed.Carrier.Ledger.Select(d => d.Phone).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(40, bed.Carrier.Ledger.Count);
    }

    private static SiloWork WorkOf(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<SiloWork>();

    private static async Task DrainAsync(GrainBed bed, InProcessSiloHandle silo)
    {
        WorkOf(silo).BeginDraining();
        await bed.Campaign.HandOverAsync(CancellationToken.None).WaitAsync(Tape.Patience);
        await bed.Driver.SettleAsync();
    }

    /// <summary>The other silos look until one of them drives.</summary>
    private static async Task ResumeAsync(GrainBed bed, InProcessSiloHandle drained)
    {
        var others = bed.Cluster.Silos.Where(s => s != drained).ToList();
        for (var look = 0; await bed.Seed.LeaseOwnerAsync() == "" || look == 0; look++)
        {
            await bed.Driver.SuperviseAsync(others[look % others.Count].ServiceProvider);
        }
    }

    private static async Task<InProcessSiloHandle> DriverAsync(GrainBed bed)
    {
        var owner = await bed.Seed.LeaseOwnerAsync();
        return bed.Cluster.Silos.Single(s => WorkOf(s).Driven.Count > 0 && owner != "");
    }

    private static string[] LabelsOf(GrainBed bed, string method, DateTimeOffset since)
        => [.. bed.Tape.Calls.Where(c => c.Method == method && c.BeganAt > since).Select(c => c.Silo)];
}
