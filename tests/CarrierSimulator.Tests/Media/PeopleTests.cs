using System.Collections.Concurrent;
using System.Text.Json;

namespace CarrierSimulator.Tests;

/// <summary>Everybody in the table is called at once, so that the conversations take as long as the longest of them.</summary>
public sealed class PeopleFixture : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, AgentSession> _agents = new();
    private readonly Dictionary<int, string> _sids = [];
    private MediaStage _stage = null!;

    internal async Task<(Conversation Talk, AgentSession Agent)> OfAsync(int person)
    {
        var sid = _sids[person];
        return (await _stage.EndAsync(sid), _agents[sid]);
    }

    internal async Task<LedgerEntry> EntryOfAsync(int person)
    {
        await OfAsync(person);
        return _stage.Carrier.Ledger.Entries.Single(e => e.CallSid == _sids[person]);
    }

    public async Task InitializeAsync()
    {
        _stage = await MediaStage.SetAsync(o => o.MediaStream.Patience = TimeSpan.FromSeconds(5));
        _stage.Agent = async session =>
        {
            await session.Started;
            _agents[session.Start.GetProperty("call_sid").GetString()!] = session;
            await TableAgent.RunAsync(session, WhenBeepedAsync);
        };
        foreach (var digits in People.Rows.Select(r => r.Digits).Append(77))
        {
            _sids[digits] = await _stage.DialAsync($"+919876{digits:00}{digits:00}{digits % 50:00}");
        }
    }

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    private Task WhenBeepedAsync(string sid) =>
        _stage.WhenAsync(sid, c => c.Said.Any(s => s.Text.StartsWith("(beep", StringComparison.Ordinal)));
}

public sealed class PeopleTests(PeopleFixture people) : IClassFixture<PeopleFixture>
{
    [Theory]
    [InlineData(0, "polite")]
    [InlineData(77, "polite")]
    [InlineData(19, "noisy line")]
    public async Task Polite_WhenCalled_TalksToTheEnd(int person, string name)
    {
        var (talk, agent) = await people.OfAsync(person);

        Assert.Equal(name, talk.Person);
        AssertHeardAll(talk, "Hello Priya.", "Will you renew this year?", "Thank you. Goodbye.");
        AssertSaidAll(talk, "yes, speaking", "yes, I will renew");
        Assert.Equal(("bot", 1000, null), (talk.ClosedBy, talk.CloseCode, talk.Note));
        Assert.Empty(talk.ProtocolErrors);
        Assert.Empty(talk.Clears);
        Assert.Empty(talk.Gaps);
        Assert.Equal(3, talk.Marks.Count(m => m.ReturnedMs > m.ReceivedMs));
        Assert.DoesNotContain(agent.Messages, m => AgentSession.EventOf(m) == "stop");
        Assert.InRange(talk.FirstAudioMs!.Value, talk.StartedMs!.Value, talk.Heard[0].StartMs + 5);

        // Each answers the other: nothing overlaps but the silent end of an utterance, and the person waits for 300 ms.
        Assert.InRange(talk.Said[0].StartMs - talk.Heard[0].EndMs, 250, 400);
        Assert.True(talk.Heard[1].StartMs > talk.Said[0].EndMs - 20);
        Assert.InRange(talk.EndedMs!.Value - talk.Heard[2].EndMs, 0, 3000);
    }

    [Fact]
    public async Task Brief_WhenGreeted_SaysNoAtOnce()
    {
        var (talk, _) = await people.OfAsync(10);

        AssertHeardAll(talk, "Hello Priya.", "Thank you for your time. Goodbye.");
        AssertSaidAll(talk, "no, not interested");
        Assert.InRange(talk.Said[0].StartMs - talk.Heard[0].EndMs, 50, 200);
    }

    [Fact]
    public async Task Interrupting_WhenTheAgentAsks_TalksOverIt()
    {
        var (talk, _) = await people.OfAsync(11);

        Assert.Equal((false, true), (talk.Heard[1].Complete, talk.Heard[1].Text.Length > 3));
        Assert.StartsWith(talk.Heard[1].Text, "Will you renew this year?", StringComparison.Ordinal);
        AssertSaidAll(talk, "yes, speaking", "yes, I will renew");
        Assert.InRange(talk.Said[1].StartMs - talk.Heard[1].StartMs, 370, 440);
        var clear = Assert.Single(talk.Clears);
        Assert.InRange(clear.SinceSpeechMs!.Value, 30, 700);
        Assert.InRange(clear.DroppedMs, 1, 800);
        Assert.InRange(talk.Heard[1].EndMs, clear.AtMs - 60, clear.AtMs + 140);
        Assert.Contains(talk.Marks, m => m.ReturnedMs is null);
        Assert.True(talk.HeardAll("Goodbye"));
    }

    [Fact]
    public async Task Silent_WhenNobodySpeaks_HangsUpWhenThePatienceEnds()
    {
        var (talk, agent) = await people.OfAsync(12);

        AssertHeardAll(talk, "Hello Priya.");
        Assert.Empty(talk.Said);
        Assert.Equal("person", talk.ClosedBy);
        Assert.InRange(talk.EndedMs!.Value - talk.Heard[0].EndMs, 4900, 5200);
        await AssertStopAsync(agent, "callended");
    }

