using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Catalog;

/// <summary>Calls as operators see them, in PostgreSQL.</summary>
internal sealed class SessionCatalog(NpgsqlDataSource database) : ISessionCatalog
{
    private const string Own = "FROM sessions WHERE organization_id = @organization AND id = @id";

    public async Task<SessionDetails?> GetAsync(Guid organizationId, Guid sessionId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {SessionSql.Columns} {Own}");
        command.Uuid("organization", organizationId).Uuid("id", sessionId);
        return await command.SingleAsync(SessionSql.Read, cancellationToken);
    }

    public async Task<Page<SessionDetails>> ListAsync(
        Guid organizationId, SessionFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT {SessionSql.Columns} FROM sessions
            WHERE organization_id = @organization
              AND (@campaign IS NULL OR campaign = @campaign)
              AND (@direction IS NULL OR direction = @direction)
              AND (@outcome IS NULL OR outcome = @outcome) {PageSql.Before("started_at")}
            ORDER BY started_at DESC, id DESC LIMIT @limit
            """);
        command.Uuid("organization", organizationId)
            .Uuid("campaign", filter.CampaignId)
            .Text("direction", filter.Direction?.ToText())
            .Text("outcome", filter.Outcome?.ToText())
            .Page(page);
        return await command.PageAsync(page, SessionSql.Read, session => Sql.KeyOf(session.StartedAt, session.Id), cancellationToken);
    }

    public async Task<Page<TurnDetails>?> ListTurnsAsync(
        Guid organizationId, Guid sessionId, PageRequest page, CancellationToken cancellationToken)
    {
        if (await GetAsync(organizationId, sessionId, cancellationToken) is null)
        {
            return null;
        }

        await using var command = database.CreateCommand("""
            SELECT position, speaker, text, heard_text, started_at, ended_at, interrupted, spoken_ms, heard_ms FROM session_turns
            WHERE session_id = @id AND (@order IS NULL OR position > @order)
            ORDER BY position LIMIT @limit
            """);
        command.Uuid("id", sessionId).Page(page);
        return await command.PageAsync(
            page,
            row => new TurnDetails(
                row.GetInt32(0), EnumText.Parse<Speaker>(row.GetString(1)), row.GetString(2), row.TextOrNull(3), row.At(4), row.AtOrNull(5),
                row.GetBoolean(6), row.GetInt32(7), row.GetInt32(8)),
            turn => new PageKey(turn.Position, Guid.Empty),
            cancellationToken);
    }

    public async Task<DigestDetails?> GetDigestAsync(Guid organizationId, Guid sessionId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT d.session_id, d.summary, d.model, d.created_at FROM session_digests d JOIN sessions s ON s.id = d.session_id
            WHERE s.organization_id = @organization AND s.id = @id
            """);
        command.Uuid("organization", organizationId).Uuid("id", sessionId);
        return await command.SingleAsync(row => new DigestDetails(row.GetGuid(0), row.GetString(1), row.GetString(2), row.At(3)), cancellationToken);
    }

    public async Task<string?> FindRecordingAsync(Guid organizationId, Guid sessionId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT recording_file {Own}");
        command.Uuid("organization", organizationId).Uuid("id", sessionId);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
