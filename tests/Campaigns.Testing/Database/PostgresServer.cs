using Campaigns.Postgres.Local;
using Campaigns.Postgres.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Campaigns.Testing;

/// <summary>
/// The database server of this test process: a private one in a temporary folder that vanishes with the process, or the one named by
/// <see cref="PostgresPrerequisite.ServerVariable"/>. It holds a template database that was migrated once.
/// </summary>
public sealed class PostgresServer
{
    private static readonly Lazy<Task<PostgresServer>> Instance = new(() => Task.Run(StartAsync));

    private readonly string _connectionString;

    private PostgresServer(string connectionString) => _connectionString = connectionString;

    /// <summary>A database migrated to the build's schema, which nobody connects to.</summary>
    private string Template { get; } = $"campaigns_template_{Environment.ProcessId}_{Guid.NewGuid().ToString("N")[..6]}";

    /// <summary>The server, started by the first who asks.</summary>
    public static Task<PostgresServer> SharedAsync() => Instance.Value;

    /// <summary>A connection string to a database of the server.</summary>
    public string ConnectionStringTo(string database) => new NpgsqlConnectionStringBuilder(_connectionString)
    {
        Database = database,
        MaxPoolSize = 20,
        IncludeErrorDetail = true,
    }.ConnectionString;

    /// <summary>Creates a database of the build's schema with no rows but those of the schema.</summary>
    /// <returns>Its name.</returns>
    public Task<string> CreateMigratedAsync() => CreateAsync($"TEMPLATE {Template}");

    /// <summary>Creates a database without any table.</summary>
    /// <returns>Its name.</returns>
    public Task<string> CreateEmptyAsync() => CreateAsync("TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");

    /// <summary>Drops a database, also when somebody is connected to it.</summary>
    public Task DropAsync(string database) => ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");

    private static async Task<PostgresServer> StartAsync()
    {
        var external = Environment.GetEnvironmentVariable(PostgresPrerequisite.ServerVariable);
        var server = external is { Length: > 0 } ? new PostgresServer(external) : new PostgresServer(await StartPrivateAsync());
        await server.MakeTemplateAsync();
        if (external is { Length: > 0 })
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DropTemplate();
        }

        return server;
    }

    /// <summary>Nobody disposes of it: it stops and deletes its folder by itself when this process ends.</summary>
    private static async Task<string> StartPrivateAsync()
    {
        var options = new LocalPostgresOptions
        {
            DataDirectory = Path.Combine(Path.GetTempPath(), $"campaigns-tests-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}"),
            Durable = false,
            Throwaway = true,
            MaxConnections = 200,
            SharedBuffersMegabytes = 64,
        };
        var server = await LocalPostgres.StartAsync(options, CancellationToken.None);
        return server.ConnectionString;
    }

    private async Task MakeTemplateAsync()
    {
        await ExecuteAsync($"CREATE DATABASE {Template} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        await using (var dataSource = NpgsqlDataSource.Create(ConnectionStringTo(Template)))
        {
            var migrator = new Migrator(dataSource, MigrationScripts.Embedded, NullLogger<Migrator>.Instance);
            await migrator.MigrateAsync(CancellationToken.None);
        }

        await ExecuteAsync($"ALTER DATABASE {Template} ALLOW_CONNECTIONS false");
    }

    private async Task<string> CreateAsync(string source)
    {
        var name = "campaigns_test_" + Guid.NewGuid().ToString("N")[..12];
        await ExecuteAsync($"CREATE DATABASE {name} {source}");
        return name;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>At the end of the process nothing can be awaited any more.</summary>
    private void DropTemplate()
    {
        using var connection = new NpgsqlConnection(_connectionString);
        connection.Open();
        using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {Template} WITH (FORCE)", connection);
        command.ExecuteNonQuery();
    }
}
