using Campaigns.Calls;
using Campaigns.Postgres.Calls;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Catalog;

/// <summary>Reads calls.</summary>
internal static class SessionSql
{
    internal const string Columns = """
        id, attempt, state, outcome, carrier_sid, started_at, answered_at, ended_at, extract(epoch FROM duration)::float8, recording_url, detail,
        direction, phone, agent_id, campaign, campaign_contact_id, contact_id,
        disposition, disposition_notes, disposition_fields::text, callback_at, callback_spoken, handoff_reason, opted_out, machine, message_left,
        first_audio_ms, media_begun_at, conversation_ended_at, conversation_outcome, conversation_end, conversation_detail, underruns,
        usage::text, cost_micro_dollars, recording_file IS NOT NULL
        """;

    internal static SessionDetails Read(NpgsqlDataReader row)
        => new(
            row.GetGuid(0),
            row.GetInt32(1),
            EnumText.Parse<SessionState>(row.GetString(2)),
            Choice<CallOutcome>(row, 3),
            row.TextOrNull(4),
            row.At(5),
            row.AtOrNull(6),
            row.AtOrNull(7),
            row.IsDBNull(8) ? null : row.GetDouble(8),
            row.TextOrNull(9),
            row.TextOrNull(10),
            EnumText.Parse<CallDirection>(row.GetString(11)),
            row.GetString(12),
            row.GetGuid(13),
            row.UuidOrNull(14),
            row.UuidOrNull(15),
            row.UuidOrNull(16),
            row.TextOrNull(17),
            row.TextOrNull(18),
            row.Fields(19),
            row.AtOrNull(20),
            row.TextOrNull(21),
            row.TextOrNull(22),
            row.GetBoolean(23),
            Choice<MachineKind>(row, 24),
            row.GetBoolean(25),
            row.IntOrNull(26),
            row.AtOrNull(27) is { } begun ? ReadConversation(row, begun) : null,
            row.TextOrNull(33) is { } usage ? UsageJson.Read(usage) : null,
            row.IsDBNull(34) ? null : row.GetInt64(34),
            row.GetBoolean(35));

    private static ConversationDetails ReadConversation(NpgsqlDataReader row, DateTimeOffset begun)
        => new(begun, row.AtOrNull(28), Choice<CallOutcome>(row, 29), Choice<CallEndKind>(row, 30), row.TextOrNull(31), row.IntOrNull(32));

    private static T? Choice<T>(NpgsqlDataReader row, int column)
        where T : struct, Enum
        => row.TextOrNull(column) is { } text ? EnumText.Parse<T>(text) : null;
}
