using System.Data;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Campaigns.Postgres.Migrations;

/// <summary>
/// Brings a database to the schema of this build, forward only. Each script runs in a transaction of its own that also holds an advisory
/// lock and records the script, so that a script is applied wholly and once, however many hosts migrate at the same time.
/// </summary>
/// <param name="dataSource">The database, with rights to make tables.</param>
/// <param name="scripts">The schema, usually <see cref="MigrationScripts.Embedded"/>; put in order of version.</param>
/// <param name="logger">Told of each script applied.</param>
/// <exception cref="InvalidOperationException">Two scripts share a version, or one has a version below 1.</exception>
public sealed class Migrator(NpgsqlDataSource dataSource, IEnumerable<MigrationScript> scripts, ILogger<Migrator> logger)
{
    // Any number that no other user of advisory locks in the database takes: "campaign" in ASCII.
    private const long LockKey = 0x63616D706169676E;

    private readonly IReadOnlyList<MigrationScript> _scripts = MigrationScripts.Ordered(scripts);

    /// <summary>Applies what is missing; nothing when the database is up to date.</summary>
    /// <param name="cancellationToken">Ends the wait for another host, or rolls the script under way back.</param>
    /// <returns>The versions applied by this call, in order.</returns>
    /// <exception cref="MigrationException">The database is newer, contradicts the build, or a script failed.</exception>
    public async Task<IReadOnlyList<int>> MigrateAsync(CancellationToken cancellationToken)
    {
        var applied = new List<int>();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        while (await ApplyNextAsync(connection, cancellationToken) is { } version)
        {
            applied.Add(version);
        }

        MigratorLog.Done(logger, _scripts.LastOrDefault()?.Version ?? 0, applied.Count);
        return applied;
    }

    private async Task<int?> ApplyNextAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var rows = await AppliedScripts.LockAndReadAsync(connection, LockKey, cancellationToken);
        Verify(rows);
        if (_scripts.Count == rows.Count)
        {
            await transaction.CommitAsync(cancellationToken);
            return null;
        }

        var script = _scripts[rows.Count];
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var command = new NpgsqlCommand(script.Sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
            await AppliedScripts.AddAsync(connection, script, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new MigrationException(
                MigrationFailure.ScriptFailed, $"Schema script {script} failed and was rolled back: {exception.MessageText}{Where(exception)}", exception);
        }

        MigratorLog.Applied(logger, script.ToString(), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return script.Version;
    }

    /// <summary>The applied scripts must be the first ones of the build's, unchanged.</summary>
    private void Verify(IReadOnlyList<AppliedScripts.Row> rows)
    {
        var newest = _scripts.LastOrDefault()?.Version ?? 0;
        if (rows is [.., var last] && last.Version > newest)
        {
            throw new MigrationException(
                MigrationFailure.DatabaseNewer,
                $"The database's schema is at version {last.Version} ({last.Name}), newer than version {newest} of this build. Run a newer build.");
        }

        for (var index = 0; index < rows.Count; index++)
        {
            var row = rows[index];
            var script = index < _scripts.Count ? _scripts[index] : null;
            if (script?.Version != row.Version)
            {
                throw new MigrationException(
                    MigrationFailure.OutOfOrder,
                    $"The database has version {row.Version} ({row.Name}) where this build has {script?.ToString() ?? "none"}: a script was added, " +
                    "removed or renumbered below one that is applied. Give it a version above all applied ones.");
            }

            if (row.Checksum != script.Checksum)
            {
                throw new MigrationException(
                    MigrationFailure.ScriptChanged,
                    $"Schema script {script} was changed after it was applied to this database (checksum {row.Checksum[..8]}… then, " +
                    $"{script.Checksum[..8]}… now). Restore it and put the change into a new script.");
            }
        }
    }

    private static string Where(PostgresException exception) =>
        exception.Position > 0 ? $" (at character {exception.Position} of its statement, {exception.SqlState})" : $" ({exception.SqlState})";
}
