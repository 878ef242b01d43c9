using Npgsql;

namespace Campaigns.Postgres.Migrations;

/// <summary>Table <c>schema_migrations</c>: what was applied to this database, and when.</summary>
internal static class AppliedScripts
{
    internal sealed record Row(int Version, string Name, string Checksum);

    /// <summary>Takes the lock that one migration at a time holds, to the end of the transaction, and reads the table, making it first if need be.</summary>
    internal static async Task<IReadOnlyList<Row>> LockAndReadAsync(NpgsqlConnection connection, long lockKey, CancellationToken cancellationToken)
    {
        // Waiting for another host's migration has no time-out of its own: the token ends it.
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({lockKey})", connection) { CommandTimeout = 0 };
        await take.ExecuteNonQueryAsync(cancellationToken);

        // A statement of its own: one that began before the lock was granted would not see what the other host committed.
        const string Sql =
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version integer PRIMARY KEY CHECK (version > 0),
                name text NOT NULL,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now());
            SELECT version, name, checksum FROM schema_migrations ORDER BY version
            """;
        await using var read = new NpgsqlCommand(Sql, connection);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var rows = new List<Row>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new Row(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        }

        return rows;
    }

    internal static async Task AddAsync(NpgsqlConnection connection, MigrationScript script, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)", connection);
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = script.Version });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = script.Name });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = script.Checksum });
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }
}
