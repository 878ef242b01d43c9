using Campaigns.Carrier;
using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using Campaigns.Stores;
using static Campaigns.DomainTests.Contacts;

namespace Campaigns.DomainTests;

public sealed class ContactLifecyclePlaceTests
{
    private static readonly CallTimings Timings = new() { ExpectConversations = false };

    [Fact]
    public void OnPlaceResult_WhenAccepted_IsInProgressAndRinging()
    {
        var change = Applied(Dialing(), new PlaceCallResult.Accepted("sid-1"));

        Assert.Equal((ContactStatus.Dispatched, ContactStatus.InProgress, 7), (change.From, change.To, change.ExpectedVersion));
        Assert.Equal(
            new SessionChange(SessionId, SessionState.Ringing, "sid-1", CheckAt: Now.AddSeconds(45), GiveUpAt: Now.AddMinutes(65)),
            change.Session);
        Assert.Null(change.Decision);
    }

    [Theory]
    [InlineData(SessionState.Ringing)]
    [InlineData(SessionState.Answered)]
    public void OnPlaceResult_WhenACallbackCameFirst_OnlyFillsTheSid(SessionState state)
    {
        var change = Applied(At(ContactStatus.InProgress, state), new PlaceCallResult.Accepted("sid-1"));

        Assert.Equal((ContactStatus.InProgress, state, "sid-1"), (change.To, change.Session!.State, change.Session.CarrierSid));
        Assert.IsType<ContactDecision.Ignore>(Decide(At(ContactStatus.InProgress, state, "sid-1"), new PlaceCallResult.Accepted("sid-1")));
    }

    [Fact]
    public void OnPlaceResult_WhenTheCallIsOver_OnlyFillsTheSidOfATerminalContact()
    {
        var change = Applied(Over(ContactStatus.Completed, CallOutcome.Completed, sid: null), new PlaceCallResult.Accepted("sid-1"));

        Assert.Equal((ContactStatus.Completed, ContactStatus.Completed), (change.From, change.To));
        Assert.Equal(new SessionChange(SessionId, SessionState.Ended, "sid-1", CallOutcome.Completed), change.Session);
        Assert.IsType<ContactDecision.Ignore>(
            Decide(Over(ContactStatus.Completed, CallOutcome.Completed), new PlaceCallResult.Accepted("sid-1")));
        Assert.IsType<ContactDecision.Ignore>(
            Decide(Over(ContactStatus.Pending, CallOutcome.Busy, sid: null), new PlaceCallResult.Accepted("sid-1")));
    }

    public static TheoryData<PlaceCallResult, CallOutcome, int> Releases => new()
    {
        { new PlaceCallResult.RejectedForNow(null, "429"), CallOutcome.RejectedForNow, 5 },
        { new PlaceCallResult.RejectedForNow(TimeSpan.FromSeconds(30), "429"), CallOutcome.RejectedForNow, 30 },
        { new PlaceCallResult.RejectedForNow(TimeSpan.FromDays(400), "429"), CallOutcome.RejectedForNow, 3_600 },
        { new PlaceCallResult.RejectedForNow(TimeSpan.FromSeconds(-3), "429"), CallOutcome.RejectedForNow, 0 },
        { new PlaceCallResult.NotSent("too late"), CallOutcome.NotPlaced, 5 },
        { new PlaceCallResult.CarrierUnavailable("no balance"), CallOutcome.CarrierUnavailable, 5 },
    };

    [Theory]
    [MemberData(nameof(Releases), DisableDiscoveryEnumeration = true)]
    public void OnPlaceResult_WhenNoPhoneRang_GivesTheAttemptBack(PlaceCallResult result, CallOutcome outcome, int seconds)
    {
        var change = Applied(Dialing(), result);

        Assert.Equal((ContactStatus.Pending, -1, Now.AddSeconds(seconds)), (change.To, change.AttemptsDelta, change.DueAt!.Value));
        Assert.Equal((SessionState.Ended, outcome), (change.Session!.State, change.Session.Outcome));
        Assert.Equal(DecisionKind.Released, change.Decision);
    }

