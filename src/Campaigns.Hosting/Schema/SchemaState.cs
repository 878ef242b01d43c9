using Campaigns.Postgres.Migrations;
using Npgsql;

namespace Campaigns.Hosting.Schema;

/// <summary>The schema that a database has, beside the one this build needs.</summary>
/// <param name="Found">The version found; 0 when there is none.</param>
/// <param name="Needed">The version of this build's newest script.</param>
public sealed record SchemaState(int Found, int Needed)
{
    /// <summary>
    /// Whether this build can work on it. Hosts share a database while they are upgraded one by one: a newer schema is as good as our own.
    /// </summary>
    public bool Suffices => Found >= Needed;

    /// <summary>What is wrong with it, for people; null when nothing is.</summary>
    public string? Complaint => Suffices ? null
        : Found == 0 ? "The database has no schema yet."
        : $"The database's schema is at version {Found}, older than this build's, which is {Needed}.";

    /// <summary>Looks.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached or asked.</exception>
    public static async Task<SchemaState> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        var needed = MigrationScripts.Embedded[^1].Version;
        try
        {
            await using var command = database.CreateCommand("SELECT max(version) FROM schema_migrations");
            command.CommandTimeout = 5;
            return new SchemaState(await command.ExecuteScalarAsync(cancellationToken) as int? ?? 0, needed);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return new SchemaState(0, needed);
        }
    }
}
