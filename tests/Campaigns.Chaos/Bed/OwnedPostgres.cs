using System.Diagnostics;
using System.Globalization;
using Campaigns.Postgres.Local;
using Campaigns.Postgres.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Campaigns.Chaos.Bed;

/// <summary>A server of the run's own that can be taken away and brought back at the same address, with what was committed.</summary>
public sealed class OwnedPostgres : IAsyncDisposable
{
    private readonly string _folder;
    private LocalPostgres? _server;

    private OwnedPostgres(string folder, LocalPostgres server)
    {
        _folder = folder;
        _server = server;
        Port = server.Port;

        // Whoever asks here asks rarely, and must not be handed a connection of the server before.
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString;
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public int Port { get; }

    /// <summary>Without a pool: for the run itself.</summary>
    public string ConnectionString { get; }

    /// <summary>Without a pool: for the run itself.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>Starts it in a new folder, with this build's schema.</summary>
    public static async Task<OwnedPostgres> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"campaigns-chaos-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}");
        var postgres = new OwnedPostgres(folder, await LocalPostgres.StartAsync(Options(folder, port: null), cancellationToken));
        await new Migrator(postgres.DataSource, MigrationScripts.Embedded, NullLogger<Migrator>.Instance).MigrateAsync(cancellationToken);
        return postgres;
    }

    /// <summary>The end of every connection: transactions are rolled back and a checkpoint is written.</summary>
    public async Task StopAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync();
        }
    }

    /// <summary>As <c>pg_ctl stop -m immediate</c>: the end of every process of the server, and recovery at the next start.</summary>
    public async Task CrashAsync()
    {
        var server = _server ?? throw new InvalidOperationException("The server does not run.");
        var lines = await File.ReadAllLinesAsync(Path.Combine(server.DataDirectory, "cluster", "postmaster.pid"));
        var id = int.Parse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture);
        using (var kill = Process.Start("kill", ["-QUIT", $"{id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await server.Completion;
        await StopAsync();
    }

    /// <summary>Brings it back.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
        => _server = await LocalPostgres.StartAsync(Options(_folder, Port), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static LocalPostgresOptions Options(string folder, int? port) => new()
    {
        DataDirectory = folder,
        Port = port,
        Durable = false,
        MaxConnections = 200,
        SharedBuffersMegabytes = 64,
    };
}
