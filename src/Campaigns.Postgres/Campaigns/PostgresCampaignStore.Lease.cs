using System.Collections.Immutable;
using Campaigns.Stores;
using NpgsqlTypes;

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
    public Task ReleaseLeaseAsync(CampaignLease lease, CancellationToken cancellationToken)
        => HandOverLeaseAsync(lease, unusedFrom: null, cancellationToken);

    /// <inheritdoc/>
    public async Task HandOverLeaseAsync(CampaignLease lease, DateTimeOffset? unusedFrom, CancellationToken cancellationToken)
    {
        // The account's slots stay as they are: other campaigns may have taken some after ours.
        await using var command = database.CreateCommand(
            $"""
            WITH let_go AS (
              UPDATE campaigns SET lease_owner = NULL, lease_until = NULL
              WHERE id = $1 AND lease_epoch = $2 AND lease_owner = $3
              RETURNING id),
            given_back AS (
              UPDATE campaign_counters SET next_slot_at = least(next_slot_at, $4)
              WHERE $4::timestamptz IS NOT NULL AND campaign_id = (SELECT id FROM let_go))
            SELECT pg_notify('{PostgresLeaseNews.Channel}', '') FROM let_go
            """);
        command.Add(lease.CampaignId).Add(lease.Epoch).Add(lease.Owner).AddOrNull(unusedFrom?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
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
