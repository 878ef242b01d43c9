using Campaigns.Domain.Eligibility;
using Campaigns.Domain.Pacing;
using Campaigns.Stores;

namespace Campaigns.Postgres.Campaigns;

/// <summary>Everything one claim decides on, read with the account, the organization, the campaign and its counters locked.</summary>
internal sealed record ClaimDesk
{
    public required string AccountId { get; init; }

    public required AccountPermits Account { get; set; }

    public required Guid OrganizationId { get; init; }

    public required string OrganizationTimeZone { get; init; }

    public required CallingWindow? OrganizationWindow { get; init; }

    public required CampaignStatus Status { get; init; }

    public required long Epoch { get; init; }

    public required CampaignSpec Spec { get; init; }

    public required DateTimeOffset? RunningSince { get; init; }

    public required int Pending { get; init; }

    public required int InFlight { get; init; }

    public required long Dispatched { get; init; }

    public required DateTimeOffset? NextSlotAt { get; init; }

    public required TimeSpan RanBefore { get; init; }

    /// <summary>The campaigns of the account that hold or want something, this one among them.</summary>
    public List<PermitNode> Nodes { get; } = [];

    /// <summary>Whether the last claim said that the campaign waits for others.</summary>
    public required bool SaidToWait { get; init; }

    /// <summary>Due contacts, locked, promised callbacks first.</summary>
    public List<Candidate> Candidates { get; } = [];

    public PermitRequest Permits(ClaimRequest request) => new()
    {
        Account = Account,
        Nodes = Nodes,
        CampaignId = request.Lease.CampaignId,
        MaxConcurrent = Spec.MaxConcurrent,
        CallsPerMinute = Spec.CallsPerMinute,
        Dispatched = Dispatched,
        RanFor = RanBefore + (request.Now - (RunningSince ?? request.Now)),
        NextSlotAt = NextSlotAt,
        Promised = Candidates.Count(c => c.Promised),
        Now = request.Now,
        Horizon = request.Horizon,
        MaxBatch = request.MaxBatch,
    };
}

/// <summary>A due contact with what the eligibility rules need, and whether a callback was promised.</summary>
internal sealed record Candidate(Guid Id, string Phone, int Attempts, bool Promised, CandidateFacts Facts);
