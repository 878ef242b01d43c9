using Npgsql;
using Xunit;

namespace Campaigns.Testing;

/// <summary>
/// A fresh database of the build's schema for one test class (<c>IClassFixture&lt;PostgresFixture&gt;</c>), so that classes run in parallel
/// without seeing each other. Mark the tests with <see cref="PostgresFactAttribute"/>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;
    private NpgsqlDataSource? _dataSource;
    private string? _database;

    /// <summary>Connections to the class's database.</summary>
    public NpgsqlDataSource DataSource => _dataSource ?? throw Missing();

    /// <summary>The connection string, password included, for hosts that are given one.</summary>
    public string ConnectionString => Server.ConnectionStringTo(_database ?? throw Missing());

    /// <summary>The server, for tests that need databases of their own.</summary>
    public PostgresServer Server => _server ?? throw Missing();

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        // A fixture is made even when every test of its class is skipped.
        if (PostgresPrerequisite.SkipReason is null)
        {
            _server = await PostgresServer.SharedAsync();
            _database = await _server.CreateMigratedAsync();
            _dataSource = NpgsqlDataSource.Create(_server.ConnectionStringTo(_database));
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_dataSource is not null)
        {
            await _dataSource.DisposeAsync();
            await Server.DropAsync(_database!);
        }
    }

    private static InvalidOperationException Missing() =>
        new(PostgresPrerequisite.SkipReason ?? "The fixture was not initialised: use it through IClassFixture.");
}
