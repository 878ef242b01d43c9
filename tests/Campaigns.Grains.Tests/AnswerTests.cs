using Campaigns.Carrier;
using Campaigns.Grains.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>What each answer of the carrier to a dial leads to. Promise 5: an unknown outcome is never redialled blindly.</summary>
public sealed class AnswerTests
{
    private static readonly SeedShape OneContact = new() { Contacts = 1 };

    [PostgresFact]
    public async Task Accepted_TheCallIsOn()
    {
        await using var bed = await DialAsync(dial => new PlaceCallResult.Accepted(dial.Sid));

        var (contact, session) = (await bed.Seed.ContactAsync(), await bed.Seed.SessionAsync());
        Assert.Equal((ContactStatus.InProgress, 1, null), (contact.Status, contact.Attempts, contact.DueAt));
        Assert.Equal((SessionState.Ringing, 1, "sid-1"), (session.State, session.Attempt, session.Sid));
        Assert.Equal(session.Id, bed.Carrier.Ledger[0].SessionId);
    }

    [PostgresTheory]
    [InlineData(null, 5)]
    [InlineData(30, 30)]
    [InlineData(86_400, 3_600)]
    public async Task RejectedForNow_GivesTheAttemptBackAndWaitsAsTold(int? retryAfter, int expected)
    {
        var once = new PlaceCallResult.RejectedForNow(retryAfter is { } s ? TimeSpan.FromSeconds(s) : null, "429 Too Many Requests");
        await using var bed = await DialAsync(dial => dial.Sid == "sid-1" ? once : new PlaceCallResult.Accepted(dial.Sid));

        var contact = await bed.Seed.ContactAsync();
        Assert.Equal((ContactStatus.Pending, 0, bed.Driver.Now.AddSeconds(expected)), (contact.Status, contact.Attempts, contact.DueAt));
        Assert.Contains("429", contact.Reason, StringComparison.Ordinal);
        Assert.Equal(CallOutcome.RejectedForNow, (await bed.Seed.SessionAsync()).Outcome);
        await bed.JumpAsync(TimeSpan.FromSeconds(expected - 1));
        Assert.Single(bed.Carrier.Ledger);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(2, bed.Carrier.Ledger.Count);
        Assert.Equal((ContactStatus.InProgress, 1), ((await bed.Seed.ContactAsync()).Status, (await bed.Seed.ContactAsync()).Attempts));
    }

    [PostgresFact]
    public async Task NotSent_GivesTheAttemptBack()
    {
        await using var bed = await DialAsync(_ => new PlaceCallResult.NotSent("no connection"));

        var contact = await bed.Seed.ContactAsync();
        Assert.Equal((ContactStatus.Pending, 0, bed.Driver.Now.AddSeconds(5)), (contact.Status, contact.Attempts, contact.DueAt));
        Assert.Equal(CallOutcome.NotPlaced, (await bed.Seed.SessionAsync()).Outcome);
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Rejected_FailsTheContactWithTheReason()
    {
        await using var bed = await DialAsync(_ => new PlaceCallResult.Rejected("400 invalid From"));
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));

