using System.Globalization;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Catalog;

/// <summary>Do-not-call in PostgreSQL.</summary>
internal sealed class DoNotCallStore(NpgsqlDataSource database, TimeProvider clock) : IDoNotCallStore
{
    public async Task<DoNotCallEntry> AddAsync(
        Guid organizationId, string phone, string reason, string source, CancellationToken cancellationToken)
    {
        // The update changes nothing; it makes the row that is already there come back.
        await using var command = database.CreateCommand("""
            INSERT INTO do_not_call (organization_id, phone, reason, source, created_at)
            VALUES (@organization, @phone, @reason, @source, @now)
            ON CONFLICT (organization_id, phone) DO UPDATE SET reason = do_not_call.reason
            RETURNING phone, reason, source, created_at
            """);
        command.Uuid("organization", organizationId).Text("phone", phone).Text("reason", reason).Text("source", source).At("now", clock.GetUtcNow());
        return (await command.SingleAsync(Read, cancellationToken))!;
    }

    public async Task<Page<DoNotCallEntry>> ListAsync(Guid organizationId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT phone, reason, source, created_at FROM do_not_call
            WHERE organization_id = @organization AND (@order IS NULL OR phone > '+' || @order)
            ORDER BY phone LIMIT @limit
            """);
        command.Uuid("organization", organizationId).Page(page);
        return await command.PageAsync(
            page, Read, entry => new PageKey(long.Parse(entry.Phone.AsSpan(1), CultureInfo.InvariantCulture), Guid.Empty), cancellationToken);
    }

    public async Task<bool> RemoveAsync(Guid organizationId, string phone, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM do_not_call WHERE organization_id = @organization AND phone = @phone");
        command.Uuid("organization", organizationId).Text("phone", phone);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static DoNotCallEntry Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.At(3));
}
