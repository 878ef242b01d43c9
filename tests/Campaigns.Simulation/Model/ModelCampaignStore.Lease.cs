using System.Collections.Immutable;
using Campaigns.Domain.Campaigns;
using Campaigns.Stores;

namespace Campaigns.Simulation.Model;

internal sealed partial class ModelCampaignStore
{
    public Task<CampaignLease?> TryAcquireLeaseAsync(
        Guid campaignId, string owner, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (!database.TryCampaign(campaignId, out var c)
            || !(c.LeaseOwner is null || string.Equals(c.LeaseOwner, owner, StringComparison.Ordinal) || c.LeaseUntil <= now)
            || !IsToBeDriven(c, now))
        {
            return Task.FromResult<CampaignLease?>(null);
        }

        c.LeaseEpoch += string.Equals(c.LeaseOwner, owner, StringComparison.Ordinal) ? 0 : 1;
        (c.LeaseOwner, c.LeaseUntil) = (owner, now + duration);
        database.Wrote();
        return Task.FromResult<CampaignLease?>(new CampaignLease(c.Id, owner, c.LeaseEpoch));
    }

    public Task<bool> RenewLeaseAsync(CampaignLease lease, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (!database.TryCampaign(lease.CampaignId, out var c) || c.LeaseEpoch != lease.Epoch || CampaignMachine.IsTerminal(c.Status))
        {
            return Task.FromResult(false);
        }

        c.LeaseUntil = now + duration;
        database.Wrote();
        return Task.FromResult(true);
    }

    public Task ReleaseLeaseAsync(CampaignLease lease, CancellationToken cancellationToken)
        => HandOverLeaseAsync(lease, unusedFrom: null, cancellationToken);

    public Task HandOverLeaseAsync(CampaignLease lease, DateTimeOffset? unusedFrom, CancellationToken cancellationToken)
    {
        if (database.TryCampaign(lease.CampaignId, out var c) && c.LeaseEpoch == lease.Epoch
            && string.Equals(c.LeaseOwner, lease.Owner, StringComparison.Ordinal))
        {
            (c.LeaseOwner, c.LeaseUntil) = (null, null);
            if (unusedFrom is { } from)
            {
                c.Counters.NextSlotAt = c.Counters.NextSlotAt < from ? c.Counters.NextSlotAt : from;
            }

            database.Wrote();
        }

        return Task.CompletedTask;
    }

    public Task<ImmutableArray<Guid>> FindUndrivenAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
        => Task.FromResult<ImmutableArray<Guid>>(
            [.. database.Campaigns.Where(c => IsToBeDriven(c, now) && !(c.LeaseUntil > now))
                .OrderBy(c => c.LeaseUntil is null ? 0 : 1).ThenBy(c => c.LeaseUntil).Take(limit).Select(c => c.Id)]);

    private static bool IsToBeDriven(CampaignRow c, DateTimeOffset now)
        => c.Status == CampaignStatus.Running || (c.Status == CampaignStatus.Scheduled && !(c.StartAt > now));
}
