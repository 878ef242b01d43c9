using System.Collections.Immutable;

namespace Campaigns.Domain.Pacing;

/// <summary>A carrier account as a plan needs it.</summary>
public sealed record AccountPermits
{
    /// <summary>Most requests in any rolling minute; ≥ 1.</summary>
    public required int CallsPerMinute { get; init; }

    /// <summary>The next slot, over all campaigns and look-ups; null before the first.</summary>
    public DateTimeOffset? NextSlotAt { get; init; }

    /// <summary>Open slots before that, see <see cref="AccountTimeline"/>.</summary>
    public ImmutableArray<DateTimeOffset> OpenSlots { get; init; } = [];

    /// <summary>Share of the rates in use, see <see cref="RateBackoff.Current"/>; 1 normally.</summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>The carrier asked to be left alone until then.</summary>
    public DateTimeOffset? BlockedUntil { get; init; }

    /// <summary>Most live calls, inbound ones included; null without a limit.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>Lines of those kept free for inbound calls.</summary>
    public int InboundReserve { get; init; }

    /// <summary>Live inbound calls of all its organizations.</summary>
    public int Inbound { get; init; }

    /// <summary>Live calls that the live model allows, see <see cref="LineBackoff.Current"/>; null when it never refused.</summary>
    public int? ModelLines { get; init; }

    /// <summary>Its <see cref="ShareClock"/>.</summary>
    public double Clock { get; init; }

    /// <summary>Lines for outbound calls; null without a limit.</summary>
    public int? OutboundLines => Least(OutboundCap, ModelLines - Inbound);

    /// <summary>Lines that the cap leaves to outbound calls; null without a cap.</summary>
    public int? OutboundCap => MaxConcurrent is { } lines ? PermitTree.OutboundLines(lines, InboundReserve, Inbound) : null;

    private static int? Least(int? a, int? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}

/// <summary>A campaign that asks for its next dials, and everything that decides how many it gets, as read under the locks.</summary>
public sealed record PermitRequest
{
    /// <summary>The campaign's account.</summary>
    public required AccountPermits Account { get; init; }

    /// <summary>The account's campaigns that hold or want something, this one among them.</summary>
    public required IReadOnlyCollection<PermitNode> Nodes { get; init; }

    /// <summary>The campaign.</summary>
    public required Guid CampaignId { get; init; }

    /// <summary>Its most live calls.</summary>
    public required int MaxConcurrent { get; init; }

    /// <summary>Its most dials in any rolling minute; ≥ 1.</summary>
    public required int CallsPerMinute { get; init; }

    /// <summary>Claims it ever made.</summary>
    public required long Dispatched { get; init; }

    /// <summary>How long it has been running, pauses left out.</summary>
    public required TimeSpan RanFor { get; init; }

    /// <summary>Its next slot; null before the first.</summary>
    public DateTimeOffset? NextSlotAt { get; init; }

    /// <summary>Promised callbacks that are due.</summary>
    public int Promised { get; init; }

    /// <summary>The time of the plan.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The time of the campaign's next plan.</summary>
    public required DateTimeOffset Horizon { get; init; }

    /// <summary>Most slots in one plan.</summary>
    public required int MaxBatch { get; init; }
}

/// <summary>What a carried-out plan leaves behind.</summary>
/// <param name="NextSlotAt">The campaign's next slot.</param>
/// <param name="Account">The account's slots.</param>
/// <param name="Clock">The campaign's clock.</param>
/// <param name="AccountClock">The account's.</param>
/// <param name="Wait">What the campaign goes on waiting for.</param>
public sealed record PermitOutcome(
    DateTimeOffset? NextSlotAt, AccountTimeline Account, double Clock, double AccountClock, PermitWait Wait);
