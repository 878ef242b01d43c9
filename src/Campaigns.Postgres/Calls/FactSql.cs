using Campaigns.Calls;
using Npgsql;

namespace Campaigns.Postgres.Calls;

/// <summary>Reads facts. <c>memory_facts.fact</c> holds <c>key: value</c>, as prompts write them.</summary>
internal static class FactSql
{
    internal const string Columns =
        "f.id, f.key, substr(f.fact, length(f.key) + 3), f.confidence, f.session_id, f.turn_position, f.created_at, f.valid_until";

    internal static MemoryFact Read(NpgsqlDataReader row, int first = 0) => new(
        row.GetGuid(first),
        row.GetString(first + 1),
        row.GetString(first + 2),

        // A real: 0.9 would come back as 0.8999999761581421.
        Math.Round(row.GetFloat(first + 3), 4),
        row.IsDBNull(first + 4) ? null : row.GetGuid(first + 4),
        row.IsDBNull(first + 5) ? null : row.GetInt32(first + 5),
        row.Time(first + 6),
        row.IsDBNull(first + 7) ? null : row.GetFieldValue<DateOnly>(first + 7));
}
