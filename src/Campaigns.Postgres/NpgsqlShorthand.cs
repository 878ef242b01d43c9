using System.Runtime.CompilerServices;
using Npgsql;

namespace Campaigns.Postgres;

/// <summary>Positional parameters and typed reads without ceremony.</summary>
internal static class NpgsqlShorthand
{
    /// <summary>Adds the next positional parameter without boxing it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NpgsqlCommand Add<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>Adds the next positional parameter, null allowed.</summary>
    public static NpgsqlCommand AddOrNull(this NpgsqlCommand command, object? value, NpgsqlTypes.NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        return command;
    }

    /// <summary>Adds a command with positional parameters; a null is typed by the server.</summary>
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        batch.BatchCommands.Add(command);
        return command;
    }

    public static DateTimeOffset Time(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int column)
        => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
