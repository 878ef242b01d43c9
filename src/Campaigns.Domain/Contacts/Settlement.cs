using Campaigns.Stores;

namespace Campaigns.Domain.Contacts;

/// <summary>The changes that end an attempt.</summary>
internal static class Settlement
{
    /// <summary>Whether the outcome proves that no phone rang, so that the attempt is not used.</summary>
    internal static bool GivesAttemptBack(CallOutcome outcome) =>
        outcome is CallOutcome.RejectedForNow or CallOutcome.CarrierUnavailable or CallOutcome.NotPlaced;

    /// <summary>The attempt ended with a result: terminal, or due again by the retry policy.</summary>
    internal static ContactDecision.Apply Settle(
        ContactRecord contact, SessionRecord session, CallOutcome outcome, string? detail, DateTimeOffset now, Extras extras)
    {
        var promised = RetryRules.PromisedCallback(contact, outcome, now);
        var due = promised ?? RetryRules.NextAttempt(contact.Rules, outcome, contact.Attempts, now);
        var to = due is null ? TerminalFor(outcome, contact.Rules.Retry) : ContactStatus.Pending;
        ContactMachine.Require(contact.Status, to);
        return new(new ContactChange
        {
            ContactId = contact.Id,
            ExpectedVersion = contact.Version,
            From = contact.Status,
            To = to,
            DueAt = due,
            Promised = promised is not null,
            Outcome = outcome,
            Reason = promised is null ? Reason(outcome, detail) : $"{Reason(outcome, detail)}; a callback was promised",
            Disposition = Text.NullIfBlank(session.Conversation?.Disposition),
            At = now,
            Session = new SessionChange(
                session.Id,
                SessionState.Ended,
                extras.Sid,
                outcome,
                Duration: extras.Duration,
                RecordingUrl: Text.NullIfBlank(extras.RecordingUrl),
                Detail: Text.NullIfBlank(detail)),
            Decision = due is null ? DecisionKind.Settled : DecisionKind.Retried,
        });
    }

    /// <summary>No phone rang: the attempt is given back, and the contact is due again unless its campaign is over.</summary>
    internal static ContactDecision.Apply Release(
        ContactRecord contact,
        SessionRecord session,
        CallOutcome outcome,
        string reason,
        TimeSpan? retryAfter,
        CallTimings timings,
        DateTimeOffset now)
    {
        var over = contact.Rules.CampaignStatus is CampaignStatus.Cancelled or CampaignStatus.Completed;
        var to = over ? ContactStatus.Cancelled : ContactStatus.Pending;
        ContactMachine.Require(contact.Status, to);
        var delay = retryAfter ?? timings.ReleaseDelay;
        delay = delay < TimeSpan.Zero ? TimeSpan.Zero : delay > timings.LongestReleaseDelay ? timings.LongestReleaseDelay : delay;
        return new(new ContactChange
        {
            ContactId = contact.Id,
            ExpectedVersion = contact.Version,
            From = contact.Status,
            To = to,
            AttemptsDelta = -1,
            DueAt = over ? null : now + delay,
            Reason = over ? $"{reason}; the campaign is {contact.Rules.CampaignStatus.ToText()}" : reason,
            At = now,
            Session = new SessionChange(session.Id, SessionState.Ended, Outcome: outcome, Detail: reason),
            Decision = over ? DecisionKind.Settled : DecisionKind.Released,
        });
    }

    /// <summary>Only the session changes.</summary>
    internal static ContactDecision.Apply Same(ContactRecord contact, DateTimeOffset now, SessionChange session, string? reason = null) =>
        new(new ContactChange
        {
            ContactId = contact.Id,
            ExpectedVersion = contact.Version,
            From = contact.Status,
            To = contact.Status,
            Reason = reason,
            At = now,
            Session = session,
        });

    /// <summary>The status a final outcome leads to.</summary>
    internal static ContactStatus TerminalFor(CallOutcome outcome, RetryPolicy retry) => outcome switch
    {
        CallOutcome.Completed => ContactStatus.Completed,

        // A campaign that tries machines again wants people: a machine is nobody for it.
        CallOutcome.Machine => retry.Rules.ContainsKey(CallOutcome.Machine) ? ContactStatus.NoAnswer : ContactStatus.Completed,
        CallOutcome.NoAnswer or CallOutcome.Busy or CallOutcome.Canceled or CallOutcome.NoSpeech => ContactStatus.NoAnswer,
        CallOutcome.Failed or CallOutcome.Rejected or CallOutcome.Unknown or CallOutcome.InterruptedByUs
            or CallOutcome.ModelUnavailable => ContactStatus.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No phone rang: the attempt is given back, not settled."),
    };

    private static string Reason(CallOutcome outcome, string? detail)
    {
        var said = outcome switch
        {
            CallOutcome.Completed => "completed",
            CallOutcome.NoAnswer => "no answer",
            CallOutcome.Busy => "busy",
            CallOutcome.Canceled => "cancelled before the answer",
            CallOutcome.Failed => "the call failed",
            CallOutcome.Rejected => "the carrier refused the call",
            CallOutcome.Machine => "answering machine",
            CallOutcome.InterruptedByUs => "we dropped the call",
            CallOutcome.ModelUnavailable => "the live model could not be reached",
            CallOutcome.NoSpeech => "answered, and nobody spoke",
            _ => "nobody could find out whether the call took place",
        };
        return string.IsNullOrWhiteSpace(detail) ? said : $"{said}: {detail.Trim()}";
    }

    /// <summary>What the news told beside the outcome.</summary>
    internal readonly record struct Extras(string? Sid, TimeSpan? Duration, string? RecordingUrl)
    {
        internal static Extras None => default;
    }
}
