using System.Text.Json;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Catalog;

/// <summary>Finished imports in PostgreSQL.</summary>
internal static class ImportStore
{
    internal static async Task InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid organizationId, ImportRecord record, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO imports (id, organization_id, file_name, mode, rows_read, rows_imported, rows_rejected, errors, created_at)
            VALUES (@id, @organization, @file, @mode, @read, @imported, @rejected, @errors, @at)
            """,
            connection,
            transaction);
        command.Uuid("id", record.Id)
            .Uuid("organization", organizationId)
            .Text("file", record.FileName)
            .Text("mode", record.Mode.ToText())
            .Add("read", NpgsqlDbType.Integer, record.RowsRead)
            .Add("imported", NpgsqlDbType.Integer, record.RowsImported)
            .Add("rejected", NpgsqlDbType.Integer, record.RowsRejected)
            .Jsonb("errors", JsonSerializer.Serialize(record.Errors, CampaignSpecJson.Options))
            .At("at", record.CreatedAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
