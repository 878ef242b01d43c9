using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using Campaigns.Stores;
using static Campaigns.DomainTests.Contacts;

namespace Campaigns.DomainTests;

public sealed class ContactLifecycleReportTests
{
    private static readonly CallTimings Timings = new() { ExpectConversations = false };

    [Theory]
    [InlineData(SessionState.Dialing)]
    [InlineData(SessionState.Unknown)]
    public void OnReport_WhenProgressComesBeforeTheAnswer_IsInProgress(SessionState state)
    {
        var change = Applied(At(ContactStatus.Dispatched, state), News(CarrierReportKind.Progress, "sid-1"));

        Assert.Equal((ContactStatus.InProgress, SessionState.Ringing, "sid-1"), (change.To, change.Session!.State, change.Session.CarrierSid));
        Assert.Equal(Now.AddMinutes(65), change.Session.GiveUpAt);
    }

    [Theory]
    [InlineData(ContactStatus.Dispatched, SessionState.Dialing)]
    [InlineData(ContactStatus.Dispatched, SessionState.Unknown)]
    [InlineData(ContactStatus.InProgress, SessionState.Ringing)]
    public void OnReport_WhenAnswered_NotesTheTime(ContactStatus status, SessionState state)
    {
        var change = Applied(At(status, state), News(CarrierReportKind.Answered));

        Assert.Equal((ContactStatus.InProgress, SessionState.Answered, Now), (change.To, change.Session!.State, change.Session.AnsweredAt!.Value));
    }

    [Fact]
    public void OnReport_WhenLateOrRepeated_Ignores()
    {
        Assert.IsType<ContactDecision.Ignore>(Decide(Ringing(), News(CarrierReportKind.Progress, "sid-1")));
        Assert.IsType<ContactDecision.Ignore>(
            Decide(At(ContactStatus.InProgress, SessionState.Answered, "sid-1"), News(CarrierReportKind.Answered, "sid-1")));
        Assert.IsType<ContactDecision.Ignore>(
            Decide(At(ContactStatus.InProgress, SessionState.Answered, "sid-1"), News(CarrierReportKind.Progress, "sid-1")));
        foreach (var kind in Enum.GetValues<CarrierReportKind>())
        {
            var report = Ended(CallOutcome.Failed, "sid-1") with { Kind = kind };
            Assert.IsType<ContactDecision.Ignore>(Decide(Over(ContactStatus.Completed, CallOutcome.Completed), report));
            Assert.IsType<ContactDecision.Ignore>(Decide(Over(ContactStatus.Pending, CallOutcome.Busy), report));

            // Claimed again, and not dialled yet: the news is of the attempt before.
            Assert.IsType<ContactDecision.Ignore>(Decide(Over(ContactStatus.Dispatched, CallOutcome.Busy), report));
        }
    }

    [Fact]
    public void OnReport_WhenARepeatBringsTheSid_FillsIt()
    {
        var change = Applied(At(ContactStatus.InProgress, SessionState.Answered), News(CarrierReportKind.Progress, "sid-1"));

        Assert.Equal((SessionState.Answered, "sid-1", null), (change.Session!.State, change.Session.CarrierSid, change.Decision));
    }

    [Fact]
    public void OnReport_WhenItIsOfAnotherSessionOrCall_Ignores()
    {
        Assert.IsType<ContactDecision.Ignore>(Decide(Ringing(), Ended(CallOutcome.Completed) with { SessionId = Guid.NewGuid() }));
        Assert.IsType<ContactDecision.Ignore>(Decide(Ringing(), Ended(CallOutcome.Completed, "sid-of-a-stranger")));
        Assert.IsType<ContactDecision.Ignore>(Decide(Ringing() with { Session = null }, Ended(CallOutcome.Completed)));
    }

