using SpokenTones;

namespace LiveModelSimulator.Tests;

public sealed class ConversationTests
{
    private const string Ok = """{"output":{"status":"ok"}}""";

    [Theory]
    [InlineData(Setups.Live31)]
    [InlineData(Setups.Native25)]
    [InlineData(Setups.Vertex)]
    public async Task Greeting_OnATypedText_NamesThePersonAndTheFirstFact(string model)
    {
        await using var stage = await Stage.SetAsync();

        var client = await stage.GreetedAsync(model);
        await client.TurnsAsync(1);

        Assert.Equal(["Hello Asha. I remember her plan is gold."], client.Heard);
        Assert.Equal("Hello Asha. I remember her plan is gold.", client.Transcription("outputTranscription"));
        Assert.Equal(["Greet now."], stage.Session(1).Typed);
    }

    [Fact]
    public async Task Greeting_WithoutNameAndFact_LeavesThemOut()
    {
        await using var stage = await Stage.SetAsync();

        var client = await stage.GreetedAsync(Setups.Live31, prompt: "You are Mira.\n- not a fact\n");
        await client.TurnsAsync(1);

        Assert.Equal(["Hello."], client.Heard);
    }

    [Fact]
    public async Task Greeting_OnClientContentOf25_Comes()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Native25);

        await client.SendAsync("""{"clientContent":{"turns":[{"role":"user","parts":[{"text":"Greet."}]}],"turnComplete":true}}""");
        await stage.UntilAsync(client, e => e.TurnsEnded == 1, "the greeting");
        await client.TurnsAsync(1);

        Assert.Equal(["Hello Asha. I remember her plan is gold."], client.Heard);
    }

    [Fact]
    public async Task Greeting_WhenThePersonSaysHelloFirst_Comes()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31);

        await stage.ConverseAsync(client, "hello");
        await client.TurnsAsync(1);

        Assert.StartsWith("Hello Asha.", Assert.Single(client.Heard), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(16_000)]
    [InlineData(24_000)]
    public async Task Hearing_AtEachRate_TranscribesInWords(int rate)
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Native25);

        await client.SpeakAsync("yes, speaking", rate);
        await stage.UntilAsync(client, e => e.TurnsEnded == 2, "the reply");
        await client.TurnsAsync(2);

        var heard = Assert.Single(stage.Session(1).Heard);
        Assert.Equal(("yes, speaking", true, false), (heard.Text, heard.Complete, heard.BargedIn));
        Assert.InRange(heard.EndMs - heard.StartMs, 600, 750);
        Assert.Equal("yes, speaking", client.Transcription("inputTranscription"));
        Assert.Equal("Will you renew this year?", client.Heard[^1]);
    }

    public static TheoryData<string, string, string, string, string> Lines => new()
    {
        { "yes, I will renew", "update_campaign_contact disposition=interested", Ok, "Thank you. Goodbye.", "end_call reason=finished" },
        {
            "no, not interested", "update_campaign_contact disposition=not_interested", Ok,
            "Thank you for your time. Goodbye.", "end_call reason=finished"
        },
        {
            "call me Tuesday at four", "schedule_callback when=Tuesday at four",
            """{"output":{"status":"ok","at":"2026-11-24T16:00:00+05:30","say":"Tuesday, 24 November, 4 pm"}}""",
            "I will call you Tuesday, 24 November, 4 pm. Goodbye.", "end_call reason=finished"
        },
        {
            "do not call me again", "mark_do_not_call reason=do not call me again", Ok,
            "You will not be called again. Goodbye.", "end_call reason=finished"
        },
        {
            "leave a message after the tone", "report_answering_machine kind=voicemail,said=leave a message after the tone",
            """{"output":{"status":"ok","action":"leave_message","message":"This is Mira. Please call back."}}""",
            "This is Mira. Please call back.", "end_call reason=finished"
        },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Line_WithATool_CallsItSpeaksAndEnds(string said, string call, string response, string reply, string end)
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);

        await stage.SayAsync(client, said);
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "the tool call");
        await client.RespondAsync(stage.Session(1).ToolCalls[0], response);
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 2, "end_call");
        await client.RespondAsync(stage.Session(1).ToolCalls[1], Ok);
        await stage.UntilAsync(client, e => e.TurnsEnded == 2, "the turn's end");
        await client.TurnsAsync(2);

        var calls = stage.Session(1).ToolCalls;
        Assert.Equal([call, end], calls.Select(Describe));
        Assert.Equal(response, calls[0].Response);
        Assert.Equal(reply, client.Heard[^1]);
        Assert.Empty(stage.Session(1).ProtocolErrors);
    }

    [Theory]
    [InlineData("leave a message after the tone", "hang_up", null, "end_call")]
    [InlineData("say your name and why you call", "explain", "Mira, about your plan.", null)]
    [InlineData("say your name and why you call", "continue", "Will you renew this year?", null)]
    public async Task AnsweringMachine_ByTheAction_IsObeyed(string said, string action, string? reply, string? lastCall)
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Native25);

        await stage.SayAsync(client, said);
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "the report");
        await client.RespondAsync(
            stage.Session(1).ToolCalls[0], $$$"""{"output":{"status":"ok","action":"{{{action}}}","message":"Mira, about your plan."}}""");
        if (lastCall is null)
        {
            await stage.UntilAsync(client, e => e.TurnsEnded == 2, "the turn's end");
        }
        else
        {
            await stage.UntilAsync(client, e => e.ToolCalls.Count == 2, lastCall);
        }

        Assert.Equal(reply, stage.Session(1).Said.Skip(1).SingleOrDefault()?.Text);
        Assert.Equal(lastCall, stage.Session(1).ToolCalls.Skip(1).SingleOrDefault()?.Name);
    }

    [Fact]
    public async Task Callback_WhenTheTimeIsUnclear_AsksAsTold()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);

        await stage.SayAsync(client, "call me whenever");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "the tool call");
        await client.RespondAsync(stage.Session(1).ToolCalls[0], """{"output":{"status":"unclear","ask":"On which day?"}}""");
        await stage.UntilAsync(client, e => e.TurnsEnded == 2, "the question");

        Assert.Equal("On which day?", stage.Session(1).Said[^1].Text);
    }

    [Fact]
    public async Task Fact_WhenTold_IsNoted()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);

        await stage.ConverseAsync(client, "my birthday month is March");

        Assert.Equal("Noted, March. Will you renew this year?", stage.Session(1).Said[^1].Text);
    }

    [Fact]
    public async Task Unclear_ThreeTimes_EndsTheCall()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);

        await stage.ConverseAsync(client, "blue");
        await stage.ConverseAsync(client, "green");
        await stage.SayAsync(client, "red");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "end_call");

        Assert.Equal(
            ["Sorry, could you repeat that?", "Sorry, could you repeat that?", "Goodbye."], stage.Session(1).Said.Skip(1).Select(s => s.Text));
        Assert.Equal("end_call", stage.Session(1).ToolCalls[0].Name);
    }

    [Fact]
    public async Task Unclear_AfterAMatch_StartsOver()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);
        foreach (var said in (string[])["blue", "green", "hello", "blue", "green"])
        {
            await stage.ConverseAsync(client, said);
        }

        Assert.Equal(2, stage.Session(1).Said.TakeLast(2).Count(s => s.Text == "Sorry, could you repeat that?"));
    }

    [Fact]
    public async Task Script_OfATest_IsPlayed()
    {
        var script = new AgentScript
        {
            Rules = [new("weather in (?<town>[a-z]+)", [new Say("In {town}"), new Pause(TimeSpan.FromSeconds(1)), new Say("it rains.")])],
        };
        await using var stage = await Stage.SetAsync(o => o.Script = script);
        var client = await stage.GreetedAsync(Setups.Live31);

        await stage.ConverseAsync(client, "weather in Pune");

        var said = stage.Session(1).Said.TakeLast(2).ToList();
        Assert.Equal(["In Pune", "it rains."], said.Select(s => s.Text));
        Assert.True(said[1].At - said[0].At > TimeSpan.FromSeconds(1), $"{said[1].At - said[0].At}");
    }

    [Fact]
    public async Task Typed_AfterTheGreeting_NudgesOrEnds()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);

        await client.TypeAsync("Nobody has spoken for a while.");
        await stage.UntilAsync(client, e => e.TurnsEnded == 2, "the nudge's reply");
        await client.TypeAsync("Say goodbye and end the call.");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "end_call");

        Assert.Equal(["Are you still there?", "Goodbye."], stage.Session(1).Said.Skip(1).Select(s => s.Text));
    }

    [Fact]
    public async Task Utterances_WithoutASilenceBetween_AreOneTurn()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);

        await client.SpeakAsync("this is Ravi", silenceMs: 100);
        await client.SpeakAsync("leave a message after the tone");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "the report");

        Assert.Equal("this is Ravi leave a message after the tone", stage.Session(1).ToolCalls[0].Args["said"]);
    }

    [Fact]
    public async Task Utterance_ThatBreaksOff_IsHeardAsFarAsItWent()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);
        var pcm = ToneVoice.Speak("yes, I will renew", 16_000);

        await client.SendAudioAsync(pcm.AsMemory(0, pcm.Length / 2));
        await client.SendAsync("""{"realtimeInput":{"audioStreamEnd":true}}""");
        await stage.WhenAsync(client, e => e.Heard.Count == 1, "the broken utterance");

        var heard = stage.Session(1).Heard[0];
        Assert.False(heard.Complete);
        Assert.StartsWith(heard.Text, "yes, I will renew", StringComparison.Ordinal);
        Assert.InRange(heard.Text.Length, 3, 10);
    }

    [Fact]
    public async Task Reply_ToSpeechThatGoesOn_WaitsForItsEnd()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);

        await client.SpeakAsync("blue");
        await stage.WhenAsync(client, e => e.Heard.Count == 1, "the first utterance");
        await stage.SayAsync(client, "yes, I will renew");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "the tool call");

        Assert.Single(stage.Session(1).Said);
        Assert.Equal(0, stage.Session(1).Interruptions);
    }

    [Fact]
    public async Task ManualActivity_WithMarks_DecidesWhatIsHeard()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(
            Setups.Live31,
            """{"realtimeInputConfig":{"automaticActivityDetection":{"disabled":true}}}""");

        await client.SpeakAsync("outside the marks");
        await client.SendAsync("""{"realtimeInput":{"activityStart":{}}}""");
        await client.SpeakAsync("hello");
        await client.SendAsync("""{"realtimeInput":{"activityEnd":{}}}""");
        await stage.UntilAsync(client, e => e.TurnsEnded == 2, "the reply");

        Assert.Equal("hello", Assert.Single(stage.Session(1).Heard).Text);
        Assert.Equal("Will you renew this year?", stage.Session(1).Said[^1].Text);
    }

    [Fact]
    public async Task Cheap_AfterAnySound_RepliesInTurn()
    {
        await using var stage = await Stage.SetAsync(o => o.Cheap = true);
        var client = await stage.GreetedAsync(Setups.Vertex);

        for (var turn = 2; turn <= 3; turn++)
        {
            await client.SendAudioAsync(ToneVoice.Beep(500, 600, 16_000));
            await client.SendAudioAsync(new short[16_000]);
            await stage.UntilAsync(client, e => e.TurnsEnded == turn, "the reply");
        }

        Assert.Equal(stage.Options.Script.CheapReplies, stage.Session(1).Said.Skip(1).Select(s => s.Text));
    }

    private static string Describe(ToolRecord call) => $"{call.Name} {string.Join(',', call.Args.Select(a => $"{a.Key}={a.Value}"))}";
}
