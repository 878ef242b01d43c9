using Campaigns.Carrier;
using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using Campaigns.Stores;
using static Campaigns.DomainTests.Contacts;

namespace Campaigns.DomainTests;

/// <summary>Whatever happens in whatever order, a contact's life keeps its laws.</summary>
public sealed class ContactLifecycleLawTests
{
    private static readonly CallTimings Timings = new() { ExpectConversations = false };

    [Fact]
    public void Lifecycle_WhenEventsComeInAnyOrder_KeepsItsLaws()
    {
        Law.Holds(
            dice =>
            {
                var contact = Dialing(dice.Int(1, 3)).With(dice.Any<CampaignStatus>());
                var now = Now;
                for (var step = 0; step < 12; step++)
                {
                    now = now.AddSeconds(dice.Int(0, 400));
                    var corrected = dice.Int(0, 5) == 0;
                    if (Decide(dice, contact, now, corrected) is not ContactDecision.Apply { Change: var change })
                    {
                        continue;
                    }

                    AssertLaws(contact, change, corrected, now);
                    contact = contact.After(change);
                    if (contact.Status == ContactStatus.Pending)
                    {
                        // Waiting, claimed again with the old session still on record, or dialled again.
                        contact = dice.Of(
                            contact,
                            contact with { Status = ContactStatus.Dispatched, Attempts = contact.Attempts + 1 },
                            Dialing(contact.Attempts + 1).With(contact.Rules.CampaignStatus));
                    }
                }
            },
            cases: 2_000,
            throws: 120);
    }

    [Fact]
    public void Lifecycle_WhenAnEventIsRepeated_ChangesNothingMore()
    {
        Law.Holds(
            dice =>
            {
                var contact = Start(dice);
                var report = Report(dice);
                if (ContactLifecycle.OnReport(contact, report, Timings, Now) is ContactDecision.Apply { Change: var change })
                {
                    Assert.IsType<ContactDecision.Ignore>(ContactLifecycle.OnReport(contact.After(change), report, Timings, Now.AddSeconds(3)));
                }

                var result = Result(dice);
                if (ContactLifecycle.OnPlaceResult(contact, result, Timings, Now) is ContactDecision.Apply { Change: var placed })
                {
                    Assert.IsType<ContactDecision.Ignore>(
                        ContactLifecycle.OnPlaceResult(contact.After(placed), result, Timings, Now.AddSeconds(3)));
                }
            },
            cases: 2_000);
    }

    [Fact]
    public void Lifecycle_WhenCallbackAndAnswerRace_EndAlikeInEitherOrder()
    {
        Law.Holds(dice =>
        {
            var report = Report(dice) with { CarrierSid = "sid-1" };
            var accepted = new PlaceCallResult.Accepted("sid-1");
            var contact = Dialing(dice.Int(1, 4)).With(dice.Any<CampaignStatus>());
            if (report.Outcome is CallOutcome.NotPlaced or CallOutcome.RejectedForNow or CallOutcome.CarrierUnavailable)
            {
                // Nobody reports so of a call that the carrier has accepted.
                return;
            }

            var first = Apply(Apply(contact, c => ContactLifecycle.OnReport(c, report, Timings, Now)), Answer);
            var second = Apply(Apply(contact, Answer), c => ContactLifecycle.OnReport(c, report, Timings, Now));

            Assert.Equal((first.Status, first.Session!.State, first.Session.Outcome), (second.Status, second.Session!.State, second.Session.Outcome));
            Assert.Equal((first.Attempts, first.Session.CarrierSid), (second.Attempts, second.Session.CarrierSid));

            ContactDecision Answer(ContactRecord c) => ContactLifecycle.OnPlaceResult(c, accepted, Timings, Now);
        });
    }

