using Campaigns.Domain.Pacing;
using Campaigns.LiveModel;
using Npgsql;

namespace Campaigns.Postgres.Carrier;

/// <summary>The live model's limit, kept with the carrier account whose calls its sessions are for.</summary>
/// <param name="database">Where the account's row is.</param>
/// <param name="accountId">The carrier account.</param>
/// <param name="clock">The time of refusals.</param>
public sealed class PostgresModelLimits(NpgsqlDataSource database, string accountId, TimeProvider clock) : ILiveModelLimits
{
    /// <inheritdoc/>
    public async Task ReportExhaustedAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var read = new NpgsqlCommand("SELECT model_lines, model_refused_at FROM carrier_accounts WHERE id = $1 FOR NO KEY UPDATE", connection);
        read.Add(accountId);
        int? lines;
        DateTimeOffset? since;
        await using (var reader = await read.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return;
            }

            (lines, since) = (reader.IsDBNull(0) ? null : reader.GetInt32(0), reader.TimeOrNull(1));
        }

        // A storm of refusals is not to count the calls each time.
        if (now - since < RateBackoff.OneEvent)
        {
            return;
        }

        // Under the account's lock, as a claim counts: sessions are opened for calls that ring as well.
        await using var count = new NpgsqlCommand(
            """
            SELECT (SELECT coalesce(sum(k.in_flight), 0) FROM organizations o JOIN campaign_counters k ON k.organization_id = o.id AND k.live
                    WHERE o.carrier_account_id = $1)::int
                 + (SELECT count(*) FROM organizations o JOIN sessions s ON s.organization_id = o.id
                    WHERE o.carrier_account_id = $1 AND s.direction = 'INBOUND' AND s.state <> 'ENDED')::int
            """,
            connection);
        count.Add(accountId);
        var inUse = (int)(await count.ExecuteScalarAsync(cancellationToken))!;
        var after = LineBackoff.Refused(lines, since, inUse, now);
        await using var write = new NpgsqlCommand("UPDATE carrier_accounts SET model_lines = $2, model_refused_at = $3 WHERE id = $1", connection);
        write.Add(accountId).Add(after.Lines).Add(after.RefusedAt);
        await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        PermitTelemetry.OnBackOff("model");
    }
}
