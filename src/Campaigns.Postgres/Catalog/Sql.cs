using System.Collections.Immutable;
using System.Text.Json;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Catalog;

/// <summary>The few things every query here does.</summary>
internal static class Sql
{
    internal static NpgsqlCommand Text(this NpgsqlCommand command, string name, string? value)
        => command.Add(name, NpgsqlDbType.Text, value);

    internal static NpgsqlCommand Jsonb(this NpgsqlCommand command, string name, string? value)
        => command.Add(name, NpgsqlDbType.Jsonb, value);

    internal static NpgsqlCommand Uuid(this NpgsqlCommand command, string name, Guid? value)
        => command.Add(name, NpgsqlDbType.Uuid, value);

    internal static NpgsqlCommand At(this NpgsqlCommand command, string name, DateTimeOffset? value)
        => command.Add(name, NpgsqlDbType.TimestampTz, value?.ToUniversalTime());

    internal static NpgsqlCommand Number(this NpgsqlCommand command, string name, long? value)
        => command.Add(name, NpgsqlDbType.Bigint, value);

    /// <summary>The page's own parameters: <c>@limit</c> (one row more than asked for), <c>@order</c>, <c>@tie</c>.</summary>
    internal static NpgsqlCommand Page(this NpgsqlCommand command, PageRequest page)
        => command.Number("limit", page.Limit + 1).Number("order", page.After?.Order).Uuid("tie", page.After?.Tie);

    internal static NpgsqlCommand Add(this NpgsqlCommand command, string name, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
        return command;
    }

    internal static async Task<T?> SingleAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? read(reader) : null;
    }

    internal static async Task<ImmutableArray<T>> ListAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows.ToImmutable();
    }

    /// <summary>Reads one row more than asked for: if it is there, another page follows.</summary>
    internal static async Task<Page<T>> PageAsync<T>(
        this NpgsqlCommand command,
        PageRequest page,
        Func<NpgsqlDataReader, T> read,
        Func<T, PageKey> key,
        CancellationToken cancellationToken)
    {
        var rows = await command.ListAsync(read, cancellationToken);
        return rows.Length > page.Limit
            ? new Page<T>(rows[..page.Limit], key(rows[page.Limit - 1]))
            : new Page<T>(rows, null);
    }

    internal static PageKey KeyOf(DateTimeOffset at, Guid id) => new((at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, id);

    internal static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    internal static int? IntOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    internal static Guid? UuidOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);

    internal static DateTimeOffset At(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    internal static DateTimeOffset? AtOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.At(column);

    /// <summary>A flat JSON object as texts: whatever is not a string keeps its JSON form.</summary>
    internal static ImmutableDictionary<string, string> Fields(this NpgsqlDataReader reader, int column)
    {
        using var document = JsonDocument.Parse(reader.GetString(column));
        return document.RootElement.EnumerateObject().ToImmutableDictionary(member => member.Name, member => member.Value.ToString());
    }
}
