using Campaigns.Carrier;
using Campaigns.Grains.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>Promise 2: supervisor and rescuer strand nobody, whatever fails around them.</summary>
public sealed class SupervisionTests
{
    private const string Acquire = "CampaignStore.TryAcquireLeaseAsync";

    [PostgresFact]
    public async Task Supervise_WhenOneCampaignCannotBeDriven_DrivesTheOthers()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        var sibling = await bed.Seed.CreateSiblingAsync(new SeedShape { Contacts = 1, FirstNumber = 100 });
        // Whichever comes first fails, look after look.
        Guid? broken = null;
        for (var look = 0; look < 2; look++)
        {
            bed.Tape.FailNext(Acquire, new IOException("poisoned"), which: c => (broken ??= c.Argument<Guid>()) == c.Argument<Guid>());
            await bed.SuperviseAsync();
        }

        var healthy = broken == bed.Seed.CampaignId ? sibling : bed.Seed;
        Assert.NotEqual("", await healthy.LeaseOwnerAsync());
        Assert.Equal(ContactStatus.InProgress, (await healthy.ContactAsync()).Status);
    }

    [PostgresFact]
    public async Task Drive_WhenItFailsAfterTakingTheLease_TheNextPokeDrives()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        bed.Tape.FailNext("ContactStore.ReleaseStrandedAsync", new IOException("the database is away"));
        await Assert.ThrowsAsync<IOException>(() => bed.Campaign.DriveAsync(CancellationToken.None));

        bed.Clock.Advance(new DriveOptions().LeaseDuration);
        await bed.SuperviseAsync();

        Assert.Single(bed.Carrier.Ledger);
        Assert.Equal(1, await bed.Seed.EpochAsync());
    }

    [PostgresFact]
    public async Task Drive_WhenPokedAgainWhileTheLeaseIsBeingTaken_TakesItOnceAndTicksOnce()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 3 }, silos: 2);
        var hold = bed.Tape.HoldBefore(Acquire);
        var pokes = Enumerable.Range(0, 6).Select(_ => bed.Campaign.DriveAsync(CancellationToken.None)).ToList();
        await hold.ReachedAsync();
        hold.Release();
        await Task.WhenAll(pokes);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(1, bed.Tape.Count(Acquire));
        // One tick at once and one a second.
        Assert.Equal(4, bed.Tape.Count("CampaignStore.ClaimAsync"));
        Assert.Equal(3, bed.Carrier.Ledger.Count);
    }

    [PostgresFact]
    public async Task Supervise_WhenTheGrainIsAliveWithAnExpiredLease_ItGoesOnUnderItsEpoch()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 2, CallsPerMinute = 6 }, silos: 2);
        var owner = await bed.Seed.LeaseOwnerAsync();
        await bed.Seed.ExecuteAsync("UPDATE campaigns SET lease_until = $2 WHERE id = $1", bed.Seed.CampaignId, bed.Driver.Now.AddSeconds(-1));

        foreach (var silo in bed.Cluster.Silos)
        {
            await bed.Driver.SuperviseAsync(silo.ServiceProvider);
        }

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(12));

        Assert.Equal((owner, 1L), (await bed.Seed.LeaseOwnerAsync(), await bed.Seed.EpochAsync()));
        Assert.Equal(2, bed.Carrier.Ledger.Count);
        Assert.Empty(await bed.Seed.Campaigns.FindUndrivenAsync(bed.Driver.Now, 10, CancellationToken.None));
    }

    [PostgresFact]
    public async Task Tick_WhenTheStoreFails_TheNextOneGoesOn()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 1, CallsPerMinute = 6000 });
        await bed.EndAsync(Assert.Single(bed.Carrier.Ledger), CallOutcome.Completed);
        bed.Tape.FailNext("CampaignStore.ClaimAsync", new IOException("the database is away"));

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(CampaignStatus.Completed, await bed.Seed.StatusAsync());
    }

    [PostgresFact]
    public async Task Rescue_WhenOneSessionCannotBeSettled_SettlesTheOthers()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 4 });
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
        var dials = bed.Carrier.Ledger;
        bed.Carrier.LookUp = sids => [.. dials.Where(d => sids.Contains(d.Sid)).Select(d => d.Seen(CarrierReportKind.Ended, CallOutcome.Completed))];
        bed.Tape.FailNext("ContactStore.LoadAsync", new IOException("poisoned"));

        await bed.JumpAsync(TimeSpan.FromSeconds(50));
        await bed.RescueAsync();

        Assert.Equal(3, (await bed.Seed.CountAsync())[ContactStatus.Completed]);
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rescue_WhenTheCarrierCannotBeAskedUntilTheDeadline_EndsAsUnknown(bool answered)
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        bed.Carrier.Answer = dial => answered ? new PlaceCallResult.Accepted(dial.Sid) : new PlaceCallResult.Ambiguous("time-out");
        bed.Carrier.Find = _ => throw new CarrierLookUpException("503");
        bed.Carrier.LookUp = _ => throw new CarrierLookUpException("503");
        await bed.DriveAsync();

        await bed.JumpAsync(answered ? TimeSpan.FromMinutes(64) : TimeSpan.FromMinutes(4));
        await bed.RescueAsync();
        Assert.Equal(answered ? ContactStatus.InProgress : ContactStatus.Dispatched, (await bed.Seed.ContactAsync()).Status);
        await bed.JumpAsync(TimeSpan.FromMinutes(2));
        await bed.RescueAsync();

        var contact = await bed.Seed.ContactAsync();
        Assert.Equal((ContactStatus.Failed, CallOutcome.Unknown), (contact.Status, contact.Outcome));
        Assert.Single(bed.Carrier.Ledger);
    }

    [PostgresFact]
    public async Task Rescue_WhenTwoOrganizationsLostADialToOneNumber_NeitherTakesTheOthersCall()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        var other = await CampaignSeed.CreateAsync(bed.Seed.Database, new SeedShape { Contacts = 1, AccountId = bed.Seed.AccountId });
        bed.Carrier.Answer = _ => new PlaceCallResult.Ambiguous("time-out");
        await bed.DriveAsync();
        await bed.DriveAsync(other);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Single(bed.Carrier.Ledger.Select(d => d.Phone).Distinct());

        // Only one of the two phones' rings: whose it was the carrier cannot tell.
        var rang = bed.Carrier.Ledger[0];
        bed.Carrier.Find = _ => [rang.Seen(CarrierReportKind.Ended, CallOutcome.Completed)];
        await bed.JumpAsync(TimeSpan.FromSeconds(50));
        await bed.RescueAsync();
        Assert.Equal(ContactStatus.Dispatched, (await bed.Seed.ContactAsync()).Status);
        Assert.Equal(ContactStatus.Dispatched, (await other.ContactAsync()).Status);

        // News that names its session is believed.
        Assert.Equal(ReportResult.Applied, await bed.EndAsync(rang, CallOutcome.Completed));
        await bed.JumpAsync(TimeSpan.FromMinutes(5));
        await bed.RescueAsync();
        (CampaignSeed Seed, CallOutcome? Outcome)[] ends = [(bed.Seed, (await bed.Seed.ContactAsync()).Outcome), (other, (await other.ContactAsync()).Outcome)];
        Assert.Equal([CallOutcome.Completed, CallOutcome.Unknown], ends.Select(e => e.Outcome!.Value).Order());
        Assert.Equal(2, bed.Carrier.Ledger.Count);
    }

    [PostgresFact]
    public async Task Rescue_OnTwoSilosAtOnce_AsksAboutEachCallOnce()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 5 }, silos: 2);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
        await bed.JumpAsync(TimeSpan.FromSeconds(50));

        await Task.WhenAll(bed.Cluster.Silos.Select(s => bed.Driver.RescueAsync(s.ServiceProvider)));

        var asked = bed.Tape.Calls.Where(c => c.Method == "Carrier.LookUpAsync").SelectMany(c => c.Argument<IReadOnlyCollection<string>>()).ToList();
        Assert.Equal(5, asked.Count);
        Assert.Equal(5, asked.Distinct().Count());
    }
}
