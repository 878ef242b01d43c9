using Campaigns.Carrier;
using Campaigns.Grains.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>Callbacks that come early, late, twice, out of order or for something else.</summary>
public sealed class CallbackTests
{
    private const string PlaceCall = "Carrier.PlaceCallAsync";
    private const string Apply = "ContactStore.ApplyAsync";

    private static readonly SeedShape OneContact = new() { Contacts = 1 };

    [PostgresFact]
    public async Task Answered_BeforeTheCarriersAnswer_IsKept()
    {
        await using var bed = await GrainBed.StartAsync(OneContact);
        var answer = bed.Tape.HoldAfter(PlaceCall);
        await bed.DriveAsync();
        await answer.ReachedAsync();

        Assert.Equal(ReportResult.Applied, await bed.ReportAsync(bed.Carrier.Ledger[0], CarrierReportKind.Answered));
        answer.Release();
        await bed.Driver.SettleAsync();

        var session = await bed.Seed.SessionAsync();
        Assert.Equal((SessionState.Answered, "sid-1", bed.Driver.Now), (session.State, session.Sid, session.AnsweredAt));
        Assert.Equal(ContactStatus.InProgress, (await bed.Seed.ContactAsync()).Status);
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ended_BeforeTheCarriersAnswer_IsFinal(bool ambiguous)
    {
        await using var bed = await GrainBed.StartAsync(OneContact);
        bed.Carrier.Answer = dial => ambiguous ? new PlaceCallResult.Ambiguous("time-out") : new PlaceCallResult.Accepted(dial.Sid);
        var answer = bed.Tape.HoldAfter(PlaceCall);
        await bed.DriveAsync();
        await answer.ReachedAsync();

        Assert.Equal(ReportResult.Applied, await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed));
        answer.Release();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(ContactStatus.Completed, (await bed.Seed.ContactAsync()).Status);
        Assert.Equal((SessionState.Ended, CallOutcome.Completed), ((await bed.Seed.SessionAsync()).State, (await bed.Seed.SessionAsync()).Outcome));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Ended_WhileTheAnswerIsBeingWritten_IsDecidedOnWhatTheOtherLeft()
    {
        await using var bed = await GrainBed.StartAsync(OneContact);
        var write = bed.Tape.HoldBefore(Apply);
        await bed.DriveAsync();
        await write.ReachedAsync();

        Assert.Equal(ReportResult.Applied, await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.NoAnswer));
        write.Release();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((ContactStatus.NoAnswer, 1), ((await bed.Seed.ContactAsync()).Status, (await bed.Seed.ContactAsync()).Attempts));
        Assert.Equal([true, false], bed.Tape.Calls.Where(c => c.Method == Apply).Select(c => c.Result).OrderByDescending(r => r).Cast<bool>());
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresTheory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public async Task Report_WhenOthersKeepWritingInBetween_IsDecidedAgainAFewTimes(int conflicts, bool applied)
    {
        await using var bed = await GrainBed.DriveAsync(OneContact);
        var hold = bed.Tape.HoldBefore(Apply);
        var report = bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed);
        for (var i = 0; i < conflicts; i++)
        {
            await hold.ReachedAsync();
            await bed.Seed.ExecuteAsync("UPDATE campaign_contacts SET version = version + 1 WHERE campaign_id = $1", bed.Seed.CampaignId);
            var next = bed.Tape.HoldBefore(Apply);
            hold.Release();
            hold = next;
        }

        hold.Release();

        if (applied)
        {
            Assert.Equal(ReportResult.Applied, await report);
            Assert.Equal(ContactStatus.Completed, (await bed.Seed.ContactAsync()).Status);
        }
        else
        {
            // The webhook answers the carrier with an error, and the carrier sends it again.
            await Assert.ThrowsAsync<InvalidOperationException>(() => report);
            Assert.Equal(ContactStatus.InProgress, (await bed.Seed.ContactAsync()).Status);
        }
    }

