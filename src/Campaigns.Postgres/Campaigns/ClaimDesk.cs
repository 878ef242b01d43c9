using Campaigns.Domain.Eligibility;
using Campaigns.Domain.Pacing;
using Campaigns.Stores;

namespace Campaigns.Postgres.Campaigns;

/// <summary>Everything one claim decides on, read with the account, the organization, the campaign and its counters locked.</summary>
internal sealed record ClaimDesk
{
    public required string AccountId { get; init; }

    public required int AccountCallsPerMinute { get; init; }

    public required DateTimeOffset? AccountNextSlotAt { get; init; }

    public required double AccountRateFactor { get; init; }

    public required DateTimeOffset? AccountThrottledAt { get; init; }

    public required DateTimeOffset? AccountBlockedUntil { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string OrganizationTimeZone { get; init; }

    public required CallingWindow? OrganizationWindow { get; init; }

    public required int OrganizationCap { get; init; }

    public required CampaignStatus Status { get; init; }

    public required long Epoch { get; init; }

    public required CampaignSpec Spec { get; init; }

    public required DateTimeOffset? RunningSince { get; init; }

    public required int Pending { get; init; }

    public required int InFlight { get; init; }

    public required long Dispatched { get; init; }

    public required DateTimeOffset? NextSlotAt { get; init; }

    public required TimeSpan RanBefore { get; init; }

    /// <summary>Live claims and calls of every campaign of the organization.</summary>
    public int OrganizationInFlight { get; set; }

    /// <summary>Due contacts, locked, promised callbacks first.</summary>
    public List<Candidate> Candidates { get; } = [];

    public PacingInput Pacing(ClaimRequest request) => new()
    {
        MaxConcurrent = Spec.MaxConcurrent,
        OrganizationCap = OrganizationCap,
        InFlight = InFlight,
        OrganizationInFlight = OrganizationInFlight,
        CallsPerMinute = Spec.CallsPerMinute,
        Dispatched = Dispatched,
        RanFor = RanBefore + (request.Now - (RunningSince ?? request.Now)),
        NextSlotAt = NextSlotAt,
        AccountCallsPerMinute = AccountCallsPerMinute,
        AccountNextSlotAt = AccountNextSlotAt,
        AccountRateFactor = RateBackoff.Current(AccountRateFactor, AccountThrottledAt, request.Now),
        AccountBlockedUntil = AccountBlockedUntil,
        Now = request.Now,
        Horizon = request.Horizon,
        MaxBatch = request.MaxBatch,
    };
}

/// <summary>A due contact with what the eligibility rules need.</summary>
internal sealed record Candidate(Guid Id, string Phone, int Attempts, CandidateFacts Facts);
