using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.Postgres.Audience;
using Campaigns.Postgres.Campaigns;
using Campaigns.Postgres.Catalog;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Calls;

public sealed partial class PostgresCallStore
{
    private const int PastCallsInBrief = 5;

    /// <summary>A campaign's call tells what was frozen for it; another call what is known of the person now.</summary>
    private static readonly string Brief =
        $"""
        SELECT s.direction, s.organization_id, o.name, o.time_zone, o.calling_window, s.campaign, s.campaign_contact_id, s.contact_id, s.phone,
               coalesce(cc.name, c.name, ''), CASE WHEN cc.id IS NULL THEN c.time_zone ELSE cc.time_zone END,
               coalesce(cc.context, CASE WHEN c.id IS NOT NULL THEN {ContactFieldsSql.Of("c")} END, '{"{}"}')::text, s.task_instructions,
               a.id, a.name, a.system_prompt, a.language, a.voice, a.settings::text, a.created_at, s.started_at
        FROM sessions s
        JOIN organizations o ON o.id = s.organization_id
        JOIN agents a ON a.id = s.agent_id
        LEFT JOIN campaign_contacts cc ON cc.id = s.campaign_contact_id
        LEFT JOIN contacts c ON c.id = s.contact_id
        WHERE s.id = $1 AND s.state <> 'ENDED'
        """;

    private const string FactsInForce =
        $"""
        SELECT {FactSql.Columns} FROM memory_facts f
        WHERE f.contact_id = (SELECT contact_id FROM sessions WHERE id = $1) AND f.superseded_by IS NULL
        ORDER BY f.confidence DESC, f.updated_at DESC, f.key
        """;

    private const string LastDigests =
        """
        SELECT p.started_at, d.summary FROM session_digests d JOIN sessions p ON p.id = d.session_id
        WHERE d.contact_id = (SELECT contact_id FROM sessions WHERE id = $1) AND p.id <> $1
        ORDER BY p.started_at DESC, p.id DESC LIMIT $2
        """;

    /// <inheritdoc/>
    public async Task<CallBrief?> LoadBriefAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Add(Brief, sessionId);
        batch.Add(FactsInForce, sessionId);
        batch.Add(LastDigests, sessionId, PastCallsInBrief);
        CallBrief brief;
        CallingWindow? window;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            (brief, window) = (ReadBrief(sessionId, reader), FrozenSpecs.ReadWindow(NpgsqlShorthand.TextOrNull(reader, 4)));
            await reader.NextResultAsync(cancellationToken);
            brief = brief with { Facts = await ReadAllAsync(reader, row => FactSql.Read(row), cancellationToken) };
            await reader.NextResultAsync(cancellationToken);
            brief = brief with { PastCalls = await ReadAllAsync(reader, row => new PastCall(row.Time(0), row.GetString(1)), cancellationToken) };
        }

        if (brief.CampaignId is not { } campaign)
        {
            return brief with { Window = window };
        }

        var spec = await specs.GetAsync(campaign, cancellationToken);
        return brief with { Voice = spec.Voice, Dispositions = spec.Dispositions, Window = spec.CallingWindow ?? window };
    }

    private static CallBrief ReadBrief(Guid sessionId, NpgsqlDataReader row)
    {
        var context = row.Fields(11);
        return new CallBrief
        {
            SessionId = sessionId,
            Direction = EnumText.Parse<CallDirection>(row.GetString(0)),
            OrganizationId = row.GetGuid(1),
            OrganizationName = row.GetString(2),
            OrganizationTimeZone = row.GetString(3),
            CampaignId = row.UuidOrNull(5),
            CampaignContactId = row.UuidOrNull(6),
            ContactId = row.UuidOrNull(7),
            Phone = row.GetString(8),
            ContactName = row.GetString(9),
            TimeZone = NpgsqlShorthand.TextOrNull(row, 10),
            Context = context,
            PreferredLanguage = context.GetValueOrDefault("preferred_language"),
            Objective = row.GetString(12),
            Agent = AgentStore.Read(row, 13),
            StartedAt = row.Time(20),
        };
    }

    private static async Task<ImmutableArray<T>> ReadAllAsync<T>(
        NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows.ToImmutable();
    }
}
