using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using Campaigns.Stores;
using static Campaigns.DomainTests.Contacts;

namespace Campaigns.DomainTests;

/// <summary>What the end of an answered call means: the conversation says what came of it, the carrier that it is over.</summary>
public sealed class ContactLifecycleConversationTests
{
    private static readonly CallTimings Timings = new();
    private static readonly DateTimeOffset Alive = Now.AddSeconds(7);
    private static readonly DateTimeOffset Gone = Now.AddSeconds(-1);

    [Theory]
    [InlineData(CallOutcome.Completed, ContactStatus.Completed)]
    [InlineData(CallOutcome.Machine, ContactStatus.Completed)]
    [InlineData(CallOutcome.NoSpeech, ContactStatus.NoAnswer)]
    [InlineData(CallOutcome.ModelUnavailable, ContactStatus.Failed)]
    [InlineData(CallOutcome.InterruptedByUs, ContactStatus.Failed)]
    public void CarrierEnd_AfterTheConclusion_SettlesAsConcluded(CallOutcome outcome, ContactStatus expected)
    {
        var report = Ended(CallOutcome.Completed, "sid-1") with { Duration = TimeSpan.FromSeconds(50), RecordingUrl = "https://r" };

        var change = Applied(Held(Alive, outcome, "why").With(), report);

        Assert.Equal((expected, outcome, DecisionKind.Settled), (change.To, change.Outcome!.Value, change.Decision!.Value));
        Assert.Equal(
            new SessionChange(
                SessionId, SessionState.Ended, "sid-1", outcome, Duration: TimeSpan.FromSeconds(50), RecordingUrl: "https://r", Detail: "why"),
            change.Session);
        Assert.EndsWith(": why", change.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void CarrierEnd_BeforeTheConclusion_WaitsForWhoHoldsTheConversation()
    {
        var report = Ended(CallOutcome.Completed, "sid-1") with { Duration = TimeSpan.FromSeconds(50), RecordingUrl = "https://r" };

        var change = Applied(Held(Alive), report);

        Assert.Equal((ContactStatus.InProgress, ContactStatus.InProgress, null, null), (change.From, change.To, change.Outcome, change.Decision));
        Assert.Equal(
            new SessionChange(
                SessionId, SessionState.Answered, "sid-1", CheckAt: Alive.AddSeconds(1), Duration: TimeSpan.FromSeconds(50), RecordingUrl: "https://r",
                CarrierEndedAt: Now),
            change.Session);
    }

    [Fact]
    public void CarrierEnd_Repeated_KeepsWhenItFirstEnded()
    {
        var ended = Now.AddSeconds(-30);

        Assert.Equal(ended, Applied(Held(Alive, carrierEndedAt: ended), Ended(CallOutcome.Completed)).Session!.CarrierEndedAt);
    }

    [Fact]
    public void CarrierEnd_WhenWhoHoldsTheConversationIsGone_IsInterruptedByUs()
    {
        var change = Applied(Held(Gone).With(), Ended(CallOutcome.Completed));

        Assert.Equal((ContactStatus.Failed, CallOutcome.InterruptedByUs), (change.To, change.Outcome!.Value));
        Assert.Contains("is gone", change.Reason, StringComparison.Ordinal);

        // To the very moment at which its lease ends.
        Assert.Equal(CallOutcome.InterruptedByUs, Applied(Held(Now), Ended(CallOutcome.Completed)).Outcome);
        Assert.Null(Applied(Held(Now.AddTicks(1)), Ended(CallOutcome.Completed)).Outcome);
    }

    [Fact]
    public void CarrierEnd_WhenWhoHoldsTheConversationLivesAndNeverConcludes_IsInterruptedByUsAfterAMinute()
    {
        Assert.Null(Applied(Held(Alive, carrierEndedAt: Now.AddSeconds(-59)), Ended(CallOutcome.Completed)).Outcome);

        var change = Applied(Held(Alive, carrierEndedAt: Now.AddSeconds(-60)), Ended(CallOutcome.Completed));

        Assert.Equal(CallOutcome.InterruptedByUs, change.Outcome);
        Assert.Contains("did not conclude", change.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void InterruptedByUs_ByTheDefaultPolicy_IsDueAgainOnce(int attempts, bool again)
    {
        var change = Applied(Held(Gone, attempts: attempts), Ended(CallOutcome.Completed));

        Assert.Equal(again ? (ContactStatus.Pending, Now.AddMinutes(2)) : (ContactStatus.Failed, null), (change.To, change.DueAt));
        Assert.Equal((0, false), (change.AttemptsDelta, change.Promised));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(60.0)]
    [InlineData(null)]
    public void CarrierEnd_WithoutAMediaStream_IsOursHoweverShortTheCallWas(double? seconds)
    {
        var report = Ended(CallOutcome.Completed) with { Duration = seconds is { } s ? TimeSpan.FromSeconds(s) : null };

        foreach (var contact in new[] { Dialing(), At(ContactStatus.Dispatched, SessionState.Unknown), Ringing(), At(ContactStatus.InProgress, SessionState.Answered) })
        {
            Assert.Equal(CallOutcome.InterruptedByUs, Applied(contact, report).Outcome);
        }
    }

    [Fact]
    public void CarrierEnd_WhereCallsAreBridgedElsewhere_NeedsNoConversation()
    {
        var elsewhere = Timings with { ExpectConversations = false };

        var decision = ContactLifecycle.OnReport(Ringing(), Ended(CallOutcome.Completed), elsewhere, Now);

        Assert.Equal(ContactStatus.Completed, Assert.IsType<ContactDecision.Apply>(decision).Change.To);
    }

    [Theory]
    [InlineData(CallOutcome.NoAnswer)]
    [InlineData(CallOutcome.Busy)]
    [InlineData(CallOutcome.Failed)]
    [InlineData(CallOutcome.Canceled)]
    [InlineData(CallOutcome.NotPlaced)]
    public void CarrierEnd_WithAnotherWordThoughSomebodyAnswered_IsWhatTheConversationSays(CallOutcome carriers)
    {
        var concluded = Applied(Held(Gone, CallOutcome.Completed), Ended(carriers));

        Assert.Equal((ContactStatus.Completed, CallOutcome.Completed), (concluded.To, concluded.Outcome!.Value));
        Assert.Equal((null, Now), (Applied(Held(Alive), Ended(carriers)).Outcome, Applied(Held(Alive), Ended(carriers)).Session!.CarrierEndedAt));
        Assert.Equal(CallOutcome.InterruptedByUs, Applied(Held(Gone), Ended(carriers)).Outcome);
    }

    [Theory]
    [InlineData(CallOutcome.NoAnswer)]
    [InlineData(CallOutcome.Busy)]
    [InlineData(CallOutcome.Failed)]
    public void CarrierEnd_OfACallNobodyAnswered_IsTheCarriersWord(CallOutcome outcome) =>
        Assert.Equal(outcome, Applied(Ringing(), Ended(outcome)).Outcome);

    [Fact]
    public void Conclusion_AfterTheCarriersEnd_Settles()
    {
        var contact = Held(Alive, CallOutcome.Completed, "the agent ended it", carrierEndedAt: Now.AddSeconds(-1), disposition: "interested");

        var change = Concluded(contact);

        Assert.Equal(
            (ContactStatus.Completed, CallOutcome.Completed, "interested", DecisionKind.Settled),
            (change.To, change.Outcome!.Value, change.Disposition, change.Decision!.Value));
        Assert.Equal("completed: the agent ended it", change.Reason);
        Assert.Equal(new SessionChange(SessionId, SessionState.Ended, Outcome: CallOutcome.Completed, Detail: "the agent ended it"), change.Session);
    }

    [Fact]
    public void Conclusion_BeforeTheCarriersEnd_ChangesNothingYet() =>
        Ignored(ContactLifecycle.OnConversationEnded(Held(Alive, CallOutcome.Completed), SessionId, Timings, Now), "has not said");

    [Fact]
    public void Conclusion_ThatIsNotOnRecordLateOrForeign_ChangesNothing()
    {
        Ignored(ContactLifecycle.OnConversationEnded(Held(Alive, carrierEndedAt: Now), SessionId, Timings, Now), "not concluded");
        var settled = Over(ContactStatus.Failed, CallOutcome.InterruptedByUs);
        settled = settled with { Session = settled.Session! with { CarrierEndedAt = Now, Conversation = Conversation(Gone, CallOutcome.Completed) } };
        Ignored(ContactLifecycle.OnConversationEnded(settled, SessionId, Timings, Now), "already over");
        var ready = Held(Alive, CallOutcome.Completed, carrierEndedAt: Now);
        Ignored(ContactLifecycle.OnConversationEnded(ready, Guid.NewGuid(), Timings, Now), "another session");
        Ignored(ContactLifecycle.OnConversationEnded(ready with { Session = null }, SessionId, Timings, Now), "no session");
        Ignored(ContactLifecycle.OnConversationEnded(ready with { Status = ContactStatus.Pending }, SessionId, Timings, Now), "PENDING");
    }

    [Fact]
    public void Callback_WhenPromised_IsDueAsPromisedAndGoesFirst()
    {
        var at = Now.AddHours(5);

        var change = Applied(Held(Alive, CallOutcome.Completed, callbackAt: at, disposition: "later"), Ended(CallOutcome.Completed));

        Assert.Equal((ContactStatus.Pending, at, true, DecisionKind.Retried), (change.To, change.DueAt!.Value, change.Promised, change.Decision!.Value));
        Assert.Equal((CallOutcome.Completed, "later", 0), (change.Outcome!.Value, change.Disposition, change.AttemptsDelta));
        Assert.EndsWith("a callback was promised", change.Reason, StringComparison.Ordinal);
        Assert.Equal(at, Concluded(Held(Alive, CallOutcome.Completed, callbackAt: at, carrierEndedAt: Now)).DueAt);
    }

    [Fact]
    public void Callback_OutsideTheCallingWindow_WaitsForItsOpeningOnThePersonsClock()
    {
        // 11:00 UTC is 06:00 in New York; the window opens at 09:00 there, 14:00 UTC.
        var contact = Held(Alive, CallOutcome.Completed, callbackAt: Now.AddHours(5));
        contact = contact with { Rules = contact.Rules with { Window = new(new(9, 0), new(20, 0)), TimeZone = "America/New_York" } };

        Assert.Equal(Now.AddHours(8), Applied(contact, Ended(CallOutcome.Completed)).DueAt);
    }

    [Fact]
    public void Callback_WhenTheZoneCannotBeResolved_IsDueAsPromised()
    {
        var contact = Held(Alive, CallOutcome.Completed, callbackAt: Now.AddHours(5));
        contact = contact with { Rules = contact.Rules with { Window = new(new(9, 0), new(9, 1)), TimeZone = "Mars/Olympus" } };

        Assert.Equal(Now.AddHours(5), Applied(contact, Ended(CallOutcome.Completed)).DueAt);
    }

    [Fact]
    public void Callback_WhoseTimeHasPassed_IsDueAtOnce() =>
        Assert.Equal(Now, Applied(Held(Alive, CallOutcome.Completed, callbackAt: Now.AddSeconds(-1)), Ended(CallOutcome.Completed)).DueAt);

    [Theory]
    [InlineData(9, ContactStatus.Pending)]
    [InlineData(10, ContactStatus.Completed)]
    public void Callback_AfterTenAttempts_IsNotPromisedAnyMore(int attempts, ContactStatus expected)
    {
        var change = Applied(Held(Alive, CallOutcome.Completed, callbackAt: Now.AddHours(1), attempts: attempts), Ended(CallOutcome.Completed));

        Assert.Equal((expected, expected == ContactStatus.Pending), (change.To, change.Promised));
    }

    [Theory]
    [InlineData(CampaignStatus.Cancelled, ContactStatus.Completed)]
    [InlineData(CampaignStatus.Completed, ContactStatus.Completed)]
    [InlineData(CampaignStatus.Paused, ContactStatus.Pending)]
    public void Callback_WhenTheCampaignIsOver_IsNotKept(CampaignStatus campaign, ContactStatus expected) =>
        Assert.Equal(expected, Applied(Held(Alive, CallOutcome.Completed, callbackAt: Now.AddHours(1)).With(campaign), Ended(CallOutcome.Completed)).To);

    [Fact]
    public void CarrierEnd_OfAConversationWeLostAfterAPromise_KeepsThePromise()
    {
        var change = Applied(Held(Gone, callbackAt: Now.AddHours(5)), Ended(CallOutcome.Completed));

        Assert.Equal((CallOutcome.Completed, Now.AddHours(5), true), (change.Outcome!.Value, change.DueAt!.Value, change.Promised));
    }

    [Fact]
    public void CarrierEnd_OfAConversationWeLostAfterItsResult_AsksNobodyAgain()
    {
        var change = Applied(Held(Gone, disposition: "sold"), Ended(CallOutcome.Completed));

        Assert.Equal((ContactStatus.Completed, CallOutcome.Completed, "sold"), (change.To, change.Outcome!.Value, change.Disposition));
    }

    [Fact]
    public void GiveUp_WithAConcludedConversation_IsWhatTheConversationSays()
    {
        var change = GivenUp(Held(Gone, CallOutcome.Completed, "the person hung up", disposition: "sold"));

        Assert.Equal((ContactStatus.Completed, CallOutcome.Completed, "sold"), (change.To, change.Outcome!.Value, change.Disposition));
        Assert.Equal("completed: the person hung up", change.Reason);
    }

    [Fact]
    public void GiveUp_WithAConversationThatNobodyConcluded_IsInterruptedByUs()
    {
        var late = Now.AddMinutes(1);

        Assert.Equal(CallOutcome.InterruptedByUs, GivenUp(Held(Gone).With()).Outcome);

        // Whoever lives and has been told that the call is over has had its time.
        Assert.Equal(CallOutcome.InterruptedByUs, GivenUp(Held(late.AddSeconds(5), carrierEndedAt: Now).With()).Outcome);
    }

    [Fact]
    public void GiveUp_OfAConversationThatGoesOn_IsIgnored() =>
        Ignored(ContactLifecycle.OnGiveUp(Held(Now.AddMinutes(2)), SessionId, "", Timings, Now.AddMinutes(1)), "lives");

    [Fact]
    public void GiveUp_WithoutAConversation_IsUnknown() => Assert.Equal(CallOutcome.Unknown, GivenUp(Ringing()).Outcome);

    [Fact]
    public void Machine_WhenTheCampaignWantsPeople_IsTriedAgainByItsOwnRule()
    {
        var contact = Held(Alive, CallOutcome.Machine).With((CallOutcome.Machine, new RetryRule(2, [TimeSpan.FromHours(3)])));

        var change = Applied(contact, Ended(CallOutcome.Completed));

        Assert.Equal((ContactStatus.Pending, Now.AddHours(3), false), (change.To, change.DueAt!.Value, change.Promised));
    }

    [Fact]
    public void Lifecycle_InWhateverOrderConclusionAndCarrierCome_SettlesOnceAndAlike()
    {
        Law.Holds(
            dice =>
            {
                var outcome = dice.Of(CallOutcome.Completed, CallOutcome.Machine, CallOutcome.NoSpeech, CallOutcome.ModelUnavailable, CallOutcome.InterruptedByUs);
                DateTimeOffset? callback = dice.Bool() ? Now.AddMinutes(dice.Int(-5, 500)) : null;
                var attempts = dice.Int(1, 11);

                var carrierLast = Applied(Held(Alive, outcome, callbackAt: callback, attempts: attempts), Ended(CallOutcome.Completed));
                var first = Applied(Held(Alive, attempts: attempts), Ended(CallOutcome.Completed));
                var conclusionLast = Concluded(
                    Held(Alive, outcome, callbackAt: callback, attempts: attempts, carrierEndedAt: first.Session!.CarrierEndedAt));

                Assert.Equal(
                    (carrierLast.To, carrierLast.DueAt, carrierLast.Outcome, carrierLast.Promised),
                    (conclusionLast.To, conclusionLast.DueAt, conclusionLast.Outcome, conclusionLast.Promised));
            });
    }

    private static ContactRecord Held(
        DateTimeOffset until, CallOutcome? outcome = null, string? detail = null, DateTimeOffset? carrierEndedAt = null, DateTimeOffset? callbackAt = null,
        string? disposition = null, int attempts = 1)
    {
        var contact = At(ContactStatus.InProgress, SessionState.Answered, "sid-1", attempts);
        return contact with
        {
            Session = contact.Session! with
            {
                Conversation = Conversation(until, outcome, detail, disposition, callbackAt),
                CarrierEndedAt = carrierEndedAt,
            },
        };
    }

    private static ConversationRecord Conversation(
        DateTimeOffset until, CallOutcome? outcome, string? detail = null, string? disposition = null, DateTimeOffset? callbackAt = null) =>
        new(until, outcome, detail, disposition, callbackAt);

    private static ContactChange Applied(ContactRecord contact, CarrierReport report) =>
        Assert.IsType<ContactDecision.Apply>(ContactLifecycle.OnReport(contact, report, Timings, Now)).Change;

    private static ContactChange Concluded(ContactRecord contact) =>
        Assert.IsType<ContactDecision.Apply>(ContactLifecycle.OnConversationEnded(contact, SessionId, Timings, Now)).Change;

    private static ContactChange GivenUp(ContactRecord contact) =>
        Assert.IsType<ContactDecision.Apply>(ContactLifecycle.OnGiveUp(contact, SessionId, "nobody knows", Timings, Now.AddMinutes(1))).Change;

    private static void Ignored(ContactDecision decision, string why) =>
        Assert.Contains(why, Assert.IsType<ContactDecision.Ignore>(decision).Why, StringComparison.Ordinal);
}
