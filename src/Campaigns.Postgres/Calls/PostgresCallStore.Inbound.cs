using System.Security.Cryptography;
using Campaigns.Carrier;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Calls;

public sealed partial class PostgresCallStore
{
    /// <summary>$1 agent, $2 phone, $3 new id, $4 now. The update changes nothing; it makes the contact that is already there come back.</summary>
    private const string FindOrWriteCaller =
        """
        INSERT INTO contacts AS c (id, organization_id, phone, source, created_at, updated_at)
        SELECT $3, organization_id, $2, 'INBOUND', $4, $4 FROM agents WHERE id = $1
        ON CONFLICT (organization_id, phone) WHERE phone IS NOT NULL DO UPDATE SET phone = c.phone
        RETURNING c.id, c.organization_id
        """;

    /// <summary>The unique indexes say when the caller has a live call, or the carrier's id is known already.</summary>
    private const string OpenInbound =
        """
        INSERT INTO sessions (id, organization_id, agent_id, contact_id, direction, phone, state, carrier_sid, token_hash, token_expires_at, owner,
          started_at, send_before, placed_at, answered_at, check_at, give_up_at, media_begun_at, media_owner, media_until, stream_sid)
        VALUES ($1, $2, $3, $4, 'INBOUND', $5, 'ANSWERED', $6, $7, $8, $9, $8, $8, $8, $8, $10, $10, $8, $9, $10, $11)
        ON CONFLICT DO NOTHING
        """;

    private const string EndLapsed =
        """
        WITH lapsed AS (
          SELECT id FROM sessions WHERE direction = 'INBOUND' AND state <> 'ENDED' AND media_until < $1
          ORDER BY media_until LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED)
        UPDATE sessions s SET
          state = 'ENDED', outcome = 'INTERRUPTED_BY_US', ended_at = $1, check_at = NULL,
          detail = 'the process that held the conversation is gone'
        FROM lapsed WHERE s.id = lapsed.id
        """;

    /// <inheritdoc/>
    public async Task<Guid?> BeginInboundAsync(BeginInbound command, CancellationToken cancellationToken)
    {
        var now = command.Now.ToUniversalTime();
        var until = command.Until.ToUniversalTime();
        var session = Guid.CreateVersion7(now);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var caller = new NpgsqlCommand(FindOrWriteCaller, connection, transaction);
        caller.Add(command.AgentId).Add(command.Phone).Add(Guid.CreateVersion7(now)).Add(now);
        Guid contact, organization;
        await using (var reader = await caller.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            (contact, organization) = (reader.GetGuid(0), reader.GetGuid(1));
        }

        // The agent's own secret opened the stream; the session has one that nobody knows.
        await using var open = new NpgsqlCommand(OpenInbound, connection, transaction);
        open.Add(session).Add(organization).Add(command.AgentId).Add(contact).Add(command.Phone).Add(command.CarrierSid)
            .Add(RandomNumberGenerator.GetBytes(SessionToken.HashBytes)).Add(now).Add(command.Owner).Add(until).Add(command.StreamSid);
        if (await open.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return null;
        }

        await transaction.CommitAsync(cancellationToken);
        return session;
    }

    /// <inheritdoc/>
    public async Task<int> EndLapsedInboundAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(EndLapsed);
        command.Add(now.ToUniversalTime());
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int> CountRingingAsync(string silo, DateTimeOffset dialledAfter, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT count(*)::int FROM sessions
            WHERE state <> 'ENDED' AND owner = $1 AND started_at > $2 AND direction = 'OUTBOUND' AND media_begun_at IS NULL
              AND carrier_ended_at IS NULL
            """);
        command.Add(silo).Add(dialledAfter.ToUniversalTime());
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FindInboundHashAsync(Guid agentId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT inbound_secret_hash FROM agents WHERE id = $1");
        command.Add(agentId);
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }
}
