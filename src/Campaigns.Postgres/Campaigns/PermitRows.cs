using System.Collections.Immutable;
using Campaigns.Domain.Pacing;
using Npgsql;

namespace Campaigns.Postgres.Campaigns;

/// <summary>The tree of permits as the tables have it: what a claim decides by, and what operators are told.</summary>
internal static class PermitRows
{
    /// <summary>The account's own figures, after <c>a</c>.</summary>
    public const string AccountColumns =
        """
        a.id, a.calls_per_minute, a.next_slot_at, a.open_slots, a.rate_factor, a.throttled_at, a.blocked_until,
               a.max_concurrent, a.inbound_reserve, a.model_lines, a.model_refused_at, a.share_clock
        """;

    /// <summary>How many columns those are.</summary>
    public const int AccountWidth = 12;

    /// <summary>
    /// The campaigns of an account that hold or want something, the asking one in any case: $1 campaign, $2 now. Inbound calls are counted
    /// from their sessions, those of the whole account only where it has a limit.
    /// </summary>
    public const string Nodes =
        """
        SELECT k.campaign_id, k.organization_id, k.weight, o.weight, o.max_concurrent, o.inbound_reserve, k.in_flight,
               CASE WHEN k.wanted_until > $2 THEN k.wanted_lines ELSE 0 END,
               CASE WHEN k.wanted_until > $2 THEN k.wanted_slots ELSE 0 END,
               CASE WHEN k.wanted_until > $2 THEN k.wanted_promised ELSE 0 END,
               k.share_clock,
               (SELECT count(*)::int FROM sessions s
                WHERE s.organization_id = k.organization_id AND s.direction = 'INBOUND' AND s.state <> 'ENDED'),
               CASE WHEN k.campaign_id = $1 AND coalesce(a.max_concurrent, a.model_lines) IS NOT NULL THEN
                 (SELECT count(*)::int FROM sessions s JOIN organizations x ON x.id = s.organization_id
                  WHERE x.carrier_account_id = a.id AND s.direction = 'INBOUND' AND s.state <> 'ENDED')
               ELSE 0 END
        FROM carrier_accounts a
        JOIN organizations o ON o.carrier_account_id = a.id
        JOIN campaign_counters k ON k.organization_id = o.id AND k.live
        WHERE a.id = (SELECT y.carrier_account_id FROM campaigns c JOIN organizations y ON y.id = c.organization_id WHERE c.id = $1)
          AND (k.in_flight > 0 OR k.wanted_until > $2 OR k.campaign_id = $1)
        """;

    /// <summary>Reads <see cref="AccountColumns"/> from a column on. Its inbound calls come with the nodes.</summary>
    public static AccountPermits ReadAccount(NpgsqlDataReader reader, int first, DateTimeOffset now) => new()
    {
        CallsPerMinute = reader.GetInt32(first + 1),
        NextSlotAt = reader.TimeOrNull(first + 2),
        OpenSlots = ImmutableArray.Create(reader.GetFieldValue<DateTimeOffset[]>(first + 3)),
        RateFactor = RateBackoff.Current(reader.GetDouble(first + 4), reader.TimeOrNull(first + 5), now),
        BlockedUntil = reader.TimeOrNull(first + 6),
        MaxConcurrent = reader.IsDBNull(first + 7) ? null : reader.GetInt32(first + 7),
        InboundReserve = reader.GetInt32(first + 8),
        ModelLines = LineBackoff.Current(
            reader.IsDBNull(first + 9) ? null : reader.GetInt32(first + 9), reader.TimeOrNull(first + 10), now),
        Clock = reader.GetDouble(first + 11),
    };

    /// <summary>Reads a row of <see cref="Nodes"/>.</summary>
    /// <returns>The node, and the account's live inbound calls if the row is the asking campaign's.</returns>
    public static (PermitNode Node, int Inbound) ReadNode(NpgsqlDataReader reader) => (
        new PermitNode
        {
            CampaignId = reader.GetGuid(0),
            OrganizationId = reader.GetGuid(1),
            Weight = reader.GetInt32(2),
            OrganizationWeight = reader.GetInt32(3),
            OrganizationLines = PermitTree.OutboundLines(reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(11)),
            InFlight = reader.GetInt32(6),
            WantedLines = reader.GetInt32(7),
            WantedSlots = reader.GetInt32(8),
            WantedPromised = reader.GetInt32(9),
            Clock = reader.GetDouble(10),
        },
        reader.GetInt32(12));
}