    [Theory]
    [InlineData(CallOutcome.Completed, ContactStatus.Completed)]
    [InlineData(CallOutcome.Machine, ContactStatus.Completed)]
    [InlineData(CallOutcome.NoAnswer, ContactStatus.NoAnswer)]
    [InlineData(CallOutcome.Busy, ContactStatus.NoAnswer)]
    [InlineData(CallOutcome.Canceled, ContactStatus.NoAnswer)]
    [InlineData(CallOutcome.Failed, ContactStatus.Failed)]
    [InlineData(CallOutcome.Rejected, ContactStatus.Failed)]
    [InlineData(CallOutcome.InterruptedByUs, ContactStatus.Failed)]
    [InlineData(CallOutcome.Unknown, ContactStatus.Failed)]
    public void OnReport_WhenEndedWithoutARule_Settles(CallOutcome outcome, ContactStatus expected)
    {
        foreach (var contact in new[] { Dialing(), At(ContactStatus.Dispatched, SessionState.Unknown), Ringing() })
        {
            var change = Applied(contact.With(), Ended(outcome, "sid-1", "the carrier's words"));

            Assert.Equal((expected, outcome, DecisionKind.Settled), (change.To, change.Outcome!.Value, change.Decision!.Value));
            Assert.Equal(
                new SessionChange(SessionId, SessionState.Ended, "sid-1", outcome, Detail: "the carrier's words"), change.Session);
            Assert.EndsWith(": the carrier's words", change.Reason, StringComparison.Ordinal);
            Assert.Null(change.DueAt);
        }
    }

