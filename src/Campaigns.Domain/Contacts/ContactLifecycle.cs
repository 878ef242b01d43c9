using Campaigns.Carrier;
using Campaigns.Grains;
using Campaigns.Stores;

namespace Campaigns.Domain.Contacts;

/// <summary>
/// Decides what an event does to a contact and the session of its present attempt. Pure: the caller writes the change under the version it
/// was decided on, and decides again on a conflict.
/// </summary>
public static class ContactLifecycle
{
    private static readonly TimeSpan ConversationGrace = TimeSpan.FromSeconds(1);

    /// <summary>The carrier's answer to our request, or that there was none.</summary>
    /// <param name="contact">The contact, with the session that was dialled.</param>
    /// <param name="result">The answer.</param>
    /// <param name="timings">Deadlines.</param>
    /// <param name="now">The time of the decision.</param>
    /// <param name="sessionId">The session that was dialled, if the record may have moved on to another meanwhile.</param>
    public static ContactDecision OnPlaceResult(
        ContactRecord contact, PlaceCallResult result, CallTimings timings, DateTimeOffset now, Guid? sessionId = null)
    {
        ArgumentNullException.ThrowIfNull(contact);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(timings);
        if (contact.Session is not { } session)
        {
            return new ContactDecision.Refuse($"A contact that is {contact.Status.ToText()} has no session to take a carrier's answer.");
        }

        if (sessionId is { } dialled && dialled != session.Id)
        {
            return new ContactDecision.Ignore("The contact has moved on to another session.");
        }

        if (result is PlaceCallResult.Accepted accepted)
        {
            return OnAccepted(contact, session, accepted.Sid, timings, now);
        }

        // Any news about the session is better evidence of the call than a refused or lost answer.
        if (contact.Status != ContactStatus.Dispatched || session.State is not (SessionState.Dialing or SessionState.Unknown))
        {
            return new ContactDecision.Ignore(
                $"News came before the carrier's answer: {contact.Status.ToText()}, session {session.State.ToText()}.");
        }

        return result switch
        {
            PlaceCallResult.RejectedForNow r => Settlement.Release(
                contact, session, CallOutcome.RejectedForNow, $"the carrier refused for now: {r.Reason}", r.RetryAfter, timings, now),
            PlaceCallResult.NotSent r => Settlement.Release(
                contact, session, CallOutcome.NotPlaced, $"the dial was not sent: {r.Reason}", null, timings, now),
            PlaceCallResult.CarrierUnavailable r => Settlement.Release(
                contact, session, CallOutcome.CarrierUnavailable, $"the carrier refuses the account: {r.Reason}", null, timings, now),
            PlaceCallResult.Rejected r => Settlement.Settle(contact, session, CallOutcome.Rejected, r.Reason, now, Settlement.Extras.None),
            PlaceCallResult.Ambiguous r => OnAmbiguous(contact, session, r.Reason, timings, now),
            _ => throw new ArgumentOutOfRangeException(nameof(result), result, "Not an answer."),
        };
    }

    /// <summary>News about a call: a callback, a look-up or the media socket.</summary>
    /// <param name="contact">The contact, with the session of its present attempt.</param>
    /// <param name="report">The news.</param>
    /// <param name="timings">Deadlines.</param>
    /// <param name="now">The time of the decision.</param>
    public static ContactDecision OnReport(ContactRecord contact, CarrierReport report, CallTimings timings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(contact);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(timings);
        if (NotLive(contact, report.SessionId) is { } why)
        {
            return new ContactDecision.Ignore(why);
        }

        var session = contact.Session!;
        var sid = Text.NullIfBlank(report.CarrierSid);
        if (sid is not null && session.CarrierSid is { } known && !string.Equals(known, sid, StringComparison.Ordinal))
        {
            return new ContactDecision.Ignore("It speaks of another call than the one the carrier gave us for this session.");
        }

        return report.Kind switch
        {
            CarrierReportKind.Ended => OnEnded(contact, session, report, sid, timings, now),
            CarrierReportKind.Answered when session.State != SessionState.Answered =>
                Live(contact, session, SessionState.Answered, sid, now, now, timings.CheckEvery, timings),
            CarrierReportKind.Progress when session.State is SessionState.Dialing or SessionState.Unknown =>
                Live(contact, session, SessionState.Ringing, sid, null, now, timings.RingCheckAfter, timings),
            _ => FillSid(contact, session, sid, timings, now, $"The session is already {session.State.ToText()}."),
        };
    }