    [Fact]
    public async Task HangingUp_InMidSentence_EndsTheCallAndTheSentence()
    {
        var (talk, agent) = await people.OfAsync(13);

        var heard = Assert.Single(talk.Heard);
        Assert.False(heard.Complete);
        Assert.StartsWith(heard.Text, "Hello Priya.", StringComparison.Ordinal);
        Assert.Equal(("person", 1000), (talk.ClosedBy, talk.CloseCode));
        Assert.InRange(talk.EndedMs!.Value - heard.StartMs, 280, 340);
        await AssertStopAsync(agent, "callended");
        Assert.Equal("completed", (await people.EntryOfAsync(13)).FinalStatus);
    }

    [Theory]
    [InlineData(14, "yes, speaking", "call me Tuesday at four")]
    [InlineData(15, "do not call me again")]
    [InlineData(20, "hello", "yes, I will renew")]
    [InlineData(21, "yes, speaking", "my birthday month is March", "yes, I will renew")]
    public async Task Others_WhenCalled_SayTheirLinesAndHearGoodbye(int person, params string[] lines)
    {
        var (talk, _) = await people.OfAsync(person);

        AssertSaidAll(talk, lines);
        Assert.True(talk.HeardAll("Goodbye"));
        Assert.Equal("bot", talk.ClosedBy);
    }

    [Theory]
    [InlineData(16, "after the tone")]
    [InlineData(23, "sandesh chhodein")]
    [InlineData(24, "message leave kar dijiye")]
    public async Task Voicemail_AfterTheBeep_RecordsWhatItHears(int person, string end)
    {
        var (talk, _) = await people.OfAsync(person);

        Assert.Equal(2, talk.Said.Count);
        Assert.EndsWith(end, talk.Said[0].Text, StringComparison.Ordinal);
        Assert.Equal("(beep 1000 Hz, 500 ms)", talk.Said[1].Text);
        Assert.InRange(talk.Said[1].EndMs - talk.Said[1].StartMs, 490, 510);
        Assert.Equal("Please call us back. Goodbye.", talk.Voicemail);
        Assert.True(talk.Heard[^1].StartMs >= talk.Said[1].EndMs);
    }

    [Fact]
    public async Task LongMonologue_WhateverItHears_TalksToItsEndAndHangsUp()
    {
        var (talk, _) = await people.OfAsync(22);

        Assert.Equal(4, talk.Said.Count);
        Assert.InRange(talk.Said[^1].EndMs - talk.Said[0].StartMs, 12_000, 18_000);
        Assert.DoesNotContain(talk.Said, s => s.Cut || s.Text.StartsWith('('));
        Assert.Equal("person", talk.ClosedBy);
    }

    [Fact]
    public async Task CallScreener_WhenAnswered_PutsThroughToThePerson()
    {
        var (talk, _) = await people.OfAsync(17);

        AssertSaidAll(talk, "say your name and why you call", "hello", "yes, I will renew");
        Assert.True(talk.HeardAll("Asha, about your policy."));
        Assert.Equal("bot", talk.ClosedBy);
    }

    [Fact]
    public async Task KeyPresser_AfterTheGreeting_PressesThree()
    {
        var (talk, agent) = await people.OfAsync(18);

        Assert.Equal(["1", "2", "#"], talk.Dtmf.Select(d => d.Digit));
        var received = agent.Messages.Where(m => AgentSession.EventOf(m) == "dtmf").Select(m => m.GetProperty("dtmf").GetProperty("digit"));
        Assert.Equal(["1", "2", "#"], received.Select(d => d.GetString()));
        AssertSaidAll(talk, "yes, speaking", "yes, I will renew");
    }

    [Theory]
    [InlineData("+919876541699", "voicemail")]
    [InlineData("09876541200", "silent")]
    [InlineData("+919876549900", "polite")]
    [InlineData("12", "polite")]
    public void RowFor_AnyNumber_GoesByTheTwoDigitsBeforeTheLastTwo(string number, string name) =>
        Assert.Equal(name, People.RowFor(number).Name);

    [Fact]
    public async Task PeoplePage_Always_ListsEveryRow()
    {
        await using var stage = await Stage.SetAsync();

        var rows = await stage.GetAsync("/people");

        Assert.Equal(People.Rows.Select(r => r.Name), rows.EnumerateArray().Select(r => r.GetProperty("name").GetString()));
    }

    private static void AssertHeardAll(Conversation talk, params string[] texts)
    {
        Assert.Equal(texts, talk.Heard.Select(h => h.Text));
        Assert.All(talk.Heard, h => Assert.True(h.Complete));
    }

    private static void AssertSaidAll(Conversation talk, params string[] texts)
    {
        Assert.Equal(texts, talk.Said.Select(h => h.Text));
        Assert.All(talk.Said, s => Assert.False(s.Cut));
    }

    private static async Task AssertStopAsync(AgentSession agent, string reason)
    {
        JsonElement stop = await agent.WhenEventAsync("stop");
        Assert.Equal(reason, stop.GetProperty("stop").GetProperty("reason").GetString());
    }
}