    [Fact]
    public void OnReport_WhenEnded_KeepsRecordingAndDuration()
    {
        var report = Ended(CallOutcome.Completed) with { RecordingUrl = "https://r", Duration = TimeSpan.FromSeconds(9) };

        var session = Applied(Ringing(), report).Session!;

        Assert.Equal(("https://r", TimeSpan.FromSeconds(9)), (session.RecordingUrl, session.Duration!.Value));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 60)]
    [InlineData(3, null)]
    public void OnReport_WhenNobodyAnswered_RetriesByTheDefaultPolicy(int attempts, int? minutes)
    {
        var change = Applied(Dialing(attempts), Ended(CallOutcome.NoAnswer));

        Assert.Equal(minutes is { } m ? Now.AddMinutes(m) : null, change.DueAt);
        Assert.Equal(minutes is null ? ContactStatus.NoAnswer : ContactStatus.Pending, change.To);
        Assert.Equal(minutes is null ? DecisionKind.Settled : DecisionKind.Retried, change.Decision);
        Assert.Equal((CallOutcome.NoAnswer, 0), (change.Outcome!.Value, change.AttemptsDelta));
    }

    [Fact]
    public void OnReport_WhenTheWindowIsClosed_RetriesWhenItOpensOnThePersonsClock()
    {
        // 06:00 UTC is 01:00 in New York; the window opens at 09:00 there, 14:00 UTC.
        var contact = Ringing();
        contact = contact with { Rules = contact.Rules with { Window = new(new(9, 0), new(20, 0)), TimeZone = "America/New_York" } };

        Assert.Equal(Now.AddHours(8), Applied(contact, Ended(CallOutcome.NoAnswer)).DueAt);
    }

    [Fact]
    public void OnReport_WhenTheZoneCannotBeResolved_StillRetries()
    {
        var contact = Ringing();
        contact = contact with { Rules = contact.Rules with { Window = new(new(9, 0), new(9, 1)), TimeZone = "Mars/Olympus" } };

        Assert.Equal(Now.AddMinutes(10), Applied(contact, Ended(CallOutcome.NoAnswer)).DueAt);
    }

    [Theory]
    [InlineData(CampaignStatus.Cancelled, ContactStatus.NoAnswer)]
    [InlineData(CampaignStatus.Completed, ContactStatus.NoAnswer)]
    [InlineData(CampaignStatus.Paused, ContactStatus.Pending)]
    [InlineData(CampaignStatus.Running, ContactStatus.Pending)]
    public void OnReport_WhenTheCampaignIsOver_DoesNotRetry(CampaignStatus campaign, ContactStatus expected) =>
        Assert.Equal(expected, Applied(Ringing().With(campaign), Ended(CallOutcome.NoAnswer)).To);

    [Fact]
    public void OnReport_WhenAMachineAnswersAndTheCampaignWantsPeople_RetriesAndThenCountsNobody()
    {
        var rule = (CallOutcome.Machine, new RetryRule(2, []));

        var again = Applied(Dialing(1).With(rule), Ended(CallOutcome.Machine));

        Assert.Equal((ContactStatus.Pending, Now), (again.To, again.DueAt!.Value));
        Assert.Equal(ContactStatus.NoAnswer, Applied(Dialing(2).With(rule), Ended(CallOutcome.Machine)).To);
    }

    [Theory]
    [InlineData(CallOutcome.Unknown, ContactStatus.Failed)]
    [InlineData(CallOutcome.Completed, ContactStatus.Completed)]
    public void OnReport_WhenARuleNamesWhatIsNeverRetried_SettlesAllTheSame(CallOutcome outcome, ContactStatus expected) =>
        Assert.Equal(expected, Applied(Ringing().With((outcome, new RetryRule(20, []))), Ended(outcome)).To);

    [Theory]
    [InlineData(CallOutcome.NotPlaced)]
    [InlineData(CallOutcome.RejectedForNow)]
    [InlineData(CallOutcome.CarrierUnavailable)]
    public void OnReport_WhenNoPhoneRang_GivesTheAttemptBackUnlessTheCarrierHasTheCall(CallOutcome outcome)
    {
        var released = Applied(Dialing(), Ended(outcome));

        Assert.Equal((ContactStatus.Pending, -1), (released.To, released.AttemptsDelta));
        var refused = Assert.IsType<ContactDecision.Refuse>(Decide(Ringing(), Ended(outcome)));
        Assert.Contains("IN_PROGRESS cannot become PENDING", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void OnReport_WhenEndedWithoutAnOutcome_IsRefused() => Assert.IsType<ContactDecision.Refuse>(Decide(Ringing(), Ended(null)));

    [Fact]
    public void OnGiveUp_WhenTheDeadlineHasCome_FailsAsUnknownWhateverThePolicy()
    {
        var contact = At(ContactStatus.Dispatched, SessionState.Unknown).With((CallOutcome.Unknown, new RetryRule(20, [])));

        var decision = ContactLifecycle.OnGiveUp(contact, SessionId, "three look-ups found nothing", Timings, Now.AddSeconds(40));

        var change = Assert.IsType<ContactDecision.Apply>(decision).Change;
        Assert.Equal((ContactStatus.Failed, CallOutcome.Unknown, DecisionKind.Settled), (change.To, change.Outcome!.Value, change.Decision!.Value));
        Assert.Equal("nobody could find out whether the call took place: three look-ups found nothing", change.Reason);
    }

    [Fact]
    public void OnGiveUp_WhenEarlyOverOrForeign_Ignores()
    {
        var late = Now.AddDays(1);
        Assert.IsType<ContactDecision.Ignore>(ContactLifecycle.OnGiveUp(Ringing(), SessionId, "", Timings, Now.AddSeconds(39)));
        Assert.IsType<ContactDecision.Ignore>(ContactLifecycle.OnGiveUp(Ringing(), Guid.NewGuid(), "", Timings, late));
        Assert.IsType<ContactDecision.Ignore>(
            ContactLifecycle.OnGiveUp(Over(ContactStatus.Completed, CallOutcome.Completed), SessionId, "", Timings, late));
        Assert.IsType<ContactDecision.Ignore>(
            ContactLifecycle.OnGiveUp(Over(ContactStatus.Dispatched, CallOutcome.Busy), SessionId, "", Timings, late));
    }

    private static ContactDecision Decide(ContactRecord contact, CarrierReport report) =>
        ContactLifecycle.OnReport(contact, report, Timings, Now);

    private static ContactChange Applied(ContactRecord contact, CarrierReport report) =>
        Assert.IsType<ContactDecision.Apply>(Decide(contact, report)).Change;
}
