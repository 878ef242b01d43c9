using Campaigns.Domain.Pacing;
using Campaigns.Postgres.Campaigns;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Catalog;

internal sealed partial class CampaignCatalog
{
    private const int Batch = 100;
    private const int AccountWidth = PermitRows.AccountWidth;

    /// <summary>What a claim would decide by at this moment, read without its locks: $1 campaign, $2 now, $3 organization.</summary>
    private const string PermitsSql =
        $"""
        SELECT {PermitRows.AccountColumns},
          coalesce((c.spec->>'maxConcurrent')::int, 5), coalesce((c.spec->>'callsPerMinute')::int, 10), k.dispatched, k.ran_before + ($2 - c.running_since), k.next_slot_at,
          EXISTS (SELECT 1 FROM campaign_contacts d WHERE d.campaign_id = c.id AND d.status = 'PENDING' AND d.due_at <= $2),
          (SELECT coalesce(d.reason, '') FROM campaign_contacts d WHERE d.campaign_id = c.id AND d.status = 'PENDING' ORDER BY d.due_at LIMIT 1)
        FROM campaigns c
        JOIN campaign_counters k ON k.campaign_id = c.id AND k.live
        JOIN organizations o ON o.id = c.organization_id
        JOIN carrier_accounts a ON a.id = o.carrier_account_id
        WHERE c.id = $1 AND c.organization_id = $3 AND c.status = 'RUNNING'
        """;

    /// <summary>The permits of a running campaign; null when it does not run.</summary>
    private async Task<CampaignPermits?> GetPermitsAsync(
        Guid organizationId, Guid campaignId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(PermitsSql, campaignId, now, organizationId);
        batch.Add(PermitRows.Nodes, campaignId, now);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return null;
        }

        var (somebodyDue, nextReason) = (row.GetBoolean(AccountWidth + 5), row.TextOrNull(AccountWidth + 6));
        var request = ReadRequest(row, campaignId, now);
        var nodes = new List<PermitNode>();
        await row.NextResultAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var (node, inbound) = PermitRows.ReadNode(row);
            nodes.Add(node);
            request = inbound == 0 ? request : request with { Account = request.Account with { Inbound = inbound } };
        }

        // Between the two statements it may have ended.
        return nodes.Exists(n => n.CampaignId == campaignId)
            ? PermitReport.Of(request with { Nodes = nodes }, somebodyDue, nextReason)
            : null;
    }

    private static PermitRequest ReadRequest(NpgsqlDataReader row, Guid campaignId, DateTimeOffset now) => new()
    {
        Account = PermitRows.ReadAccount(row, 0, now),
        Nodes = [],
        CampaignId = campaignId,
        MaxConcurrent = row.GetInt32(AccountWidth),
        CallsPerMinute = row.GetInt32(AccountWidth + 1),
        Dispatched = row.GetInt64(AccountWidth + 2),
        RanFor = row.GetFieldValue<TimeSpan>(AccountWidth + 3),
        NextSlotAt = row.AtOrNull(AccountWidth + 4),
        Now = now,
        Horizon = now + TimeSpan.FromSeconds(1),
        MaxBatch = Batch,
    };
}
