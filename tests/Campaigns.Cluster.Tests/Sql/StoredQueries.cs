using System.Data;
using Npgsql;

namespace Campaigns.Cluster.Tests.Sql;

/// <summary>Runs the stored statements as Orleans' providers do: by key, with typed parameters by name, unused ones included.</summary>
internal sealed class StoredQueries(NpgsqlDataSource database)
{
    /// <summary>Every row, with columns by the names the providers read.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> RunAsync(string key, params (string Name, object? Value, DbType Type)[] parameters)
    {
        await using var command = database.CreateCommand(await TextAsync(key));
        foreach (var (name, value, type) in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { ParameterName = name, Value = value ?? DBNull.Value, DbType = type });
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        while (await reader.ReadAsync())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount)
                .ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i), StringComparer.Ordinal));
        }

        return rows;
    }

    /// <summary>The one value of the one row.</summary>
    public async Task<T> ScalarAsync<T>(string key, params (string Name, object? Value, DbType Type)[] parameters)
        => (T)Assert.Single(Assert.Single(await RunAsync(key, parameters)).Values)!;

    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        // As the providers ask.
        await using var command = database.CreateCommand("SELECT QueryKey, QueryText FROM OrleansQuery");
        await using var reader = await command.ExecuteReaderAsync();
        var keys = new List<string>();
        while (await reader.ReadAsync())
        {
            Assert.NotEmpty(reader.GetString(reader.GetOrdinal("QueryText")));
            keys.Add(reader.GetString(reader.GetOrdinal("QueryKey")));
        }

        return keys;
    }

    private async Task<string> TextAsync(string key)
    {
        await using var command = database.CreateCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = key });
        return Assert.IsType<string>(await command.ExecuteScalarAsync());
    }
}
