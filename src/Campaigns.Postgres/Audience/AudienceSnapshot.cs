using Campaigns.Domain.Audience;
using Campaigns.Postgres.Catalog;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Audience;

/// <summary>Freezes an audience into the rows of a campaign.</summary>
public static class AudienceSnapshot
{
    private const string Unknown = """
        INSERT INTO contacts (id, organization_id, phone, source, created_at, updated_at)
        SELECT gen_random_uuid(), @organization, a.phone, 'PASTED', @now + a.ord * interval '1 microsecond', @now
        FROM unnest(@phones) WITH ORDINALITY AS a (phone, ord)
        WHERE NOT EXISTS (SELECT 1 FROM contacts c WHERE c.organization_id = @organization AND c.phone = a.phone)
        ON CONFLICT (organization_id, phone) WHERE phone IS NOT NULL DO NOTHING
        """;

    /// <summary>
    /// Inserts one row per person, in order, in the caller's transaction: PENDING and due at <paramref name="now"/> or at the campaign's start time,
    /// whichever is later. People without a number are left out; a second contact with a number already in the snapshot is SKIPPED
    /// (<c>duplicate_phone</c>). Pasted numbers that no contact has become contacts of source <c>PASTED</c>.
    /// </summary>
    /// <param name="connection">The caller's connection.</param>
    /// <param name="transaction">The caller's transaction; it also locks the campaign.</param>
    /// <param name="campaignId">The campaign, which has no rows yet.</param>
    /// <param name="organizationId">Its organization.</param>
    /// <param name="spec">What was asked for.</param>
    /// <param name="audience">Who is meant; contacts of other organizations are not found.</param>
    /// <param name="now">The time of the start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SnapshotCounts> InsertAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        Guid campaignId,
        Guid organizationId,
        CampaignSpec spec,
        ResolvedAudience audience,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (audience is ResolvedAudience.ByPhones phones)
        {
            await using var unknown = new NpgsqlCommand(Unknown, connection, transaction);
            unknown.Uuid("organization", organizationId)
                .At("now", now)
                .Add("phones", NpgsqlDbType.Array | NpgsqlDbType.Text, phones.Phones.ToArray());
            await unknown.ExecuteNonQueryAsync(cancellationToken);
        }

        // The sorts of a large audience stay in memory; the setting ends with the transaction.
        await using var memory = new NpgsqlCommand("SET LOCAL work_mem = '64MB'", connection, transaction);
        await memory.ExecuteNonQueryAsync(cancellationToken);

        await using var insert = new NpgsqlCommand { Connection = connection, Transaction = transaction };
        insert.CommandText = $"""
            WITH rows AS (
              INSERT INTO campaign_contacts (id, campaign_id, organization_id, contact_id, position, phone, name, time_zone, context,
                status, due_at, reason, updated_at, finished_at)
              SELECT gen_random_uuid(), @campaign, @organization, s.id, (row_number() OVER (ORDER BY s.ord))::integer, s.phone, s.name,
                s.time_zone, {ContactFieldsSql.Of("s")},
                CASE WHEN s.repeat = 1 THEN 'PENDING' ELSE 'SKIPPED' END,
                CASE WHEN s.repeat = 1 THEN @due END,
                CASE WHEN s.repeat > 1 THEN 'duplicate_phone' END,
                @now,
                CASE WHEN s.repeat > 1 THEN @now END
              FROM (
                SELECT a.*, row_number() OVER (PARTITION BY a.phone ORDER BY a.ord) AS repeat
                FROM {AudienceQuery.Build(audience, organizationId, insert)} a WHERE a.phone IS NOT NULL) s
              ORDER BY s.ord
              RETURNING status)
            SELECT count(*)::integer, (count(*) FILTER (WHERE status = 'PENDING'))::integer FROM rows
            """;
        insert.Uuid("campaign", campaignId).At("now", now).At("due", spec.StartAt > now ? spec.StartAt : now);
        return (await insert.SingleAsync(row => new SnapshotCounts(row.GetInt32(0), row.GetInt32(1)), cancellationToken))!;
    }
}

/// <summary>What a snapshot holds.</summary>
/// <param name="Total">Rows.</param>
/// <param name="Pending">Rows to be called.</param>
public sealed record SnapshotCounts(int Total, int Pending)
{
    /// <summary>Rows that will not be called.</summary>
    public int Skipped => Total - Pending;
}
