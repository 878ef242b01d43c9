using Campaigns.Carrier;
using Campaigns.Grains.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>Promises 1 and 2 when a silo dies: nobody is called twice, nobody is lost.</summary>
public sealed class CrashTests
{
    private const string PlaceCall = "Carrier.PlaceCallAsync";

    private static readonly SeedShape OneContact = new() { Contacts = 1 };
    private static readonly TimeSpan Lease = new DriveOptions().LeaseDuration;

    [PostgresFact]
    public async Task Kill_BetweenClaimAndGate_TheNextOwnerDialsOnce()
    {
        await using var bed = await GrainBed.StartAsync(OneContact);
        var gate = bed.Tape.HoldBefore("ContactStore.OpenSessionAsync");
        await bed.DriveAsync();
        var late = (await gate.ReachedAsync()).Argument<OpenSession>();

        await bed.ReplaceAsync(bed.Cluster.Silos[0]);
        await bed.SuperviseAsync();
        Assert.Equal(1, await bed.Seed.EpochAsync());
        await TakeOverAsync(bed);

        Assert.Equal(2, await bed.Seed.EpochAsync());
        Assert.Single(bed.Carrier.Ledger);
        Assert.Equal((ContactStatus.InProgress, 1), await StateAsync(bed));

        // A silo killed in this process may still run its code: then the dying dial gives its claim back itself, before the next owner can.
        var decisions = await bed.Seed.DecisionsAsync((await bed.Seed.ContactAsync()).Id);
        Assert.Equal(
            ["CLAIMED due", "RELEASED owner_lost", "CLAIMED due"],
            decisions.Select(d => d.Replace("dial_failed", "owner_lost", StringComparison.Ordinal)));
        Assert.Equal(OpenSessionResult.CampaignStopped, await bed.Seed.Contacts.OpenSessionAsync(late, CancellationToken.None));
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Kill_BetweenGateAndAnswer_TheRescuerSettlesItFromTheCarrier(bool answerCame)
    {
        await using var bed = await GrainBed.StartAsync(OneContact);
        // Either the answer never reached the silo, or the silo died while it was writing it down.
        var hold = answerCame ? bed.Tape.HoldBefore("ContactStore.ApplyAsync") : bed.Tape.HoldAfter(PlaceCall);
        await bed.DriveAsync();
        await hold.ReachedAsync();
        var dial = Assert.Single(bed.Carrier.Ledger);
        await bed.ReplaceAsync(bed.Cluster.Silos[0]);
        await TakeOverAsync(bed);
        Assert.Equal(SessionState.Dialing, (await bed.Seed.SessionAsync()).State);

        bed.Carrier.Find = phone => phone == dial.Phone ? [dial.Seen(CarrierReportKind.Progress)] : [];
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(10));
        await bed.RescueAsync();
        Assert.Equal((ContactStatus.InProgress, 1), await StateAsync(bed));
        bed.Carrier.LookUp = sids => sids.Contains(dial.Sid) ? [dial.Seen(CarrierReportKind.Ended, CallOutcome.Completed)] : [];
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(46));
        await bed.RescueAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal((ContactStatus.Completed, 1), await StateAsync(bed));
        Assert.Equal(dial.Sid, (await bed.Seed.SessionAsync()).Sid);
        Assert.Equal(CampaignStatus.Completed, await bed.Seed.StatusAsync());
        Assert.Single(bed.Carrier.Ledger);
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Kill_BetweenGateAndAnswerAndTheCarrierKnowsNothing_EndsAsUnknownAndIsNeverRedialled(bool sent)
    {
        await using var bed = await GrainBed.StartAsync(OneContact);
        var hold = sent ? bed.Tape.HoldAfter(PlaceCall) : bed.Tape.HoldBefore(PlaceCall);
        await bed.DriveAsync();
        await hold.ReachedAsync();
        await bed.ReplaceAsync(bed.Cluster.Silos[0]);
        await TakeOverAsync(bed);

        for (var i = 0; i < 9; i++)
        {
            await bed.JumpAsync(TimeSpan.FromSeconds(31));
            await bed.RescueAsync();
            Assert.Equal((ContactStatus.Dispatched, 1), await StateAsync(bed));
        }

        await bed.JumpAsync(TimeSpan.FromSeconds(31));
        await bed.RescueAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal((ContactStatus.Failed, 1), await StateAsync(bed));
        Assert.Equal(CallOutcome.Unknown, (await bed.Seed.ContactAsync()).Outcome);
        Assert.Equal(CampaignStatus.Completed, await bed.Seed.StatusAsync());
        Assert.Equal(sent ? 1 : 0, bed.Carrier.Ledger.Count);
    }

    [PostgresFact]
    public async Task Kill_AfterTheAnswerBeforeTheCallback_TheCallbackReachesTheNewActivation()
    {
        await using var bed = await GrainBed.DriveAsync(OneContact);
        var dial = Assert.Single(bed.Carrier.Ledger);
        await bed.ReplaceAsync(bed.Cluster.Silos[0]);

        Assert.Equal(ReportResult.Applied, await bed.ReportAsync(dial, CarrierReportKind.Answered));
        Assert.Equal(ReportResult.Applied, await bed.EndAsync(dial, CallOutcome.Completed));
        await TakeOverAsync(bed);

        Assert.Equal((ContactStatus.Completed, 1), await StateAsync(bed));
        Assert.Equal(CampaignStatus.Completed, await bed.Seed.StatusAsync());
        Assert.Single(bed.Carrier.Ledger);
    }

