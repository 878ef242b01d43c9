using Campaigns.Postgres.Calls;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Catalog;

/// <summary>What is remembered about people, in PostgreSQL.</summary>
internal sealed class MemoryStore(NpgsqlDataSource database) : IMemoryStore
{
    public async Task<Page<FactDetails>?> ListAsync(
        Guid organizationId, Guid contactId, bool superseded, PageRequest page, CancellationToken cancellationToken)
    {
        await using var known = database.CreateCommand("SELECT true FROM contacts WHERE organization_id = @organization AND id = @contact");
        known.Uuid("organization", organizationId).Uuid("contact", contactId);
        if (await known.ExecuteScalarAsync(cancellationToken) is null)
        {
            return null;
        }

        await using var command = database.CreateCommand($"""
            SELECT {FactSql.Columns}, f.updated_at, f.superseded_by FROM memory_facts f
            WHERE f.organization_id = @organization AND f.contact_id = @contact AND (@all OR f.superseded_by IS NULL) {PageSql.After("created_at")}
            ORDER BY f.created_at, f.id LIMIT @limit
            """);
        command.Uuid("organization", organizationId).Uuid("contact", contactId).Add("all", NpgsqlDbType.Boolean, superseded).Page(page);
        return await command.PageAsync(page, Read, fact => Sql.KeyOf(fact.LearnedAt, fact.Id), cancellationToken);
    }

    public async Task<bool> ForgetAsync(Guid organizationId, Guid contactId, Guid factId, CancellationToken cancellationToken)
    {
        // One transaction. The lock is the one under which extractions change a person's facts.
        await using var batch = database.CreateBatch();
        batch.Add("SELECT 1 FROM contacts WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE", organizationId, contactId);
        batch.Add(
            """
            WITH RECURSIVE gone AS (
              SELECT id FROM memory_facts WHERE organization_id = $1 AND contact_id = $2 AND id = $3
              UNION SELECT f.id FROM memory_facts f JOIN gone ON f.superseded_by = gone.id),
            deleted AS (DELETE FROM memory_facts WHERE id IN (SELECT id FROM gone) RETURNING id)
            SELECT EXISTS (SELECT 1 FROM deleted)
            """,
            organizationId, contactId, factId);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetBoolean(0);
    }

    private static FactDetails Read(NpgsqlDataReader row)
    {
        var fact = FactSql.Read(row);
        return new FactDetails(
            fact.Id, fact.Key, fact.Value, fact.Confidence, fact.SessionId, fact.EvidenceTurn, fact.LearnedAt, row.At(8), fact.ValidUntil,
            row.UuidOrNull(9));
    }
}
