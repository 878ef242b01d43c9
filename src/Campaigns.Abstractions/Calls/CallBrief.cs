using System.Collections.Immutable;
using Campaigns.Stores;

namespace Campaigns.Calls;

/// <summary>Everything a conversation is prepared from, as it stands when the phone rings.</summary>
public sealed record CallBrief
{
    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Who started the call.</summary>
    public required CallDirection Direction { get; init; }

    /// <summary>When it was dialled, or came in; null where the store does not tell.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The organization that calls.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Its name.</summary>
    public required string OrganizationName { get; init; }

    /// <summary>Its IANA time zone.</summary>
    public required string OrganizationTimeZone { get; init; }

    /// <summary>Who speaks.</summary>
    public required AgentRecord Agent { get; init; }

    /// <summary>The campaign, or null for a call without one.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>The snapshot contact, or null for a call without a campaign.</summary>
    public Guid? CampaignContactId { get; init; }

    /// <summary>The contact, or null for an inbound call of a stranger.</summary>
    public Guid? ContactId { get; init; }

    /// <summary>The other end, E.164.</summary>
    public required string Phone { get; init; }

    /// <summary>The person's name; empty if unknown. Text of a stranger.</summary>
    public string ContactName { get; init; } = "";

    /// <summary>The language the person prefers, as recorded; null if unknown. Text of a stranger.</summary>
    public string? PreferredLanguage { get; init; }

    /// <summary>The person's IANA time zone; null if unknown.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The contact's fields as frozen (<c>city</c>, <c>renewal_date</c>). Text of strangers.</summary>
    public ImmutableDictionary<string, string> Context { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What this call is for, its context fields not yet filled in; empty without an objective.</summary>
    public string Objective { get; init; } = "";

    /// <summary>How the call is held.</summary>
    public VoicePolicy Voice { get; init; } = new();

    /// <summary>The campaign's words for results.</summary>
    public ImmutableArray<DispositionSpec> Dispositions { get; init; } = [];

    /// <summary>When the person may be called, if bounded: a promised callback lies within.</summary>
    public CallingWindow? Window { get; init; }

    /// <summary>What is known of the person, most certain first, none superseded.</summary>
    public ImmutableArray<MemoryFact> Facts { get; init; } = [];

    /// <summary>Digests of the last calls with this person, newest first, at most five.</summary>
    public ImmutableArray<PastCall> PastCalls { get; init; } = [];
}

/// <summary>Who started a call.</summary>
public enum CallDirection
{
    /// <summary>We called.</summary>
    Outbound,

    /// <summary>The person called.</summary>
    Inbound,
}

/// <summary>A fact remembered about a person.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">What it is about.</param>
/// <param name="Value">The fact.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="SessionId">The call it was said in.</param>
/// <param name="EvidenceTurn">The turn it was said in.</param>
/// <param name="LearnedAt">When.</param>
/// <param name="ValidUntil">When it stops being true, if known.</param>
public sealed record MemoryFact(
    Guid Id, string Key, string Value, double Confidence, Guid? SessionId, int? EvidenceTurn, DateTimeOffset LearnedAt, DateOnly? ValidUntil);

/// <summary>A digest of an earlier call.</summary>
/// <param name="At">When it took place.</param>
/// <param name="Summary">What came of it.</param>
public sealed record PastCall(DateTimeOffset At, string Summary);
