using System.Collections.Immutable;
using System.Text.Json;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Catalog;

/// <summary>Agents in PostgreSQL.</summary>
internal sealed class AgentStore(NpgsqlDataSource database, TimeProvider clock) : IAgentStore
{
    private const string Columns = "id, name, system_prompt, language, voice, settings::text, created_at";

    public async Task<AgentRecord> CreateAsync(Guid organizationId, NewAgent agent, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand($"""
            INSERT INTO agents (id, organization_id, name, system_prompt, language, voice, settings, created_at)
            VALUES (@id, @organization, @name, @prompt, @language, @voice, @settings, @now)
            RETURNING {Columns}
            """);
        command.Uuid("id", Guid.CreateVersion7(now))
            .Uuid("organization", organizationId)
            .Text("name", agent.Name)
            .Text("prompt", agent.SystemPrompt)
            .Text("language", agent.Language)
            .Text("voice", agent.Voice)
            .Jsonb("settings", JsonSerializer.Serialize(agent.Settings))
            .At("now", now);
        return (await command.SingleAsync(Read, cancellationToken))!;
    }

    public async Task<AgentRecord?> GetAsync(Guid organizationId, Guid agentId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM agents WHERE organization_id = @organization AND id = @id");
        command.Uuid("organization", organizationId).Uuid("id", agentId);
        return await command.SingleAsync(Read, cancellationToken);
    }

    public async Task<Page<AgentRecord>> ListAsync(Guid organizationId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns} FROM agents
            WHERE organization_id = @organization {PageSql.After("created_at")}
            ORDER BY created_at, id LIMIT @limit
            """);
        command.Uuid("organization", organizationId).Page(page);
        return await command.PageAsync(page, Read, agent => Sql.KeyOf(agent.CreatedAt, agent.Id), cancellationToken);
    }

    public async Task<bool> SetInboundSecretAsync(Guid organizationId, Guid agentId, byte[] secretHash, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE agents SET inbound_secret_hash = @hash WHERE organization_id = @organization AND id = @id");
        command.Uuid("organization", organizationId).Uuid("id", agentId).Add("hash", NpgsqlDbType.Bytea, secretHash);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    internal static AgentRecord Read(NpgsqlDataReader row, int first)
        => new(
            row.GetGuid(first),
            row.GetString(first + 1),
            row.GetString(first + 2),
            row.GetString(first + 3),
            row.TextOrNull(first + 4),
            JsonSerializer.Deserialize<ImmutableDictionary<string, JsonElement>>(row.GetString(first + 5))!,
            row.At(first + 6));

    private static AgentRecord Read(NpgsqlDataReader row) => Read(row, 0);
}