    [Theory]
    [MemberData(nameof(Releases), DisableDiscoveryEnumeration = true)]
    public void OnPlaceResult_WhenNoPhoneRangAndTheCampaignIsCancelled_CancelsTheContact(PlaceCallResult result, CallOutcome outcome, int seconds)
    {
        var change = Applied(Dialing().With(CampaignStatus.Cancelled), result);

        Assert.True(seconds >= 0);
        Assert.Equal((ContactStatus.Cancelled, -1, null), (change.To, change.AttemptsDelta, change.DueAt));
        Assert.Equal(outcome, change.Session!.Outcome);
        Assert.Equal(DecisionKind.Settled, change.Decision);
    }

    [Fact]
    public void OnPlaceResult_WhenRejected_FailsUnlessAPolicyRetriesIt()
    {
        var final = Applied(Dialing(), new PlaceCallResult.Rejected("bad number"));
        var again = Applied(Dialing().With((CallOutcome.Rejected, new RetryRule(2, [TimeSpan.FromHours(1)]))), new PlaceCallResult.Rejected("bad number"));

        Assert.Equal((ContactStatus.Failed, CallOutcome.Rejected, 0), (final.To, final.Outcome!.Value, final.AttemptsDelta));
        Assert.Equal("the carrier refused the call: bad number", final.Reason);
        Assert.Equal((ContactStatus.Pending, Now.AddHours(1)), (again.To, again.DueAt!.Value));
    }

    [Fact]
    public void OnPlaceResult_WhenAmbiguous_StaysDispatchedWithTheSessionUnknown()
    {
        var change = Applied(Dialing(), new PlaceCallResult.Ambiguous("timed out"));

        Assert.Equal((ContactStatus.Dispatched, ContactStatus.Dispatched), (change.From, change.To));
        Assert.Equal(
            new SessionChange(
                SessionId, SessionState.Unknown, CheckAt: Now.AddSeconds(5), GiveUpAt: Now.AddMinutes(5), Detail: "timed out"),
            change.Session);
    }

    public static TheoryData<PlaceCallResult> Refusals =>
    [
        new PlaceCallResult.RejectedForNow(null, "429"), new PlaceCallResult.NotSent("late"), new PlaceCallResult.CarrierUnavailable("401"),
        new PlaceCallResult.Rejected("400"), new PlaceCallResult.Ambiguous("500"),
    ];

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void OnPlaceResult_WhenACallbackHasProvedTheCall_IgnoresTheRefusal(PlaceCallResult result)
    {
        Assert.IsType<ContactDecision.Ignore>(Decide(Ringing(), result));
        Assert.IsType<ContactDecision.Ignore>(Decide(Over(ContactStatus.NoAnswer, CallOutcome.Busy), result));
        Assert.IsType<ContactDecision.Ignore>(Decide(Over(ContactStatus.Dispatched, CallOutcome.Busy), result));
    }

    [Fact]
    public void OnPlaceResult_WhenTheContactHasMovedOn_Ignores() =>
        Assert.IsType<ContactDecision.Ignore>(
            ContactLifecycle.OnPlaceResult(Dialing(), new PlaceCallResult.Accepted("sid-1"), Timings, Now, Guid.NewGuid()));

    [Fact]
    public void OnPlaceResult_WhenThereIsNoSession_IsRefused() =>
        Assert.IsType<ContactDecision.Refuse>(Decide(Dialing() with { Session = null }, new PlaceCallResult.Accepted("sid-1")));

    private static ContactDecision Decide(ContactRecord contact, PlaceCallResult result) =>
        ContactLifecycle.OnPlaceResult(contact, result, Timings, Now);

    private static ContactChange Applied(ContactRecord contact, PlaceCallResult result) =>
        Assert.IsType<ContactDecision.Apply>(Decide(contact, result)).Change;
}
