using System.Collections.Immutable;
using Campaigns.Domain.Pacing;

namespace Campaigns.Simulation.Model;

/// <summary>A row of <c>carrier_accounts</c>.</summary>
internal sealed class AccountRow(string id, int callsPerMinute)
{
    public string Id { get; } = id;

    public int CallsPerMinute { get; set; } = callsPerMinute;

    public int? MaxConcurrent { get; set; }

    public int InboundReserve { get; set; }

    /// <summary>Lines that cap and reserve leave to outbound calls; null without a cap.</summary>
    public int? OutboundLines => MaxConcurrent is { } lines ? PermitTree.OutboundLines(lines, InboundReserve, inbound: 0) : null;

    public DateTimeOffset? NextSlotAt { get; set; }

    public ImmutableArray<DateTimeOffset> OpenSlots { get; set; } = [];

    public double ShareClock { get; set; }

    public int? ModelLines { get; set; }

    public DateTimeOffset? ModelRefusedAt { get; set; }

    public double RateFactor { get; set; } = 1;

    public DateTimeOffset? ThrottledAt { get; set; }

    public DateTimeOffset? BlockedUntil { get; set; }
}

/// <summary>A row of <c>organizations</c>.</summary>
internal sealed record OrganizationRow(Guid Id, string TimeZone, int MaxConcurrent, AccountRow Account)
{
    public int Weight { get; set; } = 1;

    public int InboundReserve { get; set; }

    /// <summary>Lines that the reserve leaves to outbound calls.</summary>
    public int OutboundLines => PermitTree.OutboundLines(MaxConcurrent, InboundReserve, inbound: 0);

    /// <summary>The people of <c>contacts</c>: they may be edited while campaigns run.</summary>
    public List<PersonRow> People { get; } = [];

    public HashSet<string> DoNotCall { get; } = [];

    public List<CampaignRow> Campaigns { get; } = [];
}

/// <summary>A row of <c>contacts</c>.</summary>
internal sealed class PersonRow(Guid id, string? phone)
{
    public Guid Id { get; } = id;

    public string? Phone { get; set; } = phone;

    public string? TimeZone { get; init; }

    public ConsentState Consent { get; set; }
}

/// <summary>A row of <c>campaigns</c> with its row of <c>campaign_counters</c>.</summary>
internal sealed class CampaignRow(Guid id, OrganizationRow organization, CampaignSpec spec, DateTimeOffset createdAt)
{
    public Guid Id { get; } = id;

    public OrganizationRow Organization { get; } = organization;

    public CampaignSpec Spec { get; } = spec;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public CampaignStatus Status { get; set; }

    public int Total { get; set; }

    public DateTimeOffset? StartAt { get; set; }

    public DateTimeOffset? FrozenAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public string? PauseReason { get; set; }

    public DateTimeOffset? RunningSince { get; set; }

    public string? LeaseOwner { get; set; }

    public long LeaseEpoch { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public int Version { get; set; }

    /// <summary>The snapshot, by position.</summary>
    public List<ContactRow> Contacts { get; } = [];

    /// <summary>Whether there is a row of <c>campaign_counters</c>: a start makes it with the snapshot, and a draft may be cancelled without.</summary>
    public bool HasCounters => Contacts.Count > 0;

    public Counters Counters { get; } = new();
}

/// <summary>A row of <c>campaign_counters</c>.</summary>
internal sealed class Counters
{
    private readonly int[] _byStatus = new int[Enum.GetValues<ContactStatus>().Length];

    public int Pending => _byStatus[(int)ContactStatus.Pending];

    public int InFlight => _byStatus[(int)ContactStatus.Dispatched];

    public long Dispatched { get; set; }

    public DateTimeOffset? NextSlotAt { get; set; }

    public TimeSpan RanBefore { get; set; }

    /// <summary>Whether the campaign can still hold or want anything.</summary>
    public bool Live { get; set; } = true;

    public int WantedLines { get; set; }

    public int WantedSlots { get; set; }

    public int WantedPromised { get; set; }

    public DateTimeOffset? WantedUntil { get; set; }

    public double ShareClock { get; set; }

    public DateTimeOffset? ReconciledAt { get; set; }

    /// <summary>Contacts of a status; those in flight have one counter, that of DISPATCHED.</summary>
    public int Of(ContactStatus status) => _byStatus[(int)Slot(status)];

    public void Add(ContactStatus status, int n) => _byStatus[(int)Slot(status)] += n;

    public void Move(ContactStatus from, ContactStatus to)
    {
        Add(from, -1);
        Add(to, 1);
    }

    private static ContactStatus Slot(ContactStatus status) => status == ContactStatus.InProgress ? ContactStatus.Dispatched : status;
}

/// <summary>A row of <c>campaign_contacts</c>.</summary>
internal sealed class ContactRow(Guid id, CampaignRow campaign, PersonRow person, int position, string phone)
{
    public Guid Id { get; } = id;

    public CampaignRow Campaign { get; } = campaign;

    public PersonRow Person { get; } = person;

    public int Position { get; } = position;

    public string Phone { get; } = phone;

    public string? TimeZone { get; init; }

    public ContactStatus Status { get; set; }

    public int Attempts { get; set; }

    public int Priority { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    public Guid? TaskId { get; set; }

    public long? ClaimEpoch { get; set; }

    public DateTimeOffset? ClaimedAt { get; set; }

    public DateTimeOffset? ClaimUntil { get; set; }

    public SessionRow? Session { get; set; }

    public CallOutcome? Outcome { get; set; }

    public string? Disposition { get; set; }

    public string? Reason { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public int Version { get; set; }
}

/// <summary>A row of <c>sessions</c>.</summary>
internal sealed class SessionRow(Guid id, ContactRow contact, int attempt, string phone, int number)
{
    public Guid Id { get; } = id;

    public ContactRow Contact { get; } = contact;

    public int Attempt { get; } = attempt;

    public string Phone { get; } = phone;

    /// <summary>The how manieth session of the database, from 1: a name that a replay meets again.</summary>
    public int Number { get; } = number;

    public SessionState State { get; set; }

    public CallOutcome? Outcome { get; set; }

    public string? CarrierSid { get; set; }

    public required byte[] TokenHash { get; init; }

    public required DateTimeOffset TokenExpiresAt { get; init; }

    public required string Owner { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset SendBefore { get; init; }

    public DateTimeOffset? PlacedAt { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public DateTimeOffset? CarrierEndedAt { get; set; }

    public TimeSpan? Duration { get; set; }

    public string? RecordingUrl { get; set; }

    public string? Detail { get; set; }

    public DateTimeOffset? CheckAt { get; set; }

    public required DateTimeOffset GiveUpAt { get; set; }
}

/// <summary>A row of <c>decisions</c>.</summary>
internal sealed record DecisionRow(
    ContactRow Contact, DateTimeOffset At, DecisionKind Kind, int Attempt, string Reason, DateTimeOffset? DueAt = null, long? Epoch = null,
    Guid? SessionId = null, string? Actor = null);

