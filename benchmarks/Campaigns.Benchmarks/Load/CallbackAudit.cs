using Campaigns.Benchmarks.Bed;

namespace Campaigns.Benchmarks.Load;

/// <summary>What PostgreSQL says of the callbacks that were taken.</summary>
internal static class CallbackAudit
{
    /// <summary>How many accepted callbacks have not had their effect, or have had it more than once.</summary>
    /// <remarks>
    /// Every session whose end was taken is ENDED with that outcome, its contact moved on and its decision logged once; every other whose answer was
    /// taken is ANSWERED, unless its end was sent, too: what is not answered may have been taken all the same. And the counters of each campaign are
    /// what its rows come to.
    /// </remarks>
    public static async Task<int> CountLostAsync(
        BenchDatabase database, IReadOnlyList<Callback> plan, IReadOnlyList<bool> accepted, IReadOnlyList<Guid> campaigns, CancellationToken cancellationToken)
    {
        var sessions = await SessionsAsync(database, campaigns, cancellationToken);
        var wrong = 0;
        foreach (var sent in plan.Select((callback, i) => (Callback: callback, Accepted: accepted[i])).GroupBy(sent => sent.Callback.Call.SessionId))
        {
            var (state, end) = (sessions[sent.Key], sent.FirstOrDefault(s => s.Callback.Terminal).Callback);
            var ended = end is not null && state == ("ENDED", end.Outcome, 1L);
            wrong += sent.Any(s => s.Accepted && s.Callback.Terminal) ? (ended ? 0 : 1)
                : sent.Any(s => s.Accepted) ? (ended || state == ("ANSWERED", "", 0L) ? 0 : 1)
                : 0;
        }

        return wrong + (int)await database.ScalarAsync<long>(
            """
            SELECT count(*) FROM campaign_counters k
            LEFT JOIN LATERAL (
              SELECT count(*) FILTER (WHERE status = 'PENDING') AS pending, count(*) FILTER (WHERE status IN ('DISPATCHED', 'IN_PROGRESS')) AS in_flight,
                count(*) FILTER (WHERE status = 'COMPLETED') AS completed, count(*) FILTER (WHERE status = 'NO_ANSWER') AS no_answer,
                count(*) FILTER (WHERE status = 'FAILED') AS failed
              FROM campaign_contacts cc WHERE cc.campaign_id = k.campaign_id) AS r ON true
            WHERE k.campaign_id = ANY ($1)
              AND (k.pending, k.in_flight, k.completed, k.no_answer, k.failed) IS DISTINCT FROM (r.pending, r.in_flight, r.completed, r.no_answer, r.failed)
            """,
            campaigns.ToArray());
    }

    private static async Task<Dictionary<Guid, (string State, string Outcome, long Decisions)>> SessionsAsync(
        BenchDatabase database, IReadOnlyList<Guid> campaigns, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            SELECT s.id, CASE WHEN s.state = 'ENDED' AND cc.status NOT IN ('DISPATCHED', 'IN_PROGRESS') OR s.state <> 'ENDED' AND cc.status = 'IN_PROGRESS'
                THEN s.state ELSE 'TORN' END, coalesce(s.outcome, ''), coalesce(d.n, 0)
            FROM sessions s JOIN campaign_contacts cc ON cc.id = s.campaign_contact_id
            LEFT JOIN (
              SELECT session_id, count(*) AS n FROM decisions WHERE campaign_id = ANY ($1) AND kind IN ('SETTLED', 'RETRIED') GROUP BY session_id) AS d
              ON d.session_id = s.id
            WHERE s.campaign = ANY ($1)
            """);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = campaigns.ToArray() });
        command.CommandTimeout = 300;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sessions = new Dictionary<Guid, (string, string, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sessions[reader.GetGuid(0)] = (reader.GetString(1), reader.GetString(2), reader.GetInt64(3));
        }

        return sessions;
    }
}
