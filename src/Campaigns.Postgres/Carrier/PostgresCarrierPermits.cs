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
    /// <summary>Claims book at most a tick ahead, so a slot further off than this means a backlog or a block.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await BookAsync(now, cancellationToken) is not { } slot)
        {
            return false;
        }

        if (slot > now)
        {
            await Task.Delay(slot - now, clock, cancellationToken);
        }

        return true;
    }

    /// <summary>The next slot of the account, taken; null when it lies too far ahead.</summary>
    private async Task<DateTimeOffset?> BookAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH slot AS (
              SELECT id, greatest($2, next_slot_at, blocked_until) AS at FROM carrier_accounts WHERE id = $1 FOR NO KEY UPDATE)
            UPDATE carrier_accounts a SET next_slot_at = slot.at + make_interval(secs => 60.0 / (a.calls_per_minute * $3))
            FROM slot WHERE a.id = slot.id AND slot.at <= $2 + $4
            RETURNING slot.at
            """);
        command.Add(accountId).Add(now).Add(Pacing.Headroom).Add(LongestWait);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.Time(0) : null;
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
        DateTimeOffset since;
        await using (var reader = await read.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return;
            }

            (factor, since) = RateBackoff.Refused(reader.GetDouble(0), reader.TimeOrNull(1), now);
        }

        await using var write = new NpgsqlCommand(
            """
            UPDATE carrier_accounts SET rate_factor = $2, throttled_at = $3, blocked_until = greatest(blocked_until, $4) WHERE id = $1
            """,
            connection);
        write.Add(accountId).Add(factor).Add(since).Add(now + (retryAfter ?? TimeSpan.Zero));
        await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (since == now)
        {
            PermitTelemetry.OnBackOff("carrier");
        }
    }
}
