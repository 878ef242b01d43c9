using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using Campaigns.LiveModel;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Calls;

/// <summary>Calls of a seeded campaign, as the grains would make them.</summary>
internal static class TestCalls
{
    internal const string Owner = "silo/1#7";

    internal static readonly CallTimings Timings = new();

    /// <summary>Claims the next contact, passes the gate, and has the carrier accept the call unless told otherwise.</summary>
    internal static async Task<(DialOrder Order, Guid Session)> DialAsync(this CampaignSeed seed, string? sid = "", CampaignLease? lease = null)
    {
        var order = (await seed.ClaimAsync(lease ?? await seed.AcquireAsync())).Orders[0];
        var session = Guid.NewGuid();
        Assert.Equal(OpenSessionResult.Opened, await seed.Contacts.OpenSessionAsync(seed.Open(order, session), CancellationToken.None));
        if (sid is not null)
        {
            sid = sid.Length > 0 ? sid : SidOf(session);
            await seed.DecideAsync(order, c => ContactLifecycle.OnPlaceResult(c, new PlaceCallResult.Accepted(sid), Timings, seed.Now, session));
        }

        return (order, session);
    }

    /// <summary>A dialled call whose media stream has begun.</summary>
    internal static async Task<(DialOrder Order, Guid Session)> TalkAsync(this CampaignSeed seed, CampaignLease? lease = null)
    {
        var call = await seed.DialAsync(lease: lease);
        Assert.Equal(BeginResult.Begun, await seed.BeginAsync(call.Session));
        return call;
    }

    internal static string SidOf(Guid session) => $"sid-{session:N}";

    internal static Task<BeginResult> BeginAsync(this CampaignSeed seed, Guid session, string? sid = null, string owner = Owner, DateTimeOffset? giveUpAt = null)
        => seed.Calls.BeginAsync(
            new BeginConversation(session, owner, seed.Now, seed.Now.AddSeconds(10), sid ?? SidOf(session), "stream-1", giveUpAt), CancellationToken.None);

    internal static Task<bool> ConcludeAsync(
        this CampaignSeed seed, Guid session, CallOutcome outcome = CallOutcome.Completed, string owner = Owner, CallEnd? end = null)
        => seed.Calls.ConcludeAsync(
            new ConversationConclusion(session, owner, seed.Now, outcome, end ?? End(), 1_234), CancellationToken.None);

    internal static CallEnd End() => new(
        CallEndKind.AgentEnded, "said goodbye", TimeSpan.FromSeconds(42), TimeSpan.FromMilliseconds(812.6), PersonSpoke: true, Machine: null,
        MessageLeft: false, "2026/01/05/x.wav", new LiveUsage(100, 200, 30, 400), Underruns: 2);

    internal static Task SayAsync(this CampaignSeed seed, Guid session, int position, Speaker speaker, string text, string? heard = null)
        => seed.Calls.AddTurnAsync(
            session,
            new CallTurn(position, speaker, text, seed.Now, seed.Now.AddSeconds(2), heard is not null, heard ?? text, speaker == Speaker.Agent ? 2_000 : 0,
                speaker == Speaker.Agent ? 1_500 : 0),
            CancellationToken.None);

    internal static async Task<ContactRecord> ContactAsync(this CampaignSeed seed, DialOrder order)
        => (await seed.Contacts.LoadAsync(order.CampaignContactId, CancellationToken.None))!;

    /// <summary>What a contact grain does: loads, decides, writes.</summary>
    internal static async Task<ContactDecision> DecideAsync(this CampaignSeed seed, DialOrder order, Func<ContactRecord, ContactDecision> decide)
    {
        var decision = decide(await seed.ContactAsync(order));
        if (decision is ContactDecision.Apply apply)
        {
            Assert.True(await seed.Contacts.ApplyAsync(apply.Change, CancellationToken.None), "The change was decided on an old version.");
        }

        return decision;
    }

    internal static Task<ContactDecision> HangUpAsync(this CampaignSeed seed, DialOrder order, Guid session)
        => seed.DecideAsync(order, contact => ContactLifecycle.OnReport(contact, HungUp(session), Timings, seed.Now));

    internal static CarrierReport HungUp(Guid session)
        => new(session, CarrierReportKind.Ended, CallOutcome.Completed, SidOf(session), "callback", Duration: TimeSpan.FromSeconds(42));

    /// <summary>The session's row as text, to see that nothing changed.</summary>
    internal static Task<string> RowAsync(this CampaignSeed seed, Guid session) => seed.ScalarAsync<string>("SELECT s::text FROM sessions s WHERE id = $1", session);

    internal static Task<T> SessionAsync<T>(this CampaignSeed seed, Guid session, string column)
        => seed.ScalarAsync<T>($"SELECT {column} FROM sessions WHERE id = $1", session);
}