    /// <summary>The conversation of a call has been concluded. The attempt is settled once the carrier has said, too, that the call is over.</summary>
    /// <param name="contact">The contact, with the session of its present attempt.</param>
    /// <param name="sessionId">The session whose conversation was concluded.</param>
    /// <param name="timings">Deadlines.</param>
    /// <param name="now">The time of the decision.</param>
    public static ContactDecision OnConversationEnded(ContactRecord contact, Guid sessionId, CallTimings timings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(contact);
        ArgumentNullException.ThrowIfNull(timings);
        if (NotLive(contact, sessionId) is { } why)
        {
            return new ContactDecision.Ignore(why);
        }

        return contact.Session switch
        {
            { CarrierEndedAt: null } => new ContactDecision.Ignore("The carrier has not said that the call is over."),
            { Conversation.Outcome: { } outcome } session =>
                Settlement.Settle(contact, session, outcome, session.Conversation.Detail, now, Settlement.Extras.None),
            _ => new ContactDecision.Ignore("The conversation is not concluded."),
        };
    }

    /// <summary>The rescuer could not find out until the deadline of the session how it ended: what a conversation tells, otherwise unknown.</summary>
    /// <param name="contact">The contact, with the session of its present attempt.</param>
    /// <param name="sessionId">The session that is given up.</param>
    /// <param name="reason">What was tried, for operators.</param>
    /// <param name="timings">Deadlines.</param>
    /// <param name="now">The time of the decision.</param>
    /// <returns>Ignored before the session's deadline as recorded now, which later news may have put off.</returns>
    public static ContactDecision OnGiveUp(ContactRecord contact, Guid sessionId, string reason, CallTimings timings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(contact);
        ArgumentNullException.ThrowIfNull(timings);
        if (NotLive(contact, sessionId) is { } why)
        {
            return new ContactDecision.Ignore(why);
        }

        var session = contact.Session!;
        return session switch
        {
            _ when now < session.GiveUpAt => new ContactDecision.Ignore("Its deadline lies ahead."),

            // The carrier cannot be asked, but a conversation that took place is known for what it was.
            { Conversation.Outcome: { } outcome } =>
                Settlement.Settle(contact, session, outcome, session.Conversation.Detail, now, Settlement.Extras.None),

            // A deadline that was set before the call was answered says nothing about a conversation that goes on.
            { Conversation: { } held, CarrierEndedAt: null } when now < held.Until =>
                new ContactDecision.Ignore("Whoever holds its conversation lives."),
            { Conversation: not null } => Lost(contact, session, reason, now, Settlement.Extras.None),
            _ => Settlement.Settle(contact, session, CallOutcome.Unknown, reason, now, Settlement.Extras.None),
        };
    }

    /// <summary>A person sets the result by hand.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="correction">What is right.</param>
    /// <param name="now">The time of the correction.</param>
    public static ContactDecision OnCorrection(ContactRecord contact, DispositionCorrection correction, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(contact);
        ArgumentNullException.ThrowIfNull(correction);
        return Corrections.Decide(contact, correction, now);
    }

    private static ContactDecision OnAccepted(
        ContactRecord contact, SessionRecord session, string sid, CallTimings timings, DateTimeOffset now)
    {
        if (session.State == SessionState.Ended)
        {
            // A contact that is due again keeps its due time, which this record does not carry: its old session's sid is not worth a risk.
            return session.CarrierSid is null && ContactMachine.IsTerminal(contact.Status)
                ? Settlement.Same(contact, now, new SessionChange(session.Id, SessionState.Ended, sid, session.Outcome))
                : new ContactDecision.Ignore("The call is already over.");
        }

        if (!ContactMachine.IsInFlight(contact.Status))
        {
            return new ContactDecision.Ignore($"The contact is {contact.Status.ToText()}.");
        }

        return session.State is SessionState.Dialing or SessionState.Unknown
            ? Live(contact, session, SessionState.Ringing, session.CarrierSid ?? sid, null, now, timings.RingCheckAfter, timings)
            : FillSid(contact, session, sid, timings, now, "Callbacks have told it already.");
    }

    private static ContactDecision OnAmbiguous(
        ContactRecord contact, SessionRecord session, string reason, CallTimings timings, DateTimeOffset now)
    {
        if (session.State == SessionState.Unknown)
        {
            return new ContactDecision.Ignore("The session is already UNKNOWN.");
        }

        var change = new SessionChange(
            session.Id,
            SessionState.Unknown,
            CheckAt: now + timings.UnknownCheckAfter,
            GiveUpAt: now + timings.UnknownDeadline,
            Detail: reason);
        return Settlement.Same(contact, now, change, $"the carrier's answer is not clear: {reason}");
    }

