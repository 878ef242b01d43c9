using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.Domain.Contacts;
using Campaigns.Stores;
using Campaigns.Testing;
using Npgsql;

namespace Campaigns.Postgres.Tests.Calls;

public sealed class ConclusionTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Conclude_ThenTheCarriersEnd_SettlesWithEverythingOnRecord()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.TalkAsync();
        await seed.SayAsync(session, 1, Speaker.Person, "yes, I will renew");
        await seed.Calls.RecordDispositionAsync(session, "interested", "wants it", Fields(("amount", "5000")), seed.Now, CancellationToken.None);
        var version = (await seed.ContactAsync(order)).Version;

        Assert.True(await seed.ConcludeAsync(session, CallOutcome.Completed, end: TestCalls.End() with { Machine = MachineKind.Screener, MessageLeft = true }));

        Assert.Equal(version + 1, (await seed.ContactAsync(order)).Version);
        Assert.Equal(
            "ANSWERED|COMPLETED|AGENT_ENDED|said goodbye|SCREENER|true|2026/01/05/x.wav|812|2|100|400|1234",
            await seed.ScalarAsync<string>(
                """
                SELECT concat_ws('|', state, conversation_outcome, conversation_end, conversation_detail, machine, message_left::text, recording_file,
                  first_audio_ms, underruns, usage->>'inputText', usage->>'outputAudio', cost_micro_dollars) FROM sessions WHERE id = $1
                """,
                session));
        await seed.HangUpAsync(order, session);
        var contact = await seed.ContactAsync(order);
        Assert.Equal((ContactStatus.Completed, CallOutcome.Completed), (contact.Status, contact.Session!.Outcome!.Value));
        Assert.Equal(
            "interested 5000",
            await seed.ScalarAsync<string>("SELECT disposition || ' ' || (disposition_fields->>'amount') FROM campaign_contacts WHERE id = $1", order.CampaignContactId));
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Conclude_AfterTheCarriersEnd_SettlesByTheConversation()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.TalkAsync();
        await seed.HangUpAsync(order, session);
        Assert.Equal(ContactStatus.InProgress, (await seed.ContactAsync(order)).Status);

        Assert.True(await seed.ConcludeAsync(session, CallOutcome.NoSpeech));
        await seed.DecideAsync(order, contact => ContactLifecycle.OnConversationEnded(contact, session, TestCalls.Timings, seed.Now));

        var contact = await seed.ContactAsync(order);
        Assert.Equal((ContactStatus.NoAnswer, SessionState.Ended), (contact.Status, contact.Session!.State));
        Assert.Equal(TimeSpan.FromSeconds(42), await seed.SessionAsync<TimeSpan>(session, "duration"));
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Conclude_ByManyAtOnce_IsOneConclusion()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (_, session) = await seed.TalkAsync();
        await seed.SayAsync(session, 1, Speaker.Person, "hello");

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => seed.ConcludeAsync(session))));

        Assert.Single(results, r => r);
        Assert.Equal(1L, await seed.ScalarAsync<long>("SELECT count(*) FROM extractions WHERE session_id = $1", session));
    }

    [PostgresFact]
    public async Task Conclude_ByWhoDoesNotHoldIt_ChangesNothing()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var lease = await seed.AcquireAsync();
        var (_, session) = await seed.TalkAsync(lease);
        var (_, silent) = await seed.DialAsync(lease: lease);
        var before = (await seed.RowAsync(session), await seed.RowAsync(silent));

        Assert.False(await seed.ConcludeAsync(session, owner: "another"));
        Assert.False(await seed.ConcludeAsync(silent));
        Assert.False(await seed.ConcludeAsync(Guid.NewGuid()));

        Assert.Equal(before, (await seed.RowAsync(session), await seed.RowAsync(silent)));
    }

    [PostgresFact]
    public async Task Conclude_AfterTheRescuerSettledIt_ChangesNothingButTurnsAreKept()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.TalkAsync();
        seed.Now += TimeSpan.FromMinutes(1);
        await seed.HangUpAsync(order, session);
        var settled = await seed.ContactAsync(order);
        Assert.Equal(CallOutcome.InterruptedByUs, settled.Session!.Outcome);
        var before = await seed.RowAsync(session);

        await seed.SayAsync(session, 1, Speaker.Person, "are you there");
        await seed.Calls.RecordDispositionAsync(session, "sold", null, Fields(), seed.Now, CancellationToken.None);
        await seed.Calls.RecordCallbackAsync(session, seed.Now.AddHours(1), "soon", seed.Now, CancellationToken.None);
        await seed.Calls.RecordHandoffAsync(session, "a human, please", seed.Now, CancellationToken.None);
        Assert.False(await seed.ConcludeAsync(session));

        Assert.Equal(before, await seed.RowAsync(session));
        Assert.Equal(settled.Version, (await seed.ContactAsync(order)).Version);
        Assert.Equal(1L, await seed.ScalarAsync<long>("SELECT count(*) FROM session_turns WHERE session_id = $1", session));
        Assert.Equal(0L, await seed.ScalarAsync<long>("SELECT count(*) FROM extractions WHERE session_id = $1", session));
    }

    [PostgresTheory]
    [InlineData("hello", 1)]
    [InlineData(" \n ", 0)]
    [InlineData(null, 0)]
    public async Task Conclude_QueuesForExtractionWhatAPersonSaid(string? person, int expected)
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (_, session) = await seed.TalkAsync();
        await seed.SayAsync(session, 1, Speaker.Agent, "Hello Asha.");
        if (person is not null)
        {
            await seed.SayAsync(session, 2, Speaker.Person, person);
        }

        await seed.ConcludeAsync(session);

        Assert.Equal(expected, (int)await seed.ScalarAsync<long>("SELECT count(*) FROM extractions WHERE session_id = $1", session));
    }

    [PostgresFact]
    public async Task Conclude_WithAnOutcomeThatNoConversationHas_IsRefusedByTheSchema()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (_, session) = await seed.TalkAsync();

        var error = await Assert.ThrowsAsync<PostgresException>(() => seed.ConcludeAsync(session, CallOutcome.NotPlaced));

        Assert.Equal("sessions_conversation_outcome", error.ConstraintName);
        Assert.True(await seed.ConcludeAsync(session));
    }

    [PostgresFact]
    public async Task AddTurn_RepeatedOddOrDamaged_IsKeptOnce()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (_, session) = await seed.TalkAsync();
        var turn = new CallTurn(1, Speaker.Agent, "nul \0 half \ud800 whole 😀", seed.Now, seed.Now.AddSeconds(1), true, "nul\0", 700, 701);

        await seed.Calls.AddTurnAsync(session, turn, CancellationToken.None);
        await seed.Calls.AddTurnAsync(session, turn with { Text = "another" }, CancellationToken.None);

        Assert.Equal(
            "nul  half \ufffd whole 😀|nul|700|700",
            await seed.ScalarAsync<string>("SELECT concat_ws('|', text, heard_text, spoken_ms, heard_ms) FROM session_turns WHERE session_id = $1", session));
    }

    [PostgresFact]
    public async Task Record_ALaterResult_ReplacesTheEarlierAndBumpsTheContact()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.TalkAsync();
        var version = (await seed.ContactAsync(order)).Version;

        await seed.Calls.RecordDispositionAsync(session, "a", "b", Fields(("x", "1"), ("y", "2")), seed.Now, CancellationToken.None);
        await seed.Calls.RecordDispositionAsync(session, "c", null, Fields(("x", "3\0")), seed.Now, CancellationToken.None);
        await seed.Calls.RecordHandoffAsync(session, "angry", seed.Now, CancellationToken.None);

        Assert.Equal("c||{\"x\": \"3\"}|angry", await seed.ScalarAsync<string>(
            "SELECT disposition || '|' || coalesce(disposition_notes, '') || '|' || disposition_fields || '|' || handoff_reason FROM sessions WHERE id = $1", session));
        Assert.Equal(version + 3, (await seed.ContactAsync(order)).Version);
    }

    [PostgresFact]
    public async Task Callback_WhenPromised_MakesTheContactDueThenAndFirst()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var lease = await seed.AcquireAsync();
        var (order, session) = await seed.TalkAsync(lease);
        var at = new DateTimeOffset(2026, 1, 5, 16, 0, 0, TimeSpan.FromHours(5.5));
        await seed.Calls.RecordCallbackAsync(session, seed.Now, "now", seed.Now, CancellationToken.None);
        await seed.Calls.RecordCallbackAsync(session, at, "at four", seed.Now, CancellationToken.None);
        await seed.ConcludeAsync(session);
        await seed.HangUpAsync(order, session);

        Assert.Equal(ContactStatus.Pending, (await seed.ContactAsync(order)).Status);
        Assert.Equal(at.UtcDateTime, await seed.ScalarAsync<DateTime>("SELECT due_at FROM campaign_contacts WHERE id = $1", order.CampaignContactId));
        Assert.DoesNotContain((await seed.ClaimAsync(lease, batch: 3)).Orders, o => o.CampaignContactId == order.CampaignContactId);
        seed.Now = at.ToUniversalTime();
        Assert.Equal(order.CampaignContactId, (await seed.ClaimAsync(await seed.AcquireAsync())).Orders[0].CampaignContactId);
    }

    [PostgresFact]
    public async Task Callback_TakenBack_IsNotPromised()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.TalkAsync();
        await seed.Calls.RecordCallbackAsync(session, seed.Now.AddHours(1), "later", seed.Now, CancellationToken.None);
        await seed.Calls.RecordCallbackAsync(session, null, "", seed.Now, CancellationToken.None);
        await seed.ConcludeAsync(session);
        await seed.HangUpAsync(order, session);

        Assert.Equal(ContactStatus.Completed, (await seed.ContactAsync(order)).Status);
        Assert.Equal("gone", await seed.SessionAsync<string>(session, "coalesce(callback_spoken, 'gone')"));
    }

    [PostgresFact]
    public async Task Callback_RecordedWhileTheSettlementIsDecided_MakesItBeDecidedAgain()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.TalkAsync();
        await seed.ConcludeAsync(session);
        var settle = (ContactDecision.Apply)ContactLifecycle.OnReport(await seed.ContactAsync(order), TestCalls.HungUp(session), TestCalls.Timings, seed.Now);

        await seed.Calls.RecordCallbackAsync(session, seed.Now.AddHours(1), "later", seed.Now, CancellationToken.None);

        Assert.False(await seed.Contacts.ApplyAsync(settle.Change, CancellationToken.None));
        await seed.HangUpAsync(order, session);
        Assert.Equal(ContactStatus.Pending, (await seed.ContactAsync(order)).Status);
    }

    private static ImmutableDictionary<string, string> Fields(params (string Name, string Value)[] fields)
        => fields.ToImmutableDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
}
