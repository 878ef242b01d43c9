using Campaigns.Domain.Windows;

namespace Campaigns.Domain.Eligibility;

/// <summary>Decides whether a candidate is called now, later or not at all.</summary>
#pragma warning disable MA0049 // The folder's entry point bears its name; to callers, outside Campaigns.Domain, only the class is visible.
public static class Eligibility
#pragma warning restore MA0049
{
    /// <summary>How long somebody with a live call is left alone before they are looked at again.</summary>
    public static readonly TimeSpan LiveCallDelay = TimeSpan.FromSeconds(15);

    private static readonly Verdict Call = new Verdict.Call();

    /// <summary>Decides. What excludes a person for good comes first, then the longest wait.</summary>
    /// <param name="facts">The candidate.</param>
    /// <param name="rules">What is asked for.</param>
    /// <param name="now">The moment of the claim.</param>
    public static Verdict Evaluate(CandidateFacts facts, EligibilityRules rules, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(rules);
        if (facts.DoNotCall)
        {
            return new Verdict.Skip(EligibilityReasons.DoNotCall);
        }

        if (rules.RequiresConsent && facts.Consent != ConsentState.Granted)
        {
            return new Verdict.Skip(EligibilityReasons.NoConsent);
        }

        if (CallingWindows.ResolveZone(facts.TimeZone, rules.OrganizationTimeZone) is not ZoneResult.Found { Zone: var zone })
        {
            return new Verdict.Skip(EligibilityReasons.InvalidTimeZone);
        }

        if (AttemptsToday(facts, zone, now) >= rules.AttemptsPerDay)
        {
            var tomorrow = CallingWindows.NextOpening(rules.Window, zone, CallingWindows.NextDay(zone, now));
            return new Verdict.Defer(tomorrow, EligibilityReasons.AttemptsPerDay);
        }

        var opening = CallingWindows.NextOpening(rules.Window, zone, now);
        if (opening > now)
        {
            return new Verdict.Defer(opening, EligibilityReasons.OutsideCallingWindow);
        }

        return facts.LiveCall ? new Verdict.Defer(now + LiveCallDelay, EligibilityReasons.LiveCall) : Call;
    }

    private static int AttemptsToday(CandidateFacts facts, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (facts.RecentAttempts.IsDefaultOrEmpty)
        {
            return 0;
        }

        var today = CallingWindows.Day(zone, now);
        return facts.RecentAttempts.Count(at => CallingWindows.Day(zone, at) == today);
    }
}
