using System.Collections.Immutable;

namespace Campaigns.Domain.Pacing;

/// <summary>What the pacing decides by, read under the locks of the campaign, its organization and its carrier account.</summary>
public sealed record PacingInput
{
    /// <summary>Most live calls of the campaign.</summary>
    public required int MaxConcurrent { get; init; }

    /// <summary>Most live calls of the organization.</summary>
    public required int OrganizationCap { get; init; }

    /// <summary>Contacts of the campaign between claim and terminal event.</summary>
    public required int InFlight { get; init; }

    /// <summary>The same over all campaigns of the organization.</summary>
    public required int OrganizationInFlight { get; init; }

    /// <summary>Most dials of the campaign in any rolling minute; ≥ 1.</summary>
    public required int CallsPerMinute { get; init; }

    /// <summary>Claims the campaign ever made, given back or not.</summary>
    public required long Dispatched { get; init; }

    /// <summary>How long the campaign has been running, pauses left out.</summary>
    public required TimeSpan RanFor { get; init; }

    /// <summary>The campaign's next slot, as <see cref="Pacing.After"/> last gave it; null before the first.</summary>
    public DateTimeOffset? NextSlotAt { get; init; }

    /// <summary>Most requests of the carrier account in any rolling minute; ≥ 1.</summary>
    public required int AccountCallsPerMinute { get; init; }

    /// <summary>The account's next slot, over all campaigns and look-ups; null before the first.</summary>
    public DateTimeOffset? AccountNextSlotAt { get; init; }

    /// <summary>The account's open slots before that, see <see cref="AccountTimeline.Open"/>.</summary>
    public ImmutableArray<DateTimeOffset> AccountOpenSlots { get; init; } = [];

    /// <summary>Share of the rates in use after the carrier said "too many", see <see cref="RateBackoff.Current"/>; 1 normally.</summary>
    public double AccountRateFactor { get; init; } = 1;

    /// <summary>The carrier asked to be left alone until then.</summary>
    public DateTimeOffset? AccountBlockedUntil { get; init; }

    /// <summary>The time of the plan.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Slots later than this are left for the next plan. While it is a tick ahead or more, no slot is missed.</summary>
    public required DateTimeOffset Horizon { get; init; }

    /// <summary>Most slots in one plan.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>Live calls the account has left, over all its organizations; null without a limit.</summary>
    public int? AccountFreeLines { get; init; }

    /// <summary>Live calls the live model has left after a refusal, see <see cref="LineBackoff"/>; null without a limit.</summary>
    public int? ModelFreeLines { get; init; }

    /// <summary>Most live calls of the campaign while others wait for lines, see <see cref="PermitTree"/>; null when it shares with nobody.</summary>
    public int? LineShare { get; init; }

    /// <summary>
    /// Slots of the plan that are the campaign's while others wait for slots, see <see cref="ShareClock"/>; more only if the others find theirs
    /// within the horizon all the same. Null when it shares with nobody.
    /// </summary>
    public int? SlotShare { get; init; }

    /// <summary>Slots that others wait for.</summary>
    public int WantedElsewhere { get; init; }

    /// <summary>Promised callbacks of the organization's other campaigns that go first.</summary>
    public int PromisedElsewhere { get; init; }

    /// <summary>Promised callbacks of this campaign that are due. Shares and others' callbacks do not hold them back; caps and rates do.</summary>
    public int Promised { get; init; }

    internal AccountTimeline AccountTimeline => new(AccountNextSlotAt, AccountOpenSlots);
}

/// <summary>When the next dials may start.</summary>
/// <param name="Slots">Ascending, between now and the horizon.</param>
/// <param name="LimitedBy">Why there are no more.</param>
public sealed record PacingPlan(ImmutableArray<DateTimeOffset> Slots, PacingLimit LimitedBy)
{
    /// <summary>How many of the slots anybody may have; those beyond are for promised callbacks.</summary>
    public int Ordinary { get; init; }

    /// <summary>How many slots the campaign's own limits would allow, if account and organization were its alone.</summary>
    public int Own { get; init; }
}

/// <summary>What ended a plan.</summary>
public enum PacingLimit
{
    /// <summary>The batch is full.</summary>
    Batch,

    /// <summary>The campaign's own live calls.</summary>
    MaxConcurrent,

    /// <summary>The organization's live calls.</summary>
    OrganizationCap,

    /// <summary>The campaign's next slot lies beyond the horizon.</summary>
    CampaignRate,

    /// <summary>The account's next slot lies beyond the horizon.</summary>
    AccountRate,

    /// <summary>The carrier asked to be left alone.</summary>
    AccountBlocked,

    /// <summary>The campaign is ahead of its running average.</summary>
    RunningAverage,

    /// <summary>The account's live calls.</summary>
    AccountCap,

    /// <summary>The live calls that the live model allows after a refusal.</summary>
    ModelSessions,

    /// <summary>Other campaigns wait for the lines beyond the campaign's share.</summary>
    LineShare,

    /// <summary>Other campaigns wait for the account's slots beyond the campaign's share.</summary>
    SlotShare,

    /// <summary>Promised callbacks of other campaigns wait for the lines that are left.</summary>
    PromisedLines,

    /// <summary>Promised callbacks of other campaigns wait for the slots that are left.</summary>
    PromisedSlots,
}
