using System.Net.Http.Json;
using Campaigns.Testing;
using SpokenTones;

namespace CarrierSimulator.Tests;

/// <summary>How a stream begins, how it ends, and what the call and its callbacks make of it.</summary>
public sealed class StreamLifeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carrier-media-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Handshake_WhenItFailsOnce_IsTriedAgain()
    {
        await using var stage = await MediaStage.SetAsync();
        var handshakes = 0;
        stage.Handshake = context =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(++handshakes == 1);
        };

        var sid = await stage.DialAsync(() => new Listener());
        using var agent = await stage.NextAsync();
        await agent.CloseAsync();

        Assert.Equal((2, "bot"), ((await stage.EndAsync(sid)).Handshakes, (await stage.EndAsync(sid)).ClosedBy));
    }

    [Fact]
    public async Task Handshake_WhenItFailsTwice_EndsTheCallAsCompleted()
    {
        await using var stage = await MediaStage.SetAsync();
        var handshakes = 0;
        stage.Handshake = context =>
        {
            handshakes++;
            context.Response.StatusCode = 401;
            return Task.FromResult(true);
        };

        var sid = await stage.DialAsync(() => new Listener());
        var talk = await stage.EndAsync(sid);
        await stage.Receiver.WhenAsync(1);

        Assert.Equal((2, 2, "carrier", null), (handshakes, talk.Handshakes, talk.ClosedBy, talk.CloseCode));
        Assert.Contains("401", talk.Note, StringComparison.Ordinal);
        Assert.Equal("completed", stage.Receiver.All[0]["Status"]);
        Assert.Equal("completed", stage.Carrier.Ledger.Entries[0].FinalStatus);
    }

    [Fact]
    public async Task Handshake_WhenNothingAnswersInTime_IsTriedTwice()
    {
        await using var stage = await MediaStage.SetAsync(o => o.MediaStream.HandshakeTimeout = TimeSpan.FromMilliseconds(250));
        stage.Handshake = async context =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };

        var talk = await stage.EndAsync(await stage.DialAsync(() => new Listener()));

        Assert.Equal(2, talk.Handshakes);
        Assert.Contains("no handshake within 0.25 s", talk.Note, StringComparison.Ordinal);
        Assert.InRange(talk.EndedMs!.Value, 490, 20_000);
    }

    [Fact]
    public async Task TimeLimit_WhenTheConversationIsLonger_EndsIt()
    {
        await using var stage = await MediaStage.SetAsync();

        var sid = await stage.DialAsync(() => new Listener { Then = p => p.Say(new string('a', 60)) }, more: ("TimeLimit", "1"));
        using var agent = await stage.NextAsync();
        var stop = await agent.WhenEventAsync("stop");
        var talk = await stage.EndAsync(sid);

        Assert.Equal("stopped", stop.GetProperty("stop").GetProperty("reason").GetString());
        Assert.Equal((sid, "campaigns1"), (
            stop.GetProperty("stop").GetProperty("call_sid").GetString(), stop.GetProperty("stop").GetProperty("account_sid").GetString()));
        Assert.Equal(("carrier", 1000), (talk.ClosedBy, talk.CloseCode));
        Assert.Contains("time limit", talk.Note, StringComparison.Ordinal);
        Assert.True(Assert.Single(talk.Said).Cut);
        var entry = stage.Carrier.Ledger.Entries[0];
        Assert.InRange((entry.EndedAt - entry.AnsweredAt)!.Value.TotalSeconds, 0.99, 20);
    }

    [Fact]
    public async Task Start_WhenItNeverComes_TheTimeLimitEndsTheCall()
    {
        await using var stage = await MediaStage.SetAsync(o => o.MediaStream.StartDelay = Timeout.InfiniteTimeSpan);

        var sid = await stage.DialAsync(() => new Listener(), more: ("TimeLimit", "1"));
        using var agent = await stage.NextAsync(started: false);
        await agent.WhenEventAsync("connected");
        var talk = await stage.EndAsync(sid);

        Assert.Equal(("carrier", null), (talk.ClosedBy, talk.StartedMs));
        Assert.Equal(["connected"], agent.Messages.Select(AgentSession.EventOf));
    }

    [Fact]
    public async Task Silence_OnAFakeClock_LastsExactlyAsLongAsThePatience()
    {
        var clock = new FakeClock();
        await using var stage = await MediaStage.SetAsync(o => o.TimeProvider = clock);
        var sid = await stage.DialAsync(() => new SilentPerson());
        clock.Advance(TimeSpan.FromSeconds(1));
        using var agent = await stage.NextAsync();
        await clock.WhenArmedAsync(armed => armed.Any(t => t.Period == TimeSpan.FromMilliseconds(20)), "the media loop");

        clock.Advance(TimeSpan.FromSeconds(19.98));
        Assert.Null(stage.Carrier.Ledger.Entries[0].EndedAt);
        clock.Advance(TimeSpan.FromSeconds(0.02));

        var talk = await stage.EndAsync(sid);
        Assert.Equal(("person", 20_000), (talk.ClosedBy, talk.EndedMs!.Value - talk.StartedMs!.Value));
        await agent.WhenEventAsync("stop");
        Assert.Equal(200, agent.Messages.Count(m => AgentSession.EventOf(m) == "media"));
        Assert.DoesNotContain(clock.Armed, t => t.Period is not null);
    }

    [Fact]
    public async Task Stream_AfterAnHour_IsEndedByTheCarrier()
    {
        var clock = new FakeClock();
        await using var stage = await MediaStage.SetAsync(
            o => (o.TimeProvider, o.MediaStream.StartDelay) = (clock, Timeout.InfiniteTimeSpan));
        var sid = await stage.DialAsync(() => new SilentPerson(), more: ("TimeLimit", "14400"));
        clock.Advance(TimeSpan.FromSeconds(1));
        using var agent = await stage.NextAsync(started: false);
        await agent.WhenEventAsync("connected");

        clock.Advance(TimeSpan.FromMinutes(60));

        Assert.Equal("carrier", (await stage.EndAsync(sid)).ClosedBy);
    }

    [Fact]
    public async Task Bot_WhenItClosesOrVanishes_HangsUp()
    {
        await using var stage = await MediaStage.SetAsync();

        var first = await stage.DialAsync(() => new Listener());
        using (var agent = await stage.NextAsync())
        {
            await agent.CloseAsync(4007);
            Assert.Equal(("bot", 4007), await EndOfAsync(first));
        }

        var second = await stage.DialAsync(() => new Listener());
        using (var agent = await stage.NextAsync())
        {
            agent.Abort();
            Assert.Equal(("bot", 1006), await EndOfAsync(second));
        }

        Assert.All(stage.Carrier.Ledger.Entries, e => Assert.Equal("completed", e.FinalStatus));

        async Task<(string?, int?)> EndOfAsync(string sid)
        {
            var talk = await stage.EndAsync(sid);
            return (talk.ClosedBy, talk.CloseCode);
        }
    }

    [Fact]
    public async Task Bot_WhenItClosesInMidSentence_CutsTheSentence()
    {
        await using var stage = await MediaStage.SetAsync();
        var sid = await stage.DialAsync(() => new Listener());
        using var agent = await stage.NextAsync();

        await agent.SayAsync("One two three four five six seven");
        await agent.WhenAsync(m => Chunk(m) == 8, "0.8 s of audio");
        await agent.CloseAsync();

        var talk = await stage.EndAsync(sid);
        var heard = Assert.Single(talk.Heard);
        Assert.Equal((false, true), (heard.Complete, heard.Text.Length > 5));
        Assert.StartsWith(heard.Text, "One two three four five six seven", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MarksAfterClear.Never)]
    [InlineData(MarksAfterClear.AtOnce)]
    public async Task Clear_InMidSentence_DropsWhatHasNotBegunAndItsMarks(MarksAfterClear marks)
    {
        await using var stage = await MediaStage.SetAsync(o => o.MediaStream.MarksAfterClear = marks);
        var sid = await stage.DialAsync(() => new Listener { Then = p => p.Say("wait") });
        using var agent = await stage.NextAsync();

        await agent.SendAudioAsync(new short[800]);
        await agent.SendMarkAsync("before");
        await agent.SayAsync("A sentence that is not heard to its end");
        await agent.SendMarkAsync("after");
        await agent.WhenMarkAsync("before");
        await agent.WhenAsync(m => Chunk(m) == 7, "0.7 s of audio");
        await agent.SendClearAsync();
        await agent.SayAsync("Sorry.");
        await agent.SendMarkAsync("sorry");
        await agent.WhenMarkAsync("sorry");
        await agent.CloseAsync();

        var talk = await stage.EndAsync(sid);
        Assert.Equal([false, true], talk.Heard.Select(h => h.Complete));
        Assert.Equal("Sorry.", talk.Heard[1].Text);
        var clear = Assert.Single(talk.Clears);
        Assert.InRange(clear.DroppedMs, 100, 1400);

        // The chunk of 100 ms that was under way played to its end, and the next sentence followed it without a pause.
        Assert.InRange(talk.Heard[1].StartMs - clear.AtMs, 0, 102);
        Assert.InRange(clear.SinceSpeechMs!.Value, clear.AtMs - talk.Said[0].StartMs - 1, clear.AtMs - talk.Said[0].StartMs + 1);
        Assert.Equal(["before", "after", "sorry"], talk.Marks.Select(m => m.Name));
        Assert.InRange(talk.Marks[0].ReturnedMs!.Value - talk.Marks[0].ReceivedMs, 79, 121);
        Assert.Equal(marks == MarksAfterClear.AtOnce ? clear.AtMs : null, talk.Marks[1].ReturnedMs);
        var returned = agent.Messages.Where(m => AgentSession.EventOf(m) == "mark").Select(m => m.GetProperty("mark").GetProperty("name"));
        Assert.Equal(marks == MarksAfterClear.AtOnce ? 3 : 2, returned.Count());
    }

    [Fact]
    public async Task Audio_WhenItComesTooLate_IsHeardWithAGapThatIsRecorded()
    {
        await using var stage = await MediaStage.SetAsync();
        var sid = await stage.DialAsync(() => new Listener());
        using var agent = await stage.NextAsync();
        var spoken = ToneVoice.Speak("All of this and no more", agent.Rate, ToneSpeaker.Agent);

        await agent.SendAudioAsync(spoken[..4800]);
        await agent.SendMarkAsync("dry");
        await agent.WhenMarkAsync("dry");
        var dry = agent.Messages.Count;
        await agent.WhenAsync(m => agent.Messages.Count > dry + 2 && AgentSession.EventOf(m) == "media", "two chunks more");
        await agent.SendAudioAsync(spoken[4800..]);
        await agent.SendMarkAsync("end");
        await agent.WhenMarkAsync("end");
        await agent.CloseAsync();

        var talk = await stage.EndAsync(sid);
        var gap = Assert.Single(talk.Gaps);
        Assert.InRange(gap.Ms, 1, 2000);
        Assert.InRange(gap.AtMs - talk.Heard[0].StartMs, 599, 601);
        Assert.Equal(("All of this a", false), (talk.Heard[0].Text, talk.Heard[0].Complete));
    }

    [Fact]
    public async Task Person_WhenTheirScriptFails_EndsTheCallAndSaysWhy()
    {
        await using var stage = await MediaStage.SetAsync();

        var talk = await stage.EndAsync(await stage.DialAsync(() => new Listener { Then = p => p.Say("नमस्ते") }));

        Assert.Equal(("carrier", 1011), (talk.ClosedBy, talk.CloseCode));
        Assert.Contains("printable ASCII", talk.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_WhileAConversationGoesOn_ShowsItAndKeepsIt()
    {
        var file = Path.Combine(_folder.FullName, "calls.jsonl");
        await using var stage = await MediaStage.SetAsync(o => o.LedgerFile = file);
        var sid = await stage.DialAsync(() => new Listener { Then = p => p.Say("good morning") });
        using var agent = await stage.NextAsync();
        await agent.SayAsync("Good morning to you.");
        await stage.WhenAsync(sid, c => c.HeardAll("to you") && c.Said.Count == 1);
        using var client = new HttpClient { BaseAddress = stage.Carrier.BaseAddress };
        var shown = Assert.Single((await client.GetFromJsonAsync<List<LedgerEntry>>("/ledger"))!);
        Assert.Equal(["Good morning to you."], shown.Conversation!.Heard.Select(h => h.Text));

        await stage.RestartAsync();

        // The call was live: with the simulator gone it is over, and the client is told.
        await stage.Receiver.WhenAsync(1);
        var entry = Assert.Single(stage.Carrier.Ledger.Entries);
        Assert.Equal(("completed", "carrier", "the simulator was restarted"),
            (entry.FinalStatus, entry.Conversation!.ClosedBy, entry.Conversation.Note));
        Assert.Equal(["good morning"], entry.Conversation.Said.Select(s => s.Text));
        Assert.Equal("completed", stage.Receiver.All[0]["Status"]);
        await stage.Carrier.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(entry.Conversation.Heard, stage.Carrier.Conversations.Of(sid)!.Heard);
    }

    [Theory]
    [InlineData("03", "answered terminal")]
    [InlineData("83", "answered")]
    [InlineData("84", "answered answered terminal terminal")]
    [InlineData("85", "answered terminal")]
    [InlineData("86", "terminal answered")]
    [InlineData("87", "answered update terminal")]
    public async Task Callbacks_OfACallThatTalks_ComeByItsFateAroundTheRealEnd(string fate, string events)
    {
        await using var stage = await MediaStage.SetAsync();
        var number = $"+9198765412{fate}";
        stage.Carrier.People.Put(number, () => new Listener());

        var sid = await stage.DialAsync(
            number, "", ("StatusCallbackEvents[0]", "terminal"), ("StatusCallbackEvents[1]", "answered"));
        using var agent = await stage.NextAsync();
        await agent.WhenAsync(m => Chunk(m) == 6, "0.6 s of audio");
        Assert.DoesNotContain(stage.Receiver.All, c => c.Event == "terminal");
        await agent.CloseAsync();
        await stage.EndAsync(sid);
        await stage.Carrier.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(events.Split(' '), stage.Receiver.All.Select(c => c.Event));

        // Real audio does not share the speed of the ringing, by which it would have lasted ten minutes.
        var ended = stage.Receiver.All.Where(c => c.Event == "terminal");
        Assert.All(ended, c => Assert.InRange(int.Parse(c["ConversationDuration"]), 1, 30));
    }

    [Theory]
    [InlineData("+919876541255", "no-answer")]
    [InlineData("+919876541260", "busy")]
    public async Task Fate_WithoutAnAnswer_OpensNoStream(string number, string status)
    {
        await using var stage = await MediaStage.SetAsync();

        var sid = await stage.DialAsync(number);
        await stage.Carrier.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(30));

        var entry = stage.Carrier.Ledger.Entries.Single(e => e.CallSid == sid);
        Assert.Equal((status, null), (entry.FinalStatus, entry.Conversation));
    }

    [Fact]
    public async Task InstantAnswer_WithMedia_OpensNoStream()
    {
        await using var stage = await MediaStage.SetAsync(o => o.InstantAnswer = true);

        await stage.DialAsync("+919876540003");
        await stage.Carrier.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(("completed", null), (stage.Carrier.Ledger.Entries[0].FinalStatus, stage.Carrier.Ledger.Entries[0].Conversation));
    }

    private static int Chunk(System.Text.Json.JsonElement message) =>
        AgentSession.EventOf(message) == "media" ? int.Parse(message.GetProperty("media").GetProperty("chunk").GetString()!) : 0;
}
