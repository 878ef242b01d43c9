using System.Collections.Immutable;
using Campaigns.Grains;
using Campaigns.Stores;

namespace Campaigns.Postgres.Campaigns;

/// <summary>The verdicts of one claim, collected for one write.</summary>
internal sealed class ClaimOutcome
{
    public ImmutableArray<DialOrder> Orders { get; private set; } = [];

    public List<(Guid Id, int Attempts, string Reason)> Skipped { get; } = [];

    public List<(Guid Id, int Attempts, string Reason, DateTimeOffset Until)> Deferred { get; } = [];

    /// <summary>Candidates that were looked at.</summary>
    public int Seen => Orders.Length + PassedOver;

    public int PassedOver => Skipped.Count + Deferred.Count;

    public void Claim(Candidate candidate, DateTimeOffset slot, Guid organizationId, CampaignLease lease)
        => Orders = Orders.Add(new DialOrder(
            candidate.Id, lease.CampaignId, organizationId, Guid.NewGuid(), lease.Epoch, candidate.Attempts + 1, candidate.Phone, slot));

    public void Skip(Candidate candidate, string reason) => Skipped.Add((candidate.Id, candidate.Attempts, reason));

    public void Defer(Candidate candidate, DateTimeOffset until, string reason)
        => Deferred.Add((candidate.Id, candidate.Attempts, reason, until));
}