    private static void AssertLaws(ContactRecord contact, ContactChange change, bool corrected, DateTimeOffset now)
    {
        Assert.Equal((contact.Id, contact.Version, contact.Status), (change.ContactId, change.ExpectedVersion, change.From));
        Assert.True(
            change.From == change.To
            || ContactMachine.CanMove(change.From, change.To)
            || (corrected && ContactMachine.CanCorrect(change.From, change.To)),
            $"{change.From} → {change.To}");
        Assert.Equal(change.To == ContactStatus.Pending, change.DueAt is not null);
        Assert.True(change.DueAt is null || change.DueAt >= now, "Due in the past.");
        Assert.True(contact.Attempts + change.AttemptsDelta >= 0, "Fewer attempts than none.");
        if (change.Session is { } session)
        {
            Assert.True(contact.Session!.State != SessionState.Ended || session.State == SessionState.Ended, "An ended call went on.");
            Assert.Equal(session.State == SessionState.Ended, session.Outcome is not null);
            Assert.Equal(session.State == SessionState.Ended, session.CheckAt is null);
            Assert.Equal(session.SessionId, contact.Session.Id);
            var endsNow = contact.Session.State != SessionState.Ended && session.State == SessionState.Ended;
            var rangNoPhone = session.Outcome is CallOutcome.NotPlaced or CallOutcome.RejectedForNow or CallOutcome.CarrierUnavailable;
            Assert.Equal(endsNow && rangNoPhone, change.AttemptsDelta == -1);
            Assert.False(session.Outcome == CallOutcome.Unknown && change.To == ContactStatus.Pending, "An unknown outcome was redialled.");
        }

        var over = contact.Rules.CampaignStatus is CampaignStatus.Cancelled or CampaignStatus.Completed;
        Assert.False(over && change.To == ContactStatus.Pending, "A campaign that is over retries.");
        Assert.True(change.From == change.To || change.To == ContactStatus.InProgress || change.Decision is not null, "An untold decision.");
    }

    private static ContactDecision Decide(Dice dice, ContactRecord contact, DateTimeOffset now, bool corrected) =>
        corrected
            ? ContactLifecycle.OnCorrection(contact, new DispositionCorrection(dice.Any<ContactStatus>(), null, dice.Of(null, "note"), "asha"), now)
            : dice.Int(0, 4) switch
            {
                0 => ContactLifecycle.OnPlaceResult(contact, Result(dice), Timings, now),
                1 => ContactLifecycle.OnGiveUp(contact, SessionId, "gone", Timings, now),
                _ => ContactLifecycle.OnReport(contact, Report(dice), Timings, now),
            };

    private static ContactRecord Start(Dice dice) => dice.Of(
        Dialing(),
        At(ContactStatus.Dispatched, SessionState.Unknown),
        Ringing(),
        At(ContactStatus.InProgress, SessionState.Ringing),
        At(ContactStatus.InProgress, SessionState.Answered),
        Over(ContactStatus.Completed, CallOutcome.Completed, dice.Of(null, "sid-1"))).With(dice.Any<CampaignStatus>());

    private static CarrierReport Report(Dice dice)
    {
        var kind = dice.Any<CarrierReportKind>();
        var outcome = kind == CarrierReportKind.Ended ? dice.Any<CallOutcome>() : (CallOutcome?)null;
        return new CarrierReport(SessionId, kind, outcome, dice.Of(null, "sid-1", "sid-2"), "callback", Detail: dice.Of(null, "words"));
    }

    private static PlaceCallResult Result(Dice dice) => dice.Of<PlaceCallResult>(
        new PlaceCallResult.Accepted("sid-1"),
        new PlaceCallResult.RejectedForNow(dice.Of<TimeSpan?>(null, TimeSpan.FromSeconds(dice.Int(0, 100_000))), "429"),
        new PlaceCallResult.Rejected("400"),
        new PlaceCallResult.CarrierUnavailable("401"),
        new PlaceCallResult.Ambiguous("500"),
        new PlaceCallResult.NotSent("late"));

    private static ContactRecord Apply(ContactRecord contact, Func<ContactRecord, ContactDecision> decide) =>
        decide(contact) is ContactDecision.Apply { Change: var change } ? contact.After(change) : contact;
}