    private static ContactDecision OnEnded(
        ContactRecord contact, SessionRecord session, CarrierReport report, string? sid, CallTimings timings, DateTimeOffset now)
    {
        if (report.Outcome is not { } outcome)
        {
            return new ContactDecision.Refuse($"A contact that is {contact.Status.ToText()} cannot end without an outcome.");
        }

        var extras = new Settlement.Extras(sid, report.Duration, report.RecordingUrl);
        // A media stream proves that somebody answered, whatever word the carrier has for the end.
        if (timings.ExpectConversations && (outcome == CallOutcome.Completed || session.Conversation is not null))
        {
            return OnAnsweredCallEnded(contact, session, report, extras, timings, now);
        }

        if (!Settlement.GivesAttemptBack(outcome))
        {
            return Settlement.Settle(contact, session, outcome, report.Detail, now, extras);
        }

        return contact.Status == ContactStatus.Dispatched
            ? Settlement.Release(contact, session, outcome, report.Detail ?? outcome.ToText(), null, timings, now)
            : new ContactDecision.Refuse(
                $"A contact that is {contact.Status.ToText()} cannot become PENDING by {outcome.ToText()}: the carrier has the call.");
    }

    /// <summary>The carrier says that an answered call is over; what came of it is the conversation's to say.</summary>
    private static ContactDecision OnAnsweredCallEnded(
        ContactRecord contact,
        SessionRecord session,
        CarrierReport report,
        Settlement.Extras extras,
        CallTimings timings,
        DateTimeOffset now)
    {
        switch (session.Conversation)
        {
            case { Outcome: { } outcome } concluded:
                return Settlement.Settle(contact, session, outcome, concluded.Detail ?? report.Detail, now, extras);

            case { } held when now < held.Until && now < (session.CarrierEndedAt ?? now) + timings.ConclusionPatience:
                // Whoever holds it lives and is about to conclude it: its stream has ended, too.
                return Settlement.Same(contact, now, new SessionChange(
                    session.Id,
                    SessionState.Answered,
                    extras.Sid,
                    CheckAt: held.Until + ConversationGrace,
                    Duration: extras.Duration,
                    RecordingUrl: Text.NullIfBlank(extras.RecordingUrl),
                    CarrierEndedAt: session.CarrierEndedAt ?? now));

            case { } lost:
                return Lost(
                    contact, session,
                    now < lost.Until ? "the process that held the conversation did not conclude it" : "the process that held the conversation is gone",
                    now, extras);

            default:
                return Settlement.Settle(
                    contact, session, CallOutcome.InterruptedByUs, "answered, and the call's audio never reached us", now, extras);
        }
    }

    /// <summary>A conversation that nobody will conclude. What the person decided was durable before it was lost: they are not asked again.</summary>
    private static ContactDecision.Apply Lost(
        ContactRecord contact, SessionRecord session, string why, DateTimeOffset now, Settlement.Extras extras) =>
        session.Conversation is { Disposition: not null } or { CallbackAt: not null }
            ? Settlement.Settle(contact, session, CallOutcome.Completed, $"{why}, after its result was recorded", now, extras)
            : Settlement.Settle(contact, session, CallOutcome.InterruptedByUs, why, now, extras);

    private static ContactDecision FillSid(
        ContactRecord contact, SessionRecord session, string? sid, CallTimings timings, DateTimeOffset now, string otherwise) =>
        sid is null || session.CarrierSid is not null
            ? new ContactDecision.Ignore(otherwise)
            : Settlement.Same(contact, now, new SessionChange(session.Id, session.State, sid, CheckAt: now + timings.CheckEvery));

    private static ContactDecision.Apply Live(
        ContactRecord contact,
        SessionRecord session,
        SessionState state,
        string? sid,
        DateTimeOffset? answeredAt,
        DateTimeOffset now,
        TimeSpan checkAfter,
        CallTimings timings)
    {
        ContactMachine.Require(contact.Status, ContactStatus.InProgress);
        return new(new ContactChange
        {
            ContactId = contact.Id,
            ExpectedVersion = contact.Version,
            From = contact.Status,
            To = ContactStatus.InProgress,
            At = now,
            Session = new SessionChange(
                session.Id, state, sid, AnsweredAt: answeredAt, CheckAt: now + checkAfter, GiveUpAt: now + timings.LongestCall),
        });
    }

    private static string? NotLive(ContactRecord contact, Guid sessionId) => contact.Session switch
    {
        null => "The contact has no session.",
        { } s when s.Id != sessionId => "It speaks of another session than the contact's present one.",
        { State: SessionState.Ended } => "The call is already over.",
        _ when !ContactMachine.IsInFlight(contact.Status) => $"The contact is {contact.Status.ToText()}.",
        _ => null,
    };
}
