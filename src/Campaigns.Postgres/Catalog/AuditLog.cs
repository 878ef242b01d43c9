using System.Collections.Immutable;
using System.Text.Json;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Catalog;

/// <summary>The audit log in PostgreSQL.</summary>
internal sealed class AuditLog(NpgsqlDataSource database, TimeProvider clock) : IAuditLog
{
    public async Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO audit_log (organization_id, at, actor, action, entity, entity_id, detail)
            VALUES (@organization, @at, @actor, @action, @entity, @entity_id, @detail)
            """);
        command.Uuid("organization", entry.OrganizationId)
            .At("at", clock.GetUtcNow())
            .Text("actor", entry.Actor)
            .Text("action", entry.Action)
            .Text("entity", entry.Entity)
            .Uuid("entity_id", entry.EntityId)
            .Jsonb("detail", JsonSerializer.Serialize(entry.Detail ?? ImmutableDictionary<string, string>.Empty));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
