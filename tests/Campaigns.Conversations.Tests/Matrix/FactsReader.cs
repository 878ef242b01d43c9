using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;
using Dapper;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>Gathers the facts of every pair when its campaign is over.</summary>
internal static class FactsReader
{
    internal static async Task<IReadOnlyDictionary<Pair, CallFacts>> ReadAsync(
        ConversationBed bed, CampaignSeed campaign, IReadOnlyList<Pair> pairs, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> stalls)
    {
        await using var database = await bed.Seed.Database.OpenConnectionAsync();
        var contacts = (await database.QueryAsync<ContactRow>(
            "SELECT phone, status, outcome, disposition, attempts, due_at AS DueAt, reason FROM campaign_contacts WHERE campaign_id = @CampaignId",
            new { campaign.CampaignId })).ToDictionary(c => c.Phone);
        var sessions = (await database.QueryAsync<SessionRow>(
            """
            SELECT id, phone, state, outcome, conversation_end AS ConversationEnd, conversation_detail AS ConversationDetail, disposition,
              callback_at AS CallbackAt, opted_out AS OptedOut, machine, message_left AS MessageLeft, recording_file AS RecordingFile,
              first_audio_ms AS FirstAudioMs, underruns, media_begun_at AS MediaBegunAt, conversation_ended_at AS ConversationEndedAt
            FROM sessions WHERE campaign = @CampaignId ORDER BY started_at
            """,
            new { campaign.CampaignId })).ToLookup(s => s.Phone);
        var turns = (await database.QueryAsync<TurnRow>(
            """
            SELECT session_id AS Session, position, speaker, text, interrupted, coalesce(heard_text, '') AS HeardText, spoken_ms AS SpokenMs, heard_ms AS HeardMs
            FROM session_turns ORDER BY session_id, position
            """)).ToLookup(t => t.Session);
        var memories = (await database.QueryAsync<(string Phone, string Fact)>(
            "SELECT phone, fact FROM memory_facts f JOIN contacts c ON c.id = f.contact_id WHERE superseded_by IS NULL")).ToLookup(f => f.Phone, f => f.Fact);
        var optedOut = (await database.QueryAsync<string>("SELECT phone FROM do_not_call")).ToHashSet();
        var dials = bed.Carrier.Ledger.Entries.ToLookup(e => e.Number);
        var models = bed.Model.Ledger.Sessions.Where(s => s.Prompt is not null).ToLookup(s => NameIn(s.Prompt!));
        var conclusions = bed.Log.Entries
            .Where(e => e.Event.Id == 1203 && e.Fields.Any(f => f is { Key: "Concluded", Value: true }))
            .ToLookup(e => (Guid)e.Fields.First(f => f.Key == "Session").Value!);
        return pairs.ToDictionary(p => p, p =>
        {
            var calls = sessions[p.Number].ToArray();
            return new CallFacts
            {
                Pair = p,
                Dials = [.. dials[p.Number]],
                Model = [.. models[p.Name]],
                Contact = contacts[p.Number],
                Sessions = calls,
                Turns = [.. calls.SelectMany(c => turns[c.Id])],
                Facts = [.. memories[p.Number]],
                DoNotCall = optedOut.Contains(p.Number),
                Conclusions = calls.Sum(c => conclusions[c.Id].Count()),
                Stalls = stalls,
                RecordingFolder = bed.Recordings,
            };
        });
    }

    private static string NameIn(string prompt)
        => prompt.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith("name: ", StringComparison.Ordinal))?["name: ".Length..] ?? "";
}
