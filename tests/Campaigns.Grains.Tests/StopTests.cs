using System.Collections.Immutable;
using Campaigns.Grains.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>Promise 3: after pause or cancel has returned, no further dial starts.</summary>
public sealed class StopTests
{
    private const string PlaceCall = "Carrier.PlaceCallAsync";
    private const string Gate = "ContactStore.OpenSessionAsync";

    /// <summary>One dial at once, three more claimed in the same tick whose slots lie a quarter of a second apart.</summary>
    private static readonly SeedShape Paced = new() { Contacts = 8, CallsPerMinute = 240 };

    [PostgresTheory]
    [InlineData(CampaignStatus.Paused)]
    [InlineData(CampaignStatus.Cancelled)]
    public async Task Stop_WhileADialIsAtTheCarrier_ReturnsOnlyAfterItsAnswer(CampaignStatus to)
    {
        await using var bed = await GrainBed.StartAsync(Paced);
        var answer = bed.Tape.HoldAfter(PlaceCall);
        await bed.DriveAsync();
        await answer.ReachedAsync();

        var stop = StopAsync(bed, to);
        await bed.WhenStopWaitsAsync();
        await bed.WhenStopWaitsAsync();
        Assert.False(stop.IsCompleted, "The command returned although a dial was under way.");
        answer.Release();
        var result = await bed.StopAsync(stop);

        Assert.Equal((CommandResultKind.Applied, to), (result.Kind, result.Status));
        Assert.Equal(SessionState.Ringing, (await bed.Seed.SessionAsync()).State);
        await NothingFollowsAsync(bed, 1);
        Assert.Equal(ReportResult.Applied, await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed));
        Assert.Equal(ContactStatus.Completed, (await bed.Seed.ContactsAsync())[0].Status);
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Pause_WhileADialHasPassedTheGateAndIsNotSent_LetsItOutBeforeReturning()
    {
        await using var bed = await GrainBed.StartAsync(Paced);
        var gate = bed.Tape.HoldAfter(Gate);
        await bed.DriveAsync();
        await gate.ReachedAsync();

        var pause = StopAsync(bed, CampaignStatus.Paused);
        await bed.WhenStopWaitsAsync();
        Assert.False(pause.IsCompleted, "The pause returned although a dial had passed its gate.");
        gate.Release();
        await bed.StopAsync(pause);

        await NothingFollowsAsync(bed, 1);
    }

