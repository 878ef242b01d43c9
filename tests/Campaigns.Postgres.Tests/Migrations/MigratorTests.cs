using Campaigns.Postgres.Migrations;
using Campaigns.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Campaigns.Postgres.Tests.Migrations;

public sealed class MigratorTests : IAsyncLifetime
{
    private static readonly MigrationScript First = new(1, "people", "CREATE TABLE people (name text); INSERT INTO people VALUES ('Asha');");

    private static readonly MigrationScript Second = new(
        2,
        "count",
        """
        -- A body with semicolons, which must not be taken apart.
        CREATE FUNCTION head_count() RETURNS bigint LANGUAGE plpgsql AS $$
        BEGIN
            RETURN (SELECT count(*) FROM people);
        END;
        $$;
        INSERT INTO people VALUES ('Ravi; the second');
        """);

    private PostgresServer? _server;
    private NpgsqlDataSource? _dataSource;
    private string? _database;

    public async Task InitializeAsync()
    {
        if (PostgresPrerequisite.SkipReason is null)
        {
            _server = await PostgresServer.SharedAsync();
            _database = await _server.CreateEmptyAsync();
            _dataSource = NpgsqlDataSource.Create(_server.ConnectionStringTo(_database));
        }
    }

    public async Task DisposeAsync()
    {
        if (_dataSource is not null)
        {
            await _dataSource.DisposeAsync();
            await _server!.DropAsync(_database!);
        }
    }

    [PostgresFact]
    public async Task MigrateAsync_WhenRunTwice_AppliesEachScriptOnceAndInOrder()
    {
        Assert.Equal([1, 2], await MigrateAsync(Second, First));
        Assert.Empty(await MigrateAsync(First, Second));

        Assert.Equal(2L, await ScalarAsync("SELECT head_count()"));
        Assert.Equal("1 people,2 count", await ScalarAsync("SELECT string_agg(version || ' ' || name, ',' ORDER BY version) FROM schema_migrations"));
        Assert.Equal(First.Checksum, await ScalarAsync("SELECT checksum FROM schema_migrations WHERE version = 1"));
    }

    [PostgresFact]
    public async Task MigrateAsync_WhenAScriptIsAddedLater_AppliesOnlyThat()
    {
        await MigrateAsync(First);

        Assert.Equal([2], await MigrateAsync(First, Second));
    }

    [PostgresFact]
    public async Task MigrateAsync_WhenEightHostsStartAtOnce_AppliesEachScriptOnce()
    {
        MigrationScript[] scripts =
        [
            First,
            Second,
            .. Enumerable.Range(3, 10).Select(version => new MigrationScript(version, "more", $"INSERT INTO people VALUES ('{version}')")),
        ];

        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => MigrateAsync(scripts))));

        Assert.Equal(Enumerable.Range(1, 12), applied.SelectMany(versions => versions).Order());
        Assert.Equal(12L, await ScalarAsync("SELECT head_count()"));
    }

    [PostgresFact]
    public async Task MigrateAsync_WhenTheDatabaseIsNewer_RefusesAndNamesBothVersions()
    {
        await MigrateAsync(First, Second);

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(First));

        Assert.Equal(MigrationFailure.DatabaseNewer, refusal.Failure);
        Assert.Contains("version 2 (count), newer than version 1", refusal.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task MigrateAsync_WhenAnAppliedScriptChanged_NamesItAndAppliesNothing()
    {
        await MigrateAsync(First);

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(new MigrationScript(1, "people", First.Sql + " SELECT 1"), Second));

        Assert.Equal(MigrationFailure.ScriptChanged, refusal.Failure);
        Assert.Contains("0001_people.sql", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM schema_migrations"));
    }

    [PostgresFact]
    public async Task MigrateAsync_WhenOnlyLineEndingsDiffer_TakesTheScriptForTheSame()
    {
        await MigrateAsync(First, Second);

        Assert.Empty(await MigrateAsync(First, new MigrationScript(2, "count", Second.Sql.ReplaceLineEndings("\r\n") + "\r\n")));
    }

    [PostgresFact]
    public async Task MigrateAsync_WhenAScriptComesBelowAnAppliedOne_Refuses()
    {
        await MigrateAsync(First, new MigrationScript(3, "third", "SELECT 1"));

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(First, Second, new MigrationScript(3, "third", "SELECT 1")));

        Assert.Equal(MigrationFailure.OutOfOrder, refusal.Failure);
        Assert.Contains("0002_count.sql", refusal.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task MigrateAsync_WhenAStatementFails_RollsItsScriptBackAndKeepsTheEarlierOnes()
    {
        var broken = new MigrationScript(2, "broken", "CREATE TABLE half (id int); INSERT INTO nowhere VALUES (1);");

        var failure = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(First, broken));

        Assert.Equal(MigrationFailure.ScriptFailed, failure.Failure);
        Assert.Contains("0002_broken.sql", failure.Message, StringComparison.Ordinal);
        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
        Assert.True((bool)(await ScalarAsync("SELECT to_regclass('half') IS NULL"))!);
        Assert.Equal([2], await MigrateAsync(First, Second));
    }

    [PostgresFact]
    public async Task MigrateAsync_WhenCancelledWhileAnotherHostHoldsTheLock_EndsAtOnce()
    {
        await using var other = await _dataSource!.OpenConnectionAsync();
        await using var hold = new NpgsqlCommand($"SELECT pg_advisory_lock({0x63616D706169676E})", other);
        await hold.ExecuteNonQueryAsync();
        using var cancellation = new CancellationTokenSource();

        var migration = Migrator(First).MigrateAsync(cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => migration.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True((bool)(await ScalarAsync("SELECT to_regclass('schema_migrations') IS NULL"))!);
    }

    [Fact]
    public void Embedded_WhenRead_IsOrderedAndFreeOfDoubles()
    {
        var versions = MigrationScripts.Embedded.Select(script => script.Version).ToList();

        Assert.Equal(versions.Distinct().Order(), versions);
    }

    [Fact]
    public void Constructor_WhenTwoScriptsShareAVersion_NamesBoth()
    {
        using var dataSource = NpgsqlDataSource.Create("Host=127.0.0.1");
        var error = Assert.Throws<InvalidOperationException>(
            () => new Migrator(dataSource, [First, new MigrationScript(1, "other", "")], NullLogger<Migrator>.Instance));

        Assert.Contains("0001_people.sql and 0001_other.sql", error.Message, StringComparison.Ordinal);
    }

    private Migrator Migrator(params MigrationScript[] scripts) => new(_dataSource!, scripts, NullLogger<Migrator>.Instance);

    private Task<IReadOnlyList<int>> MigrateAsync(params MigrationScript[] scripts) => Migrator(scripts).MigrateAsync(CancellationToken.None);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _dataSource!.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
