using Campaigns.Calls;
using Campaigns.LiveModel;
using Campaigns.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Campaigns.Api.Tests.Bed;

/// <summary>Conversations as the call session would have written them.</summary>
internal static class Talks
{
    internal const string Owner = "silo-1#1";

    /// <summary>A call of a snapshot contact whose conversation goes on.</summary>
    internal static async Task<Guid> CallAsync(ApiFixture api, Guid campaign, Guid row, string ago = "1 minute")
    {
        var session = Guid.NewGuid();
        await api.ExecuteAsync($"""
            INSERT INTO sessions (id, organization_id, agent_id, contact_id, campaign, campaign_contact_id, attempt, phone, state, token_hash, token_expires_at, owner,
              started_at, send_before, check_at, give_up_at)
            SELECT '{session}', k.organization_id, c.agent_id, k.contact_id, k.campaign_id, k.id,
              1 + (SELECT count(*) FROM sessions s WHERE s.campaign_contact_id = k.id), k.phone, 'RINGING',
              sha256('x'), now(), 'silo-1', now() - interval '{ago}', now(), now(), now()
            FROM campaign_contacts k JOIN campaigns c ON c.id = k.campaign_id WHERE k.id = '{row}' AND k.campaign_id = '{campaign}'
            """);
        var store = Store(api);
        var now = DateTimeOffset.UtcNow;
        Assert.Equal(
            BeginResult.Begun,
            await store.BeginAsync(new BeginConversation(session, Owner, now, now.AddSeconds(10), $"sid-{session:N}", "stream"), CancellationToken.None));
        await store.AddTurnAsync(session, new CallTurn(1, Speaker.Agent, "Hello Ravi, this is Asha.", now, now.AddSeconds(2), true, "Hello Ravi", 2_000, 900), CancellationToken.None);
        await store.AddTurnAsync(session, new CallTurn(2, Speaker.Person, "Call me at four.", now, now.AddSeconds(3), false, "Call me at four.", 0, 0), CancellationToken.None);
        return session;
    }

    /// <summary>Concludes it with everything a call can have, and ends it.</summary>
    internal static async Task<Guid> DistilAsync(ApiFixture api, Guid session, int firstAudioMs = 700, CallOutcome outcome = CallOutcome.Completed)
    {
        var store = Store(api);
        var now = DateTimeOffset.UtcNow;
        await store.RecordDispositionAsync(
            session, "later", "at work", System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("amount", "5000"), now, CancellationToken.None);
        await store.RecordCallbackAsync(session, now.AddHours(3), "at four", now, CancellationToken.None);
        await store.RecordHandoffAsync(session, "wants a person", now, CancellationToken.None);
        var end = new CallEnd(
            CallEndKind.AgentEnded, "said goodbye", TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(firstAudioMs), true, MachineKind.Screener, false,
            $"{session}.wav", new LiveUsage(1, 2, 3, 4), 5);
        Assert.True(await store.ConcludeAsync(new ConversationConclusion(session, Owner, now, outcome, end, 42), CancellationToken.None));
        await api.ExecuteAsync($"UPDATE sessions SET state = 'ENDED', outcome = conversation_outcome, ended_at = now(), check_at = NULL WHERE id = '{session}'");
        await api.ExecuteAsync($"""
            INSERT INTO session_digests (session_id, contact_id, summary, model, created_at) SELECT id, contact_id, 'He is busy.', 'model-1', now() FROM sessions WHERE id = '{session}';
            INSERT INTO memory_facts (id, organization_id, contact_id, key, fact, confidence, session_id, turn_position, created_at, updated_at)
            SELECT gen_random_uuid(), organization_id, contact_id, 'works', 'works: until four', 0.9, id, 2, now(), now() FROM sessions WHERE id = '{session}' ON CONFLICT DO NOTHING
            """);
        return session;
    }

    /// <summary>A frozen campaign with one contact.</summary>
    internal static async Task<(Guid Campaign, Guid Contact, Guid Row)> CampaignAsync(ApiFixture api)
    {
        var contact = await Seed.ContactAsync(api.Operator);
        var campaign = await Seed.DraftAsync(api.Admin, $$"""{"contactIds":["{{contact}}"]}""");
        var (_, rows) = await Seed.SnapshotAsync(api, api.AcmeId, campaign, new AudienceSpec { ContactIds = [contact] });
        return (campaign, contact, rows[0]);
    }

    private static ICallStore Store(ApiFixture api) => api.Services.GetRequiredService<ICallStore>();
}
