using Npgsql;

namespace Campaigns.Benchmarks.Bed;

/// <summary>One suite's database.</summary>
internal sealed class BenchDatabase(string connectionString, NpgsqlDataSource source) : IAsyncDisposable
{
    public string ConnectionString => connectionString;

    public NpgsqlDataSource Source => source;

    public async Task<int> ExecuteAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>What autovacuum does within a minute, and a checkpoint out of the way: before each timed run.</summary>
    public async Task SettleAsync()
    {
        await ExecuteAsync("VACUUM (ANALYZE)");
        await ExecuteAsync("CHECKPOINT");
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = source.CreateCommand(sql);
        command.CommandTimeout = 300;
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }
}
