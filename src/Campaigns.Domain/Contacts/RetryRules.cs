using Campaigns.Domain.Windows;
using Campaigns.Stores;

namespace Campaigns.Domain.Contacts;

/// <summary>Whether and when an attempt that reached nobody is followed by another.</summary>
public static class RetryRules
{
    /// <summary>Most attempts to one contact of a campaign, promised callbacks included: people who keep saying "later" are let be.</summary>
    public const int MostAttempts = 10;

    /// <summary>
    /// Whether a policy may name a rule for the outcome. A conversation is never repeated, an unknown outcome is never redialled by itself,
    /// and a dial that rang no phone is given back rather than retried.
    /// </summary>
    public static bool MayRetry(CallOutcome outcome) =>
        outcome is CallOutcome.NoAnswer or CallOutcome.Busy or CallOutcome.Canceled or CallOutcome.Failed
            or CallOutcome.Rejected or CallOutcome.Machine or CallOutcome.InterruptedByUs or CallOutcome.ModelUnavailable or CallOutcome.NoSpeech;

    /// <summary>When the next attempt is due: after the back-off, and not before the person's calling window opens.</summary>
    /// <param name="rules">The campaign's policy, window and the contact's zone.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="attempts">Attempts used, this one included; ≥ 1.</param>
    /// <param name="now">When it ended.</param>
    /// <returns>Null when there is none.</returns>
    public static DateTimeOffset? NextAttempt(ContactRules rules, CallOutcome outcome, int attempts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.CampaignStatus is CampaignStatus.Cancelled or CampaignStatus.Completed
            || !MayRetry(outcome)
            || !rules.Retry.Rules.TryGetValue(outcome, out var rule)
            || attempts >= rule.MaxAttempts)
        {
            return null;
        }

        var due = now + Backoff(rule, attempts);

        // A zone that cannot be resolved is refused at the claim, with its reason; it must not keep the outcome from being recorded.
        return CallingWindows.ResolveZone(rules.TimeZone, rules.OrganizationTimeZone) is ZoneResult.Found found
            ? CallingWindows.NextOpening(rules.Window, found.Zone, due)
            : due;
    }

    /// <summary>When a callback that the person was promised in the call is due: as promised, within the calling window.</summary>
    /// <param name="contact">The contact, with the session of the call.</param>
    /// <param name="outcome">How the call ended: only a conversation promises anything.</param>
    /// <param name="now">When it ended.</param>
    /// <returns>Null when none was promised, the campaign is over, or the contact has used up every attempt.</returns>
    public static DateTimeOffset? PromisedCallback(ContactRecord contact, CallOutcome outcome, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(contact);
        var rules = contact.Rules;
        if (contact.Session?.Conversation?.CallbackAt is not { } at
            || outcome != CallOutcome.Completed
            || rules.CampaignStatus is CampaignStatus.Cancelled or CampaignStatus.Completed
            || contact.Attempts >= MostAttempts)
        {
            return null;
        }

        var due = at < now ? now : at;
        return CallingWindows.ResolveZone(rules.TimeZone, rules.OrganizationTimeZone) is ZoneResult.Found found
            ? CallingWindows.NextOpening(rules.Window, found.Zone, due)
            : due;
    }

    private static TimeSpan Backoff(RetryRule rule, int attempts) =>
        rule.Backoff.IsDefaultOrEmpty ? TimeSpan.Zero : rule.Backoff[Math.Clamp(attempts - 1, 0, rule.Backoff.Length - 1)];
}
