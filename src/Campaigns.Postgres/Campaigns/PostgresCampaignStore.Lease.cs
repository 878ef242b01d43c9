using System.Collections.Immutable;
using Campaigns.Stores;

namespace Campaigns.Postgres.Campaigns;

public sealed partial class PostgresCampaignStore
{
    /// <inheritdoc/>
    public async Task<CampaignLease?> TryAcquireLeaseAsync(
        Guid campaignId, string owner, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken)
    {
        // The same owner keeps its epoch: its claims under way stay valid.
        await using var command = database.CreateCommand(
            """
            UPDATE campaigns SET
              lease_epoch = CASE WHEN lease_owner = $2 THEN lease_epoch ELSE lease_epoch + 1 END,
              lease_owner = $2, lease_until = $3 + $4
            WHERE id = $1 AND (lease_owner IS NULL OR lease_owner = $2 OR lease_until <= $3)
              AND (status = 'RUNNING' OR (status = 'SCHEDULED' AND coalesce(start_at <= $3, true)))
            RETURNING lease_epoch
            """);
        command.Add(campaignId).Add(owner).Add(now).Add(duration);
        return await command.ExecuteScalarAsync(cancellationToken) is long epoch ? new CampaignLease(campaignId, owner, epoch) : null;
    }

    /// <inheritdoc/>
    public async Task<bool> RenewLeaseAsync(CampaignLease lease, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE campaigns SET lease_until = $3 + $4
            WHERE id = $1 AND lease_epoch = $2 AND status NOT IN ('COMPLETED', 'CANCELLED')
            """);
        command.Add(lease.CampaignId).Add(lease.Epoch).Add(now).Add(duration);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <inheritdoc/>
    public async Task ReleaseLeaseAsync(CampaignLease lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE campaigns SET lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_epoch = $2 AND lease_owner = $3");
        command.Add(lease.CampaignId).Add(lease.Epoch).Add(lease.Owner);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<Guid>> FindUndrivenAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT id FROM campaigns
            WHERE (status = 'RUNNING' OR (status = 'SCHEDULED' AND coalesce(start_at <= $1, true)))
              AND (lease_until IS NULL OR lease_until <= $1)
            ORDER BY lease_until NULLS FIRST LIMIT $2
            """);
        command.Add(now).Add(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = ImmutableArray.CreateBuilder<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids.ToImmutable();
    }
}
