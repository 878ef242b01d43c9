using System.Data;
using Campaigns.Testing;

namespace Campaigns.Cluster.Tests.Sql;

/// <summary>The membership table's rules, straight in SQL: what Orleans relies on when silos decide at the same time.</summary>
public sealed class MembershipSqlTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private const int Active = 3;
    private const int Dead = 6;

    private static readonly DateTime Noon = new(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc);

    private readonly string _cluster = $"cluster-{Guid.NewGuid():N}";

    private StoredQueries Queries => new(fixture.DataSource);

    [PostgresFact]
    public async Task Keys_AreThoseThatTheProvidersLookUp()
    {
        string[] expected =
        [
            "CleanupDefunctSiloEntriesKey", "ClearStorageKey", "DeleteMembershipTableEntriesKey", "DeleteStorageKey", "GatewaysQueryKey", "InsertMembershipKey",
            "InsertMembershipVersionKey", "MembershipReadAllKey", "MembershipReadRowKey", "ReadFromStorageKey", "UpdateIAmAlivetimeKey", "UpdateMembershipKey",
            "WriteToStorageKey",
        ];
        Assert.Equal(expected, (await Queries.KeysAsync()).Order(StringComparer.Ordinal));
    }

    [PostgresFact]
    public async Task VersionRow_IsMadeOnceAndReadWithoutSilos()
    {
        Assert.True(await MakeAsync());
        Assert.False(await MakeAsync());
        var row = Assert.Single(await ReadAllAsync());
        Assert.Equal(0, row["Version"]);
        Assert.Null(row["StartTime"]);
        Assert.Equal(0, Assert.Single(await ReadAsync(11))["Version"]);
    }

    [PostgresFact]
    public async Task Join_OnTheVersionRead_RaisesItAndShowsTheWholeSilo()
    {
        await MakeAsync();
        Assert.True(await JoinAsync(11, version: 0));
        var row = Assert.Single(await ReadAsync(11));
        Assert.Equal(1, row["Version"]);
        Assert.Equal("10.0.0.1", row["Address"]);
        Assert.Equal(11, row["Port"]);
        Assert.Equal(7, row["Generation"]);
        Assert.Equal("silo-11", row["SiloName"]);
        Assert.Equal("host", row["HostName"]);
        Assert.Equal(Active, row["Status"]);
        Assert.Equal(1011, row["ProxyPort"]);
        Assert.Null(row["SuspectTimes"]);
        Assert.Equal(Noon, row["StartTime"]);
        Assert.Equal(Noon, row["IAmAliveTime"]);
    }

    [PostgresFact]
    public async Task Join_OnAnOldVersionOrTwice_ChangesNothing()
    {
        await MakeAsync();
        Assert.True(await JoinAsync(11, version: 0));
        Assert.False(await JoinAsync(12, version: 0));
        Assert.False(await JoinAsync(11, version: 1));
        Assert.Equal(1, Assert.Single(await ReadAllAsync())["Version"]);
    }

    [PostgresFact]
    public async Task Join_WhenManyDecideOnOneVersion_LetsOneIn()
    {
        await MakeAsync();
        for (var version = 0; version < 5; version++)
        {
            var joined = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => JoinAsync(100 + (20 * version) + i, version)));
            Assert.Single(joined, won => won);
        }

        var rows = await ReadAllAsync();
        Assert.Equal(5, rows.Count);
        Assert.All(rows, row => Assert.Equal(5, row["Version"]));
    }

    [PostgresFact]
    public async Task Suspicion_WhenTwoWriteOnOneVersion_KeepsOneOfThem()
    {
        await MakeAsync();
        await JoinAsync(11, version: 0);
        var written = await Task.WhenAll(UpdateAsync(11, version: 1, Active, "a"), UpdateAsync(11, version: 1, Dead, "b"));
        Assert.Single(written, won => won);
        Assert.Equal(written[0] ? "a" : "b", Assert.Single(await ReadAsync(11))["SuspectTimes"]);
        Assert.False(await UpdateAsync(11, version: 1, Dead, "late"));
        Assert.False(await UpdateAsync(12, version: 2, Dead, "nobody"));
        Assert.Equal(2, Assert.Single(await ReadAsync(11))["Version"]);
    }

    [PostgresFact]
    public async Task SignOfLife_ChangesItsSiloAloneAndNotTheVersion()
    {
        await MakeAsync();
        await JoinAsync(11, version: 0);
        await JoinAsync(12, version: 1);
        await Queries.RunAsync("UpdateIAmAlivetimeKey", [.. Silo(12), ("IAmAliveTime", Noon.AddMinutes(1), DbType.DateTime)]);
        Assert.Equal((Noon, 2), Read(Assert.Single(await ReadAsync(11))));
        Assert.Equal((Noon.AddMinutes(1), 2), Read(Assert.Single(await ReadAsync(12))));

        static (object?, object?) Read(IReadOnlyDictionary<string, object?> row) => (row["IAmAliveTime"], row["Version"]);
    }

    [PostgresFact]
    public async Task Gateways_AreActiveSilosThatHaveOne()
    {
        await MakeAsync();
        await JoinAsync(11, version: 0);
        await JoinAsync(12, version: 1, proxy: 0);
        await JoinAsync(13, version: 2);
        await UpdateAsync(13, version: 3, Dead, suspects: null);
        var gateway = Assert.Single(await Queries.RunAsync("GatewaysQueryKey", Cluster, ("Status", Active, DbType.Int32)));
        Assert.Equal(("10.0.0.1", 1011, 7), (gateway["Address"], gateway["ProxyPort"], gateway["Generation"]));
    }

    [PostgresFact]
    public async Task Cleanup_RemovesWhoIsLongDead_AndDeleteTheWholeClusterAlone()
    {
        await MakeAsync();
        await JoinAsync(11, version: 0);
        await JoinAsync(12, version: 1);
        await JoinAsync(13, version: 2);
        await UpdateAsync(12, version: 3, Dead, suspects: null);
        await UpdateAsync(13, version: 4, Dead, suspects: null);
        await Queries.RunAsync("UpdateIAmAlivetimeKey", [.. Silo(13), ("IAmAliveTime", Noon.AddHours(2), DbType.DateTime)]);
        await Queries.RunAsync("CleanupDefunctSiloEntriesKey", Cluster, ("IAmAliveTime", Noon.AddHours(1), DbType.DateTime));
        Assert.Equal([11, 13], (await ReadAllAsync()).Select(row => (int)row["Port"]!).Order());

        var other = new MembershipSqlTests(fixture);
        await other.MakeAsync();
        await other.JoinAsync(11, version: 0);
        await Queries.RunAsync("DeleteMembershipTableEntriesKey", Cluster);
        Assert.Empty(await ReadAllAsync());
        Assert.Single(await other.ReadAllAsync());
    }

    private (string, object?, DbType) Cluster => ("DeploymentId", _cluster, DbType.String);

    private (string, object?, DbType)[] Silo(int port)
        => [Cluster, ("Address", "10.0.0.1", DbType.String), ("Port", port, DbType.Int32), ("Generation", 7, DbType.Int32)];

    private Task<bool> MakeAsync() => Queries.ScalarAsync<bool>("InsertMembershipVersionKey", Cluster);

    private Task<bool> JoinAsync(int port, int version, int? proxy = null) => Queries.ScalarAsync<bool>(
        "InsertMembershipKey",
        [
            .. Silo(port),
            ("IAmAliveTime", Noon, DbType.DateTime), ("SiloName", $"silo-{port}", DbType.String), ("HostName", "host", DbType.String),
            ("StartTime", Noon, DbType.DateTime), ("Status", Active, DbType.Int32), ("ProxyPort", proxy ?? 1000 + port, DbType.Int32),
            ("Version", version, DbType.Int32),
        ]);

    private Task<bool> UpdateAsync(int port, int version, int status, string? suspects) => Queries.ScalarAsync<bool>(
        "UpdateMembershipKey",
        [
            .. Silo(port),
            ("IAmAliveTime", Noon, DbType.DateTime), ("Status", status, DbType.Int32), ("SuspectTimes", suspects, DbType.String),
            ("Version", version, DbType.Int32),
        ]);

    private Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ReadAsync(int port) => Queries.RunAsync("MembershipReadRowKey", Silo(port));

    private Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ReadAllAsync() => Queries.RunAsync("MembershipReadAllKey", Cluster);
}