    [PostgresFact]
    public async Task Pause_WhileADialIsBeforeTheGate_ReturnsAndTheGateStaysShut()
    {
        await using var bed = await GrainBed.StartAsync(Paced);
        var gate = bed.Tape.HoldBefore(Gate);
        await bed.DriveAsync();
        await gate.ReachedAsync();

        await bed.StopAsync(StopAsync(bed, CampaignStatus.Paused));
        gate.Release();

        await NothingFollowsAsync(bed, 0);
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal((ContactStatus.Pending, 0), (c.Status, c.Attempts)));
        Assert.Empty(await bed.Seed.SessionsAsync());
    }

    [PostgresFact]
    public async Task Pause_WhileClaimsWaitForTheirSlots_GivesThemBackAndResumeGoesOn()
    {
        await using var bed = await GrainBed.DriveAsync(Paced);
        Assert.True((await bed.Seed.CountAsync())[ContactStatus.Dispatched] >= 2, "The bed holds no claim that waits for its slot.");

        var paused = await bed.StopAsync(StopAsync(bed, CampaignStatus.Paused));
        await NothingFollowsAsync(bed, 1);
        Assert.All((await bed.Seed.ContactsAsync()).Skip(1), c => Assert.Equal((ContactStatus.Pending, 0), (c.Status, c.Attempts)));
        Assert.Equal("lunch", await bed.Seed.PauseReasonAsync());
        var resumed = await bed.Campaign.ResumeAsync(CancellationToken.None);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(6));

        Assert.Equal((CommandResultKind.Applied, CommandResultKind.Applied), (paused.Kind, resumed.Kind));
        Assert.Equal(8, bed.Carrier.Ledger.Count);
        Assert.Equal(8, bed.Carrier.Ledger.Select(d => d.Phone).Distinct().Count());
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal((ContactStatus.InProgress, 1), (c.Status, c.Attempts)));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Resume_BeforeTheOldSlotsCome_DialsNobodyUnderTheOldClaims()
    {
        await using var bed = await GrainBed.DriveAsync(Paced);

        await bed.StopAsync(StopAsync(bed, CampaignStatus.Paused));
        await bed.Campaign.ResumeAsync(CancellationToken.None);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(6));

        Assert.Equal(8, bed.Carrier.Ledger.Count);
        Assert.Equal(8, bed.Carrier.Ledger.Select(d => d.Phone).Distinct().Count());
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal(1, c.Attempts));
    }

    [PostgresFact]
    public async Task Cancel_WhileClaimsWaitForTheirSlots_CancelsThemAndLetsTheLiveCallLand()
    {
        await using var bed = await GrainBed.DriveAsync(Paced);

        var cancelled = await bed.StopAsync(StopAsync(bed, CampaignStatus.Cancelled));
        await NothingFollowsAsync(bed, 1);
        await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.NoAnswer);

        Assert.Equal(CommandResultKind.Applied, cancelled.Kind);
        var contacts = await bed.Seed.ContactsAsync();
        Assert.Equal(ContactStatus.NoAnswer, contacts[0].Status);
        Assert.All(contacts.Skip(1), c => Assert.Equal((ContactStatus.Cancelled, 0), (c.Status, c.Attempts)));
        Assert.Equal("", await bed.Seed.LeaseOwnerAsync());
        Assert.Equal(CommandResultKind.Refused, (await bed.Campaign.ResumeAsync(CancellationToken.None)).Kind);
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Cancel_WhileARetryIsBeingWritten_LeavesNobodyPending()
    {
        var retry = new RetryPolicy { Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty.Add(CallOutcome.NoAnswer, new RetryRule(3, [])) };
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 1, Retry = retry });
        var write = bed.Tape.HoldBefore("ContactStore.ApplyAsync", c => c.Argument<ContactChange>().To == ContactStatus.Pending);
        var report = bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.NoAnswer);
        await write.ReachedAsync();

        await bed.StopAsync(StopAsync(bed, CampaignStatus.Cancelled));
        write.Release();

        Assert.Equal(ReportResult.Applied, await report);
        Assert.Equal(ContactStatus.NoAnswer, (await bed.Seed.ContactAsync()).Status);
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Pause_WhenTheCarrierNeverAnswers_ReturnsOnceTheRequestCannotLeaveAnyMore()
    {
        await using var bed = await GrainBed.StartAsync(Paced);
        var answer = bed.Tape.HoldAfter(PlaceCall);
        await bed.DriveAsync();
        await answer.ReachedAsync();
        var options = new DriveOptions();

        var pause = StopAsync(bed, CampaignStatus.Paused);
        await bed.WhenStopWaitsAsync();
        bed.Clock.Advance(options.SendWithin + options.Timings.SendTimeout);
        var result = await bed.StopAsync(pause);

        Assert.Equal(CampaignStatus.Paused, result.Status);
        Assert.Single(bed.Carrier.Ledger);
        answer.Release();
        await bed.Tape.WhenAsync(calls => calls.Any(c => c is { Method: "ContactStore.ApplyAsync", Result: true }));
        Assert.Equal(SessionState.Ringing, (await bed.Seed.SessionAsync()).State);
    }

    [PostgresFact]
    public async Task Pause_OnAGrainThatDoesNotDrive_WaitsForTheOwnersDialToo()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 2 });
        var lease = await bed.Seed.AcquireAsync("another host");
        var orders = (await bed.Seed.ClaimAsync(lease, batch: 2)).Orders;
        var session = bed.Seed.Open(orders[0]);
        Assert.Equal(OpenSessionResult.Opened, await bed.Seed.Contacts.OpenSessionAsync(session, CancellationToken.None));

        var pause = StopAsync(bed, CampaignStatus.Paused);
        await bed.WhenStopWaitsAsync();
        Assert.False(pause.IsCompleted, "The pause returned although the owner's dial was under way.");
        await bed.Contact(orders[0].CampaignContactId).OnCarrierReportAsync(
            new CarrierReport(session.SessionId, CarrierReportKind.Progress, null, "x1", "callback"), CancellationToken.None);
        await bed.StopAsync(pause);

        Assert.Equal(OpenSessionResult.CampaignStopped, await bed.Seed.Contacts.OpenSessionAsync(bed.Seed.Open(orders[1]), CancellationToken.None));
        Assert.Equal("another host", await bed.Seed.LeaseOwnerAsync());
    }

    private static Task<CommandResult> StopAsync(GrainBed bed, CampaignStatus to) => to == CampaignStatus.Paused
        ? bed.Campaign.PauseAsync("lunch", CancellationToken.None)
        : bed.Campaign.CancelAsync(CancellationToken.None);

    private static async Task NothingFollowsAsync(GrainBed bed, int dials)
    {
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(5));
        await bed.SuperviseAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(dials, bed.Carrier.Ledger.Count);
    }
}
