using Campaigns.Carrier;
using Campaigns.Domain.Pacing;
using Npgsql;

namespace Campaigns.Postgres.Carrier;

/// <summary>The permits of one carrier account, shared by every host through its row. Dials take theirs inside the claim.</summary>
/// <param name="database">Where the account's row is.</param>
/// <param name="accountId">The carrier account.</param>
/// <param name="clock">The time slots are counted by.</param>
public sealed class PostgresCarrierPermits(NpgsqlDataSource database, string accountId, TimeProvider clock) : ICarrierPermits
{
    /// <inheritdoc/>
    public async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        // A slot that has passed unused is free; a look-up never books one ahead of a dial.
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            UPDATE carrier_accounts SET next_slot_at = $2 + make_interval(secs => 60.0 / (calls_per_minute * $3))
            WHERE id = $1 AND coalesce(next_slot_at <= $2, true) AND coalesce(blocked_until <= $2, true)
            """);
        command.Add(accountId).Add(now).Add(Pacing.Headroom);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <inheritdoc/>
    public async Task ReportThrottledAsync(TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var read = new NpgsqlCommand(
            "SELECT rate_factor, throttled_at FROM carrier_accounts WHERE id = $1 FOR NO KEY UPDATE", connection);
        read.Add(accountId);
        double factor;
        await using (var reader = await read.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return;
            }

            factor = RateBackoff.Throttled(RateBackoff.Current(reader.GetDouble(0), reader.TimeOrNull(1), now));
        }

        await using var write = new NpgsqlCommand(
            """
            UPDATE carrier_accounts SET rate_factor = $2, throttled_at = $3, blocked_until = greatest(blocked_until, $3 + $4) WHERE id = $1
            """,
            connection);
        write.Add(accountId).Add(factor).Add(now).Add(retryAfter ?? TimeSpan.Zero);
        await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
