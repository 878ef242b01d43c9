using System.Globalization;
using Campaigns.Benchmarks.Harness;
using Campaigns.Postgres;
using Campaigns.Postgres.Local;
using Campaigns.Postgres.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Campaigns.Benchmarks.Bed;

/// <summary>A private PostgreSQL that keeps its promises: a commit waits for the disk.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly LocalPostgres _postgres;
    private readonly int _processId;
    private int _databases;

    private Server(LocalPostgres postgres)
    {
        _postgres = postgres;
        _processId = int.Parse(File.ReadLines(Path.Combine(postgres.DataDirectory, "cluster", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
    }

    public string DataFolder => _postgres.DataDirectory;

    /// <summary>Processor time of the server and all its backends so far.</summary>
    public TimeSpan CpuTime => CpuTimes.OfTree(_processId);

    public static async Task<Server> StartAsync(string dataFolder, CancellationToken cancellationToken) => new(await LocalPostgres.StartAsync(
        new LocalPostgresOptions
        {
            DataDirectory = LocalPostgres.ReachableDataDirectory(dataFolder),
            Throwaway = true,
            Durable = true,
            MaxConnections = 200,
            SharedBuffersMegabytes = 512,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["max_wal_size"] = "4GB" },
        },
        cancellationToken));

    /// <summary>A new database of the product's schema, its connections made as the product makes them.</summary>
    public async Task<BenchDatabase> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"bench_{++_databases}";
        await ExecuteAsync($"CREATE DATABASE {name}", cancellationToken);
        var connection = new NpgsqlConnectionStringBuilder(_postgres.ConnectionStringTo(name)) { MaxPoolSize = 60 }.ConnectionString;
        var source = PostgresRegistration.CreateDataSource(connection);
        await new Migrator(source, MigrationScripts.Embedded, NullLogger<Migrator>.Instance).MigrateAsync(cancellationToken);
        return new BenchDatabase(connection, source);
    }

    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_postgres.ConnectionString);
        await using var command = source.CreateCommand(
            """
            SELECT string_agg(name || ' ' || current_setting(name), ', ' ORDER BY n)
            FROM unnest(ARRAY['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size']) WITH ORDINALITY AS s (name, n)
            """);
        return ((string)(await command.ExecuteScalarAsync(cancellationToken))!)["server_version ".Length..];
    }

    public ValueTask DisposeAsync() => _postgres.DisposeAsync();

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_postgres.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
