using System.Collections.Immutable;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Catalog;

internal sealed partial class CampaignCatalog
{
    // A dial of the last minute is either still live or ended within it: both are index reads, however long the campaign's history.
    private const string OverviewSql = """
        SELECT c.id, c.name, c.status, c.pause_reason, c.total_count, c.started_at, c.finished_at,
          CASE WHEN c.lease_until > @now THEN c.lease_owner END,
          coalesce(n.pending, 0), coalesce(n.in_flight, 0), coalesce(n.completed, 0), coalesce(n.no_answer, 0), coalesce(n.failed, 0),
          coalesce(n.skipped, 0), coalesce(n.cancelled, 0), coalesce(n.dispatched, 0),
          extract(epoch FROM coalesce(n.ran_before, interval '0') + coalesce(greatest(@now - c.running_since, interval '0'), interval '0'))::float8,
          (SELECT count(*) FROM sessions s WHERE s.campaign = c.id AND s.state <> 'ENDED' AND s.started_at > @now - interval '1 minute')
          + (SELECT count(*) FROM sessions s WHERE s.campaign = c.id AND s.state = 'ENDED' AND s.ended_at > @now - interval '1 minute'
              AND s.started_at > @now - interval '1 minute' AND s.outcome <> 'NOT_PLACED'),
          (SELECT min(k.due_at) FROM campaign_contacts k WHERE k.campaign_id = c.id AND k.status = 'PENDING'),
          v.conversations, v.opt_outs, v.callbacks, v.recordings, v.first_audio_p95
        FROM campaigns c LEFT JOIN campaign_counters n ON n.campaign_id = c.id
        CROSS JOIN LATERAL (
          SELECT (count(*) FILTER (WHERE s.conversation_outcome = 'COMPLETED'))::int AS conversations,
            (count(*) FILTER (WHERE s.opted_out))::int AS opt_outs,
            count(s.callback_at)::int AS callbacks,
            count(s.recording_file)::int AS recordings,
            percentile_disc(0.95) WITHIN GROUP (ORDER BY s.first_audio_ms) AS first_audio_p95
          FROM sessions s WHERE s.campaign = c.id AND s.media_begun_at IS NOT NULL) v
        WHERE c.organization_id = @organization AND c.id = @id
        """;

    private const string BreakdownSql = """
        SELECT outcome, disposition, count(*)::int, sum(attempts)::int
        FROM campaign_contacts WHERE campaign_id = @id AND organization_id = @organization
        GROUP BY outcome, disposition
        """;

    public async Task<CampaignOverview?> GetOverviewAsync(Guid organizationId, Guid campaignId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var breakdown = database.CreateCommand(BreakdownSql);
        breakdown.Uuid("organization", organizationId).Uuid("id", campaignId);
        var groups = await breakdown.ListAsync(
            row => (Outcome: row.TextOrNull(0), Disposition: row.TextOrNull(1), Count: row.GetInt32(2), Attempts: row.GetInt32(3)), cancellationToken);

        await using var command = database.CreateCommand(OverviewSql);
        command.Uuid("organization", organizationId).Uuid("id", campaignId).At("now", now);
        var overview = await command.SingleAsync(
            row => ReadOverview(
                row,
                now,
                Sum(groups.Where(group => group.Outcome is not null).Select(group => (group.Outcome!, group.Count))),
                Sum(groups.Where(group => group.Disposition is not null).Select(group => (group.Disposition!, group.Count))),
                groups.Sum(group => group.Attempts)),
            cancellationToken);
        return overview is { Status: CampaignStatus.Running }
            ? overview with { Permits = await GetPermitsAsync(organizationId, campaignId, now, cancellationToken) }
            : overview;
    }

    private static CampaignOverview ReadOverview(
        NpgsqlDataReader row,
        DateTimeOffset now,
        ImmutableSortedDictionary<string, int> outcomes,
        ImmutableSortedDictionary<string, int> dispositions,
        int attempts)
    {
        var dispatched = row.GetInt64(15);
        var minutes = row.GetDouble(16) / 60;
        var due = row.AtOrNull(18);
        return new CampaignOverview(
            row.GetGuid(0),
            row.GetString(1),
            EnumText.Parse<CampaignStatus>(row.GetString(2)),
            row.TextOrNull(3),
            now,
            new CampaignFunnel(
                row.GetInt32(4),
                row.GetInt32(8),
                row.GetInt32(9),
                row.GetInt32(10),
                row.GetInt32(11),
                row.GetInt32(12),
                row.GetInt32(13),
                row.GetInt32(14)),
            outcomes,
            dispositions,
            attempts,
            dispatched,
            (int)row.GetInt64(17),
            minutes > 0 ? Math.Round(dispatched / minutes, 2) : 0,
            row.GetInt32(9),
            due is { } at ? Math.Max(0, Math.Round((at - now).TotalSeconds, 3)) : null,
            row.TextOrNull(7),
            row.AtOrNull(5),
            row.AtOrNull(6),
            row.GetInt32(19),
            row.GetInt32(20),
            row.GetInt32(21),
            row.GetInt32(22),
            row.IntOrNull(23));
    }

    private static ImmutableSortedDictionary<string, int> Sum(IEnumerable<(string Key, int Count)> groups)
        => groups.GroupBy(group => group.Key).ToImmutableSortedDictionary(group => group.Key, group => group.Sum(part => part.Count), StringComparer.Ordinal);
}
