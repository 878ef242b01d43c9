using System.Collections.Immutable;

namespace Campaigns;

/// <summary>What an operator asks for: the frozen settings of a campaign, already validated.</summary>
public sealed record CampaignSpec
{
    /// <summary>Shown to operators, 1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The agent that speaks, of the same organization.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>How people are reached.</summary>
    public Channel Channel { get; init; } = Channel.VoiceRealtime;

    /// <summary>The objective of each call; empty leaves the agent's prompt as it is. At most 8,000 characters.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>Who is called.</summary>
    public required AudienceSpec Audience { get; init; }

    /// <summary>Most live calls of this campaign at any instant, ≥ 1. The organization's cap applies as well.</summary>
    public int MaxConcurrent { get; init; } = 5;

    /// <summary>Most dials in any rolling minute, ≥ 1. The carrier account's limit applies as well.</summary>
    public int CallsPerMinute { get; init; } = 10;

    /// <summary>When dialling may begin; absent means at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>When people may be called, in their own time zone; absent means the organization's default window.</summary>
    public CallingWindow? CallingWindow { get; init; }

    /// <summary>What is tried again, when and how often.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary>Call only contacts whose marketing consent is <see cref="ConsentState.Granted"/>.</summary>
    public bool RequiresConsent { get; init; }

    /// <summary>What the campaign gets of lines and dials in relation to other running campaigns while there is not enough for all; 1–100.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Most attempts to one person in one of their local days, over all campaigns of the organization; ≥ 1.</summary>
    public int AttemptsPerDay { get; init; } = 3;

    /// <summary>How the calls are held.</summary>
    public VoicePolicy Voice { get; init; } = new();

    /// <summary>The campaign's own words for a conversation's result, at most 50; empty means a free word of the model's.</summary>
    public ImmutableArray<DispositionSpec> Dispositions { get; init; } = [];
}

/// <summary>Who a campaign calls. The first of ids, pasted numbers and filters that is not empty wins.</summary>
public sealed record AudienceSpec
{
    /// <summary>Explicit contacts, in this order.</summary>
    public ImmutableArray<Guid> ContactIds { get; init; } = [];

    /// <summary>Pasted numbers in any common notation; those no contact has are still dialled.</summary>
    public ImmutableArray<string> PhoneNumbers { get; init; } = [];

    /// <summary>Filter: the contact's status label, any case.</summary>
    public string? Status { get; init; }

    /// <summary>Filter: city, any case.</summary>
    public string? City { get; init; }

    /// <summary>Filter: occupation, any case.</summary>
    public string? Occupation { get; init; }

    /// <summary>Filter: preferred language tag or name, any case.</summary>
    public string? PreferredLanguage { get; init; }

    /// <summary>Filter: only those who did (true) or did not (false) grant consent.</summary>
    public bool? MarketingConsent { get; init; }

    /// <summary>Filter: free text within name, phone, e-mail, city, occupation.</summary>
    public string? Search { get; init; }
}

/// <summary>Hours in which a person may be called, on their own clock. Past midnight when <see cref="To"/> ≤ <see cref="From"/>.</summary>
/// <param name="From">First minute of the window.</param>
/// <param name="To">First minute after the window; equal to <paramref name="From"/> means the whole day.</param>
public sealed record CallingWindow(TimeOnly From, TimeOnly To)
{
    /// <summary>Days on which the window opens; empty means every day. A window past midnight belongs to the day it opened on.</summary>
    public ImmutableArray<DayOfWeek> Days { get; init; } = [];
}

/// <summary>What happens after an attempt that reached nobody.</summary>
public sealed record RetryPolicy
{
    /// <summary>No answer and busy are tried three times in all, a failure of the carrier's or ours twice; minutes, then an hour apart.</summary>
    public static RetryPolicy Default { get; } = new()
    {
        Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty
            .Add(CallOutcome.NoAnswer, new RetryRule(3, [TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)]))
            .Add(CallOutcome.Busy, new RetryRule(3, [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)]))
            .Add(CallOutcome.Failed, new RetryRule(2, [TimeSpan.FromMinutes(15)]))
            .Add(CallOutcome.InterruptedByUs, new RetryRule(2, [TimeSpan.FromMinutes(2)]))
            .Add(CallOutcome.ModelUnavailable, new RetryRule(2, [TimeSpan.FromMinutes(15)])),
    };

    /// <summary>A rule per outcome; an outcome without one is final.</summary>
    public ImmutableDictionary<CallOutcome, RetryRule> Rules { get; init; } = ImmutableDictionary<CallOutcome, RetryRule>.Empty;
}

/// <summary>How often and how soon one outcome is tried again.</summary>
/// <param name="MaxAttempts">Most attempts in all, the first included; 1 means never again.</param>
/// <param name="Backoff">Waits before the second, third … attempt; the last repeats. Empty means at once.</param>
public sealed record RetryRule(int MaxAttempts, ImmutableArray<TimeSpan> Backoff);