    [PostgresFact]
    public async Task Kill_WhileAnotherHalfOfTheContactsLivesElsewhere_EveryoneIsDialledOnce()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 40, CallsPerMinute = 240 }, silos: 3);
        for (var i = 0; i < 3; i++)
        {
            await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1.3));
            var driving = bed.Tape.Calls.Last(c => c.Result is CampaignLease).Silo;
            await bed.ReplaceAsync(bed.Cluster.Silos.First(s => GrainBed.LabelOf(s) == driving));
            await TakeOverAsync(bed);
        }

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(4, await bed.Seed.EpochAsync());
        Assert.Equal(40, bed.Carrier.Ledger.Count);
        Assert.Equal(40, bed.Carrier.Ledger.Select(d => d.Phone).Distinct().Count());
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal((ContactStatus.InProgress, 1), (c.Status, c.Attempts)));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task StopSilo_WhileClaimsWaitForTheirSlots_AnotherDrivesAtOnceAndEveryoneIsDialledOnce()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 12, CallsPerMinute = 240 });
        Assert.True((await bed.Seed.CountAsync())[ContactStatus.Dispatched] >= 2, "The bed holds no claim that waits for its slot.");
        var leaving = bed.Cluster.Silos[0];
        var label = GrainBed.LabelOf(leaving);
        await bed.Cluster.StartAdditionalSiloAsync();

        await bed.Cluster.StopSiloAsync(leaving);
        bed.Forget(label);
        await bed.SuperviseAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(2, await bed.Seed.EpochAsync());
        Assert.Equal(12, bed.Carrier.Ledger.Count);
        Assert.Equal(12, bed.Carrier.Ledger.Select(d => d.Phone).Distinct().Count());
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal((ContactStatus.InProgress, 1), (c.Status, c.Attempts)));
    }

    [PostgresFact]
    public async Task AnswerThatCannotBeWritten_IsSettledByTheRescuer()
    {
        await using var bed = await GrainBed.StartAsync(OneContact);
        bed.Tape.FailNext("ContactStore.ApplyAsync", new IOException("the database is away"));
        await bed.DriveAsync();
        var dial = Assert.Single(bed.Carrier.Ledger);
        Assert.Equal((ContactStatus.Dispatched, 1), await StateAsync(bed));

        bed.Carrier.Find = _ => [dial.Seen(CarrierReportKind.Ended, CallOutcome.Completed)];
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(16));
        await bed.RescueAsync();

        Assert.Equal((ContactStatus.Completed, 1), await StateAsync(bed));
        Assert.Single(bed.Carrier.Ledger);
    }

    [PostgresFact]
    public async Task GateThatCannotBeAsked_GivesTheClaimBackAndItIsDialledLater()
    {
        await using var bed = await GrainBed.StartAsync(OneContact);
        bed.Tape.FailNext("ContactStore.OpenSessionAsync", new IOException("the database is away"));
        await bed.DriveAsync();
        Assert.Equal((ContactStatus.Pending, 0), await StateAsync(bed));

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(6));

        Assert.Equal((ContactStatus.InProgress, 1), await StateAsync(bed));
        Assert.Single(bed.Carrier.Ledger);
    }

    [PostgresFact]
    public async Task GateThatOpenedWithoutAnybodyHearing_IsNotDialledAndEndsAsUnknown()
    {
        await using var bed = await GrainBed.StartAsync(OneContact);
        bed.Tape.FailNext("ContactStore.OpenSessionAsync", new IOException("the answer was lost"), afterwards: true);
        await bed.DriveAsync();

        await bed.JumpAsync(TimeSpan.FromMinutes(6));
        await bed.RescueAsync();

        Assert.Equal((ContactStatus.Failed, 1), await StateAsync(bed));
        Assert.Empty(bed.Carrier.Ledger);
    }

    [PostgresFact]
    public async Task ClaimWhoseAnswerWasLost_IsGivenBackAsStaleAndDialledOnce()
    {
        await using var bed = await GrainBed.StartAsync(OneContact);
        bed.Tape.FailNext("CampaignStore.ClaimAsync", new IOException("the answer was lost"), afterwards: true);
        await bed.DriveAsync();
        Assert.Equal((ContactStatus.Dispatched, 1), await StateAsync(bed));

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(59));
        await bed.RescueAsync();
        Assert.Empty(bed.Carrier.Ledger);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));
        await bed.RescueAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal((ContactStatus.InProgress, 1), await StateAsync(bed));
        Assert.Single(bed.Carrier.Ledger);
    }

    /// <summary>The dead owner's lease runs out and the newest silo's supervisor sees it.</summary>
    private static async Task TakeOverAsync(GrainBed bed)
    {
        await bed.Driver.AdvanceAsync(Lease);
        await bed.SuperviseAsync();
    }

    private static async Task<(ContactStatus Status, int Attempts)> StateAsync(GrainBed bed)
    {
        var contact = await bed.Seed.ContactAsync();
        return (contact.Status, contact.Attempts);
    }
}
