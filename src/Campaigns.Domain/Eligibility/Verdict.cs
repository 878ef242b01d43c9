using System.Collections.Immutable;

namespace Campaigns.Domain.Eligibility;

/// <summary>Whether a candidate is called now.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>Now.</summary>
    public sealed record Call : Verdict;

    /// <summary>Not in this campaign.</summary>
    /// <param name="Reason">One of <see cref="EligibilityReasons"/>.</param>
    public sealed record Skip(string Reason) : Verdict;

    /// <summary>Later.</summary>
    /// <param name="Until">When to look again; later than now.</param>
    /// <param name="Reason">One of <see cref="EligibilityReasons"/>.</param>
    public sealed record Defer(DateTimeOffset Until, string Reason) : Verdict;
}

/// <summary>What is known of a candidate at the moment of the claim.</summary>
public sealed record CandidateFacts
{
    /// <summary>The person asked not to be called.</summary>
    public bool DoNotCall { get; init; }

    /// <summary>What the person agreed to.</summary>
    public ConsentState Consent { get; init; }

    /// <summary>IANA name; null or blank when it is not known.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The person has a live call of the organization.</summary>
    public bool LiveCall { get; init; }

    /// <summary>When the organization's attempts to this person in the last 48 hours began, in any order.</summary>
    public ImmutableArray<DateTimeOffset> RecentAttempts { get; init; } = [];
}

/// <summary>What the campaign and the organization ask for.</summary>
public sealed record EligibilityRules
{
    /// <summary>Only people who granted consent are called.</summary>
    public bool RequiresConsent { get; init; }

    /// <summary>Most attempts to one person in one of their calendar days; ≥ 1.</summary>
    public int AttemptsPerDay { get; init; } = 3;

    /// <summary>The window in force, or null for any time.</summary>
    public CallingWindow? Window { get; init; }

    /// <summary>IANA name; goes for people whose own zone is not known.</summary>
    public required string OrganizationTimeZone { get; init; }
}

/// <summary>The reasons in verdicts and in the decision log.</summary>
public static class EligibilityReasons
{
    /// <summary>The person asked not to be called.</summary>
    public const string DoNotCall = "do_not_call";

    /// <summary>The campaign needs consent and none is recorded.</summary>
    public const string NoConsent = "no_consent";

    /// <summary>The person's zone does not exist: nobody knows what time it is there.</summary>
    public const string InvalidTimeZone = "invalid_time_zone";

    /// <summary>It is not the hour to call this person.</summary>
    public const string OutsideCallingWindow = "outside_calling_window";

    /// <summary>The person was tried often enough today.</summary>
    public const string AttemptsPerDay = "attempts_per_day";

    /// <summary>The person is being called at this moment.</summary>
    public const string LiveCall = "live_call";

    /// <summary>The contact has no usable number.</summary>
    public const string NoPhone = "no_phone";

    /// <summary>Another contact of the campaign has the same number.</summary>
    public const string DuplicatePhone = "duplicate_phone";
}
