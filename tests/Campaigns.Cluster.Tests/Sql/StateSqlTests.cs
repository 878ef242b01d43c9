using System.Data;
using System.Text;
using Campaigns.Testing;
using Npgsql;

namespace Campaigns.Cluster.Tests.Sql;

/// <summary>Grain state, straight in SQL: one row per identity, written only by who read its version.</summary>
public sealed class StateSqlTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private readonly string _service = $"service-{Guid.NewGuid():N}";

    private StoredQueries Queries => new(fixture.DataSource);

    [PostgresFact]
    public async Task Write_FromTheVersionRead_CountsUp()
    {
        var id = new Identity(1, 2, null);
        Assert.Empty(await ReadAsync(id));
        Assert.Equal(1, await WriteAsync(id, version: null, "a"));
        Assert.Equal(2, await WriteAsync(id, version: 1, "b"));
        Assert.Equal(("b", 2), await OneAsync(id));
    }

    [PostgresFact]
    public async Task Write_FromAnotherVersionOrAsFirstAgain_WritesNothing()
    {
        var id = new Identity(1, 2, "ext");
        await WriteAsync(id, version: null, "a");
        await WriteAsync(id, version: 1, "b");
        Assert.Null(await WriteAsync(id, version: null, "first again"));
        Assert.Null(await WriteAsync(id, version: 1, "stale"));
        Assert.Null(await WriteAsync(id, version: 3, "ahead"));
        Assert.Null(await WriteAsync(new Identity(9, 9, null), version: 1, "nobody"));
        Assert.Equal(("b", 2), await OneAsync(id));
    }

    [PostgresFact]
    public async Task Write_WhenManyActivationsWriteAtOnce_LetsOneThroughAtEachVersion()
    {
        var id = new Identity(0, 0, "shared");
        foreach (var version in new int?[] { null, 1, 2, 3 })
        {
            var written = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => WriteAsync(id, version, $"{i}")));
            Assert.Equal((version ?? 0) + 1, Assert.Single(written, next => next is not null));
        }
    }

    [PostgresFact]
    public async Task Identities_DoNotMix()
    {
        Identity[] ids = [new(1, 2, null), new(2, 1, null), new(1, 2, "x"), new(0, 0, "x"), new(0, 0, "X"), new(0, 0, null), new(-1, long.MaxValue, null)];
        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
        {
            Assert.Equal(1, await WriteAsync(id, version: null, $"{i}"));
            Assert.Equal(1, await WriteAsync(id, version: null, $"type {i}", type: "other"));
        }

        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
        {
            Assert.Equal(($"{i}", 1), await OneAsync(id));
        }

        Assert.Empty(await new StateSqlTests(fixture).ReadAsync(ids[0]));
    }

    [PostgresFact]
    public async Task SecondRow_OfOneIdentity_IsRefusedByTheTable()
    {
        const string Insert =
            "INSERT INTO orleans_grain_states (service_id, grain_type, id_n0, id_n1, id_extension, version) VALUES ($1, 'campaign', 1, 2, '', 1)";
        await using var command = fixture.DataSource.CreateCommand(Insert);
        command.Parameters.Add(new NpgsqlParameter { Value = _service });
        await command.ExecuteNonQueryAsync();
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.UniqueViolation, refusal.SqlState);
    }

    [PostgresFact]
    public async Task Clear_KeepsTheVersionsGoing_AndDeleteForgetsThem()
    {
        var id = new Identity(3, 4, null);
        await WriteAsync(id, version: null, "a");
        Assert.Empty(await Queries.RunAsync("ClearStorageKey", [.. Key(id), Version(7)]));
        Assert.Equal(2, await Queries.ScalarAsync<int>("ClearStorageKey", [.. Key(id), Version(1)]));
        Assert.Equal((null, 2), await OneAsync(id));

        // Who read it before it was cleared must not bring it back.
        Assert.Null(await WriteAsync(id, version: 1, "stale"));
        Assert.Equal(3, await WriteAsync(id, version: 2, "b"));
        Assert.Empty(await Queries.RunAsync("DeleteStorageKey", [.. Key(id), Version(2)]));
        Assert.Equal(4, await Queries.ScalarAsync<int>("DeleteStorageKey", [.. Key(id), Version(3)]));
        Assert.Empty(await ReadAsync(id));
    }

    private static (string, object?, DbType) Version(int? version) => ("GrainStateVersion", version, DbType.Int32);

    private (string, object?, DbType)[] Key(Identity id, string type = "campaign") =>
    [
        ("GrainIdHash", id.GetHashCode(), DbType.Int32), ("GrainIdN0", id.N0, DbType.Int64), ("GrainIdN1", id.N1, DbType.Int64),
        ("GrainTypeHash", 5, DbType.Int32), ("GrainTypeString", type, DbType.String), ("GrainIdExtensionString", id.Extension, DbType.String),
        ("ServiceId", _service, DbType.String),
    ];

    private async Task<int?> WriteAsync(Identity id, int? version, string payload, string type = "campaign")
    {
        var rows = await Queries.RunAsync(
            "WriteToStorageKey", [.. Key(id, type), Version(version), ("PayloadBinary", Encoding.UTF8.GetBytes(payload), DbType.Binary)]);
        return rows.Count == 0 ? null : (int?)Assert.Single(rows)["NewGrainStateVersion"];
    }

    private Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ReadAsync(Identity id) => Queries.RunAsync("ReadFromStorageKey", Key(id));

    private async Task<(string? Payload, int Version)> OneAsync(Identity id)
    {
        var row = Assert.Single(await ReadAsync(id));
        return (row["PayloadBinary"] is byte[] payload ? Encoding.UTF8.GetString(payload) : null, (int)row["Version"]!);
    }

    private sealed record Identity(long N0, long N1, string? Extension);
}