    [PostgresFact]
    public async Task Reports_AfterTheEnd_ChangeNothing()
    {
        await using var bed = await GrainBed.DriveAsync(OneContact);
        var dial = bed.Carrier.Ledger[0];
        Assert.Equal(ReportResult.Applied, await bed.EndAsync(dial, CallOutcome.Busy));
        var before = (await bed.Seed.ContactAsync(), await bed.Seed.SessionAsync());

        Assert.Equal(ReportResult.Ignored, await bed.EndAsync(dial, CallOutcome.Busy));
        Assert.Equal(ReportResult.Ignored, await bed.EndAsync(dial, CallOutcome.Completed));
        Assert.Equal(ReportResult.Ignored, await bed.ReportAsync(dial, CarrierReportKind.Answered));
        Assert.Equal(ReportResult.Ignored, await bed.ReportAsync(dial, CarrierReportKind.Progress));

        Assert.Equal(before, (await bed.Seed.ContactAsync(), await bed.Seed.SessionAsync()));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Ended_SentManyTimesAtOnce_AppliesOnce()
    {
        await using var bed = await GrainBed.DriveAsync(OneContact);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed)));

        Assert.Single(results, r => r == ReportResult.Applied);
        Assert.Equal(7, results.Count(r => r == ReportResult.Ignored));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Report_OfAnotherSessionCallOrContact_ChangesNothing()
    {
        await using var bed = await GrainBed.DriveAsync(OneContact);
        var contact = await bed.Seed.ContactAsync();
        var stranger = new CarrierReport(Guid.NewGuid(), CarrierReportKind.Ended, CallOutcome.Completed, null, "callback");

        Assert.Equal(ReportResult.Ignored, await bed.Contact(contact.Id).OnCarrierReportAsync(stranger, CancellationToken.None));
        Assert.Equal(ReportResult.NotFound, await bed.Contact(Guid.NewGuid()).OnCarrierReportAsync(stranger, CancellationToken.None));
        Assert.Equal(
            ReportResult.Ignored, await bed.ReportAsync(bed.Carrier.Ledger[0], CarrierReportKind.Ended, CallOutcome.Completed, "another call"));

        Assert.Equal(contact, await bed.Seed.ContactAsync());
    }

    [PostgresFact]
    public async Task Report_OfAnEarlierAttempt_DoesNotTouchThePresentOne()
    {
        await using var bed = await GrainBed.DriveAsync(OneContact with { Retry = RetryTests.NoAnswerTwice });
        await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.NoAnswer);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(2, bed.Carrier.Ledger.Count);
        var before = await bed.Seed.ContactAsync();

        // Without the carrier's id only our own tells the two apart.
        Assert.Equal(ReportResult.Ignored, await bed.ReportAsync(bed.Carrier.Ledger[0], CarrierReportKind.Ended, CallOutcome.Completed, ""));
        Assert.Equal(ReportResult.Ignored, await bed.ReportAsync(bed.Carrier.Ledger[0], CarrierReportKind.Answered, sid: ""));
        Assert.Equal(ReportResult.Ignored, await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed));

        Assert.Equal(before, await bed.Seed.ContactAsync());
        Assert.Equal([SessionState.Ended, SessionState.Ringing], (await bed.Seed.SessionsAsync()).Select(s => s.State));
    }

    [PostgresFact]
    public async Task LostCallback_IsMadeUpForByTheLookUp()
    {
        await using var bed = await GrainBed.DriveAsync(OneContact);
        bed.Carrier.LookUp = _ => [bed.Carrier.Ledger[0].Seen(CarrierReportKind.Ended, CallOutcome.NoAnswer)];

        await bed.JumpAsync(TimeSpan.FromSeconds(44));
        await bed.RescueAsync();
        Assert.Equal(ContactStatus.InProgress, (await bed.Seed.ContactAsync()).Status);
        await bed.JumpAsync(TimeSpan.FromSeconds(1));
        await bed.RescueAsync();

        Assert.Equal(ContactStatus.NoAnswer, (await bed.Seed.ContactAsync()).Status);
    }

    [PostgresFact]
    public async Task LookUp_ThatDoesNotListTheCall_IsNoNewsUntilTheDeadline()
    {
        await using var bed = await GrainBed.DriveAsync(OneContact);
        for (var minutes = 5; minutes < 65; minutes += 5)
        {
            await bed.JumpAsync(TimeSpan.FromMinutes(5));
            await bed.RescueAsync();
            Assert.Equal(ContactStatus.InProgress, (await bed.Seed.ContactAsync()).Status);
        }

        await bed.JumpAsync(TimeSpan.FromMinutes(5));
        await bed.RescueAsync();

        var contact = await bed.Seed.ContactAsync();
        Assert.Equal((ContactStatus.Failed, CallOutcome.Unknown), (contact.Status, contact.Outcome));
        Assert.Single(bed.Carrier.Ledger);
    }
}
