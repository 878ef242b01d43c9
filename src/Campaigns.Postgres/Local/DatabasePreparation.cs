using Npgsql;

namespace Campaigns.Postgres.Local;

/// <summary>The first connection: proves that the server on the port is the one of our folder, and makes the database.</summary>
internal static class DatabasePreparation
{
    internal static async Task RunAsync(string connectionString, DataFolder folder, string database, CancellationToken cancellationToken)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        try
        {
            await connection.OpenAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw DataFolder.Unusable($"The password in {folder.PasswordFile} is not the superuser's any more.", exception);
        }

        await using var identity = new NpgsqlCommand("SELECT current_setting('data_directory')", connection);
        var answered = (string)(await identity.ExecuteScalarAsync(cancellationToken))!;
        if (answered != folder.Cluster)
        {
            throw new LocalPostgresException(
                LocalPostgresFailure.StartFailed, $"The server that answers works in {answered}, not in {folder.Cluster}: it is left alone.");
        }

        await using var lookup = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        lookup.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database });
        if (await lookup.ExecuteScalarAsync(cancellationToken) is null)
        {
            var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(database);
            await using var create = new NpgsqlCommand($"CREATE DATABASE {quoted}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