        var contact = await bed.Seed.ContactAsync();
        Assert.Equal((ContactStatus.Failed, 1, CallOutcome.Rejected), (contact.Status, contact.Attempts, contact.Outcome));
        Assert.Contains("400 invalid From", contact.Reason, StringComparison.Ordinal);
        Assert.Equal(CampaignStatus.Completed, await bed.Seed.StatusAsync());
    }

    [PostgresFact]
    public async Task CarrierUnavailable_PausesTheCampaignAndGivesTheAttemptBack()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 5, CallsPerMinute = 60 });
        bed.Carrier.Answer = _ => new PlaceCallResult.CarrierUnavailable("401 wrong token");
        await bed.DriveAsync();
        await bed.Tape.WhenEndedAsync("CampaignStore.ApplyAsync");
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(10));
        await bed.SuperviseAsync();

        Assert.Single(bed.Carrier.Ledger);
        Assert.Equal(CampaignStatus.Paused, await bed.Seed.StatusAsync());
        Assert.Contains("The carrier refuses the account", await bed.Seed.PauseReasonAsync(), StringComparison.Ordinal);
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal((ContactStatus.Pending, 0), (c.Status, c.Attempts)));
        Assert.Contains("401 wrong token", (await bed.Seed.ContactsAsync())[0].Reason, StringComparison.Ordinal);

        // Mended by a person: it goes on where it stood.
        bed.Carrier.Answer = dial => new PlaceCallResult.Accepted(dial.Sid);
        await bed.Campaign.ResumeAsync(CancellationToken.None);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(8));
        Assert.Equal(1 + 5, bed.Carrier.Ledger.Count);
    }

    [PostgresFact]
    public async Task Ambiguous_ThenACallback_GoesOnWithTheCall()
    {
        await using var bed = await DialAsync(_ => new PlaceCallResult.Ambiguous("502"));
        Assert.Equal(SessionState.Unknown, (await bed.Seed.SessionAsync()).State);
        var dial = Assert.Single(bed.Carrier.Ledger);

        Assert.Equal(ReportResult.Applied, await bed.ReportAsync(dial, CarrierReportKind.Answered));
        Assert.Equal((SessionState.Answered, "sid-1"), ((await bed.Seed.SessionAsync()).State, (await bed.Seed.SessionAsync()).Sid));
        Assert.Equal(ReportResult.Applied, await bed.EndAsync(dial, CallOutcome.Completed));

        Assert.Equal((ContactStatus.Completed, 1), ((await bed.Seed.ContactAsync()).Status, (await bed.Seed.ContactAsync()).Attempts));
    }

    [PostgresTheory]
    [InlineData(CallOutcome.Completed, ContactStatus.Completed)]
    [InlineData(CallOutcome.Busy, ContactStatus.NoAnswer)]
    [InlineData(CallOutcome.Failed, ContactStatus.Failed)]
    public async Task Ambiguous_ThenALookUp_SettlesItAsTheCarrierSays(CallOutcome outcome, ContactStatus status)
    {
        await using var bed = await DialAsync(_ => new PlaceCallResult.Ambiguous("time-out"));
        bed.Carrier.Find = _ => [bed.Carrier.Ledger[0].Seen(CarrierReportKind.Ended, outcome)];

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(4));
        await bed.RescueAsync();
        Assert.Equal(0, bed.Tape.Count("Carrier.FindAsync"));
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
        await bed.RescueAsync();

        Assert.Equal((status, outcome), ((await bed.Seed.ContactAsync()).Status, (await bed.Seed.ContactAsync()).Outcome));
        Assert.Single(bed.Carrier.Ledger);
    }

    [PostgresFact]
    public async Task Ambiguous_WhenTheOnlyCallFoundIsAnEarlierAttempts_IsNotSettledByIt()
    {
        await using var bed = await GrainBed.StartAsync(OneContact with { Retry = RetryTests.NoAnswerTwice });
        bed.Carrier.Answer = dial => dial.Sid == "sid-1" ? new PlaceCallResult.Accepted(dial.Sid) : new PlaceCallResult.Ambiguous("time-out");
        await bed.DriveAsync();
        await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.NoAnswer);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(2, bed.Carrier.Ledger.Count);
        bed.Carrier.Find = _ => [bed.Carrier.Ledger[0].Seen(CarrierReportKind.Ended, CallOutcome.NoAnswer)];

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(6));
        await bed.RescueAsync();

        Assert.Equal(ContactStatus.Dispatched, (await bed.Seed.ContactAsync()).Status);
        Assert.Equal(SessionState.Unknown, (await bed.Seed.SessionsAsync())[1].State);
    }

    [PostgresFact]
    public async Task Ambiguous_WhenNobodyEverTells_FailsAsUnknownAndIsNeverRedialled()
    {
        await using var bed = await GrainBed.StartAsync(OneContact with { Retry = RetryPolicy.Default });
        bed.Carrier.Answer = _ => new PlaceCallResult.Ambiguous("time-out");
        await bed.DriveAsync();
        for (var i = 0; i < 12; i++)
        {
            await bed.JumpAsync(TimeSpan.FromSeconds(30));
            await bed.RescueAsync();
        }

        await bed.JumpAsync(TimeSpan.FromDays(1));
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));

        var contact = await bed.Seed.ContactAsync();
        Assert.Equal((ContactStatus.Failed, 1, CallOutcome.Unknown), (contact.Status, contact.Attempts, contact.Outcome));
        Assert.Equal(CampaignStatus.Completed, await bed.Seed.StatusAsync());
        Assert.Single(bed.Carrier.Ledger);
        Assert.Equal(ReportResult.Ignored, await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed));
    }

    private static async Task<GrainBed> DialAsync(Func<Dial, PlaceCallResult> answer)
    {
        var bed = await GrainBed.StartAsync(OneContact);
        bed.Carrier.Answer = answer;
        await bed.DriveAsync();
        return bed;
    }
}
