using System.Collections.Immutable;
using Campaigns.Postgres.Carrier;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Campaigns;

/// <summary>The counts of live campaigns, checked against their rows.</summary>
public sealed class PostgresPermitLedger(NpgsqlDataSource database) : IPermitLedger
{
    /// <summary>$1 checked before. A campaign that somebody works on at this moment is left for the next look.</summary>
    private const string Take =
        """
        SELECT campaign_id FROM campaign_counters
        WHERE live AND (reconciled_at IS NULL OR reconciled_at < $1)
        ORDER BY reconciled_at NULLS FIRST LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
        """;

    /// <summary>
    /// A statement of its own, after the lock: every change of a row changes the counts in its own transaction, so what it sees of the rows and of the
    /// counts belongs together. $1 campaign, $2 now.
    /// </summary>
    private const string Recount =
        """
        WITH rows AS MATERIALIZED (
          SELECT count(*) FILTER (WHERE status = 'PENDING')::int AS pending,
                 count(*) FILTER (WHERE status IN ('DISPATCHED', 'IN_PROGRESS'))::int AS in_flight,
                 count(*) FILTER (WHERE status = 'COMPLETED')::int AS completed,
                 count(*) FILTER (WHERE status = 'NO_ANSWER')::int AS no_answer,
                 count(*) FILTER (WHERE status = 'FAILED')::int AS failed,
                 count(*) FILTER (WHERE status = 'SKIPPED')::int AS skipped,
                 count(*) FILTER (WHERE status = 'CANCELLED')::int AS cancelled
          FROM campaign_contacts WHERE campaign_id = $1),
        before AS MATERIALIZED (SELECT * FROM campaign_counters WHERE campaign_id = $1),
        written AS (
          UPDATE campaign_counters k SET
            pending = r.pending, in_flight = r.in_flight, completed = r.completed, no_answer = r.no_answer, failed = r.failed,
            skipped = r.skipped, cancelled = r.cancelled, reconciled_at = $2,
            live = c.status NOT IN ('COMPLETED', 'CANCELLED') OR r.pending + r.in_flight > 0
          FROM rows r, campaigns c WHERE k.campaign_id = $1 AND c.id = $1)
        SELECT string_agg(format('%s: %s → %s', name, was, "is"), ', ')
        FROM before b, rows r, LATERAL (VALUES
          ('pending', b.pending, r.pending), ('in_flight', b.in_flight, r.in_flight), ('completed', b.completed, r.completed),
          ('no_answer', b.no_answer, r.no_answer), ('failed', b.failed, r.failed), ('skipped', b.skipped, r.skipped),
          ('cancelled', b.cancelled, r.cancelled)) AS v (name, was, "is")
        WHERE was <> "is"
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<PermitDrift>> ReconcileAsync(
        DateTimeOffset checkedBefore, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var drifts = ImmutableArray.CreateBuilder<PermitDrift>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        for (var i = 0; i < limit; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var take = new NpgsqlCommand(Take, connection, transaction);
            take.Add(checkedBefore.ToUniversalTime());
            if (await take.ExecuteScalarAsync(cancellationToken) is not Guid campaign)
            {
                break;
            }

            await using var recount = new NpgsqlCommand(Recount, connection, transaction);
            recount.Add(campaign).Add(now.ToUniversalTime());
            var difference = await recount.ExecuteScalarAsync(cancellationToken) as string;
            await transaction.CommitAsync(cancellationToken);
            if (difference is not null)
            {
                PermitTelemetry.OnDrift();
                drifts.Add(new PermitDrift(campaign, difference));
            }
        }

        return drifts.ToImmutable();
    }
}
