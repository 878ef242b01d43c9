using System.Net;
using System.Net.WebSockets;

namespace LiveModelSimulator.Tests;

public sealed class FaultTests
{
    private const string Ok = """{"output":{"status":"ok"}}""";

    [Fact]
    public async Task SlowAudio_ByMarker_ComesAtHalfTheSpeed()
    {
        var (spent, length) = await TimeOfGreetingAsync("slow-audio");

        Assert.InRange(spent / length, 1.85, 2.05);
    }

    [Fact]
    public async Task SlowAudio_WithANumber_ComesAtThatSpeed()
    {
        var (spent, length) = await TimeOfGreetingAsync("slow-audio=80");

        Assert.InRange(spent / length, 1.2, 1.3);
    }

    [Fact]
    public async Task BurstyAudio_ByMarker_ComesInBurstsWithGaps()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "bursty-audio");
        await client.TypeAsync("Greet.");
        await stage.UntilAsync(client, e => e.Said.Count == 1, "the greeting to begin");

        // Between two bursts the one timer waits for the whole gap.
        var steps = new List<double>();
        while (stage.Session(1).Said[0].SentMs == 0)
        {
            steps.Add(stage.Clock.AdvanceToNext().TotalMilliseconds);
        }

        Assert.Equal(320, steps[0]);
        Assert.All(steps.Skip(1), s => Assert.InRange(s, 280, 320));
        Assert.InRange(steps.Sum(), stage.Session(1).Said[0].LengthMs - 320, stage.Session(1).Said[0].LengthMs + 320);
    }

    [Theory]
    [InlineData("lead-in", 2000)]
    [InlineData("lead-in=700", 700)]
    [InlineData("thoughts", 100)]
    public async Task LeadIn_OfATurn_IsSilent(string faults, int ms)
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, faults, prompt: "name: Al");
        await GreetAsync(stage, client);

        var speech = SpokenTones.ToneVoice.DurationOf("Hello Al.").TotalMilliseconds;
        Assert.Equal(ms + speech, stage.Session(1).Said[0].LengthMs, 1.0);
        Assert.Equal(["Hello Al."], client.Heard);
    }

    [Theory]
    [InlineData("go-away-mid-turn=1500,turn=1", "1.5s", ClosedBy.Server, 1000)]
    [InlineData("go-away-mid-turn,go-away-abort,turn=1", "2s", ClosedBy.ServerDropped, 1006)]
    [InlineData("go-away-idle=3000,turn=1", "3s", ClosedBy.Server, 1000)]
    public async Task GoAway_AtItsTime_IsFollowedByTheEnd(string faults, string timeLeft, ClosedBy how, int code)
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, faults);
        await client.TypeAsync("Greet.");
        await stage.UntilAsync(client, e => e.GoAway, "goAway");
        Assert.Equal(faults.StartsWith("go-away-idle", StringComparison.Ordinal) ? 1 : 0, stage.Session(1).TurnsEnded);
        var goAway = await client.WhenAsync(m => m.TryGetProperty("goAway", out _), "goAway");
        var at = stage.Clock.GetUtcNow();
        var entry = await stage.UntilAsync(client, e => !e.Live, "the end");

        Assert.Equal(timeLeft, goAway.GetProperty("goAway").GetProperty("timeLeft").GetString());
        Assert.Equal(timeLeft, $"{(entry.ClosedAt!.Value - at).TotalSeconds:0.###}s");
        Assert.Equal(how, entry.ClosedBy);
        var closed = await client.ClosedAsync();
        Assert.Equal(code, closed.Code == (int)WebSocketCloseStatus.Empty ? 1006 : closed.Code);
    }

    [Theory]
    [InlineData("drop", ClosedBy.ServerDropped, null)]
    [InlineData("close-1007", ClosedBy.Server, 1007)]
    [InlineData("close-1008", ClosedBy.Server, 1008)]
    [InlineData("close-1011", ClosedBy.Server, 1011)]
    public async Task Loss_InMidTurn_HappensOnceInAConversation(string fault, ClosedBy how, int? code)
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, fault);
        await GreetAsync(stage, client);
        await stage.SayAsync(client, "hello");
        var lost = await stage.UntilAsync(client, e => !e.Live, "the loss");
        Assert.Equal((code ?? (int)WebSocketCloseStatus.Empty), (await client.ClosedAsync()).Code);

        var resumed = await BeginAsync(stage, fault, ResumptionTests.Resume(lost.Handles[^1]));
        await stage.ConverseAsync(resumed, "hello");

        Assert.Equal((how, code), (lost.ClosedBy, lost.CloseCode));
        Assert.True(lost.Said[1].Interrupted && lost.Said[1].SentMs > 0);
        Assert.Equal("Will you renew this year?", stage.Session(2).Said[0].Text);
        Assert.False(stage.Session(2).Said[0].Interrupted);
    }

    [Fact]
    public async Task Loss_Always_HappensAgain()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "close-1011,always,turn=2");
        await GreetAsync(stage, client);
        for (var session = 1; session <= 3; session++)
        {
            await stage.SayAsync(client, "hello");
            await stage.UntilAsync(client, e => !e.Live, "the close");
            client = await BeginAsync(stage, "close-1011,always,turn=2", ResumptionTests.Resume(stage.Session(1).Handles[^1]));
        }

        Assert.Equal(3, stage.Host.Ledger.Sessions.Count(s => s.CloseCode == 1011));
    }

    [Theory]
    [InlineData("refuse-resume-1008=1", 1008)]
    [InlineData("refuse-resume-1011=1", 1011)]
    public async Task Resumption_ByFault_IsRefusedThatOften(string fault, int code)
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, fault);
        await GreetAsync(stage, client);
        await client.CloseAsync();
        var resume = ResumptionTests.Resume(stage.Session(1).Handles[^1]);

        var refused = await stage.OpenAsync(Setups.Live31, resume, Prompt(fault));
        Assert.Equal(code, (await refused.ClosedAsync()).Code);
        await BeginAsync(stage, fault, resume);

        Assert.Equal([false, true], stage.Host.Ledger.Sessions.Skip(1).Select(s => s.Resumption!.Accepted));
    }

    [Theory]
    [InlineData("no-turn-complete", "turnComplete", Setups.Live31)]
    [InlineData("no-turn-complete", "turnComplete", Setups.Native25)]
    [InlineData("no-generation-complete", "generationComplete", Setups.Live31)]
    [InlineData("no-usage", "usageMetadata", Setups.Live31)]
    [InlineData("no-usage", "usageMetadata", Setups.Vertex)]
    public async Task Message_ByFault_NeverComesAndTheConversationGoesOn(string fault, string missing, string model)
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(model, prompt: Prompt(fault));
        await GreetAsync(stage, client, turnCompletes: missing != "turnComplete");
        await stage.ConverseAsync(client, "hello");
        await client.WhenAsync(
            _ => client.Messages.Count(m => m.TryGetProperty("sessionResumptionUpdate", out var u) && u.GetProperty("resumable").GetBoolean()) == 2,
            "the second handle");

        var raw = string.Concat(client.Messages.Select(m => m.GetRawText()));
        foreach (var name in (string[])["turnComplete", "generationComplete", "usageMetadata"])
        {
            Assert.Equal(name != missing, raw.Contains($"\"{name}\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task BatchedTools_ByMarker_ComeTogetherAfterTheSpeech()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "batched-tools");
        await GreetAsync(stage, client);

        await stage.SayAsync(client, "yes, I will renew");
        await stage.UntilAsync(client, e => e.ToolCalls.Count > 0, "the calls");
        var message = await client.WhenAsync(m => m.TryGetProperty("toolCall", out _), "toolCall");
        await client.RespondAsync(stage.Session(1).ToolCalls[1], Ok);
        await stage.WhenAsync(client, e => e.ToolCalls[1].Response is not null, "the first response");
        Assert.Equal(1, stage.Session(1).TurnsEnded);
        await client.RespondAsync(stage.Session(1).ToolCalls[0], Ok);
        await stage.UntilAsync(client, e => e.TurnsEnded == 2, "the turn's end");

        Assert.Equal(
            ["update_campaign_contact", "end_call"],
            message.GetProperty("toolCall").GetProperty("functionCalls").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        Assert.Equal("Thank you. Goodbye.", stage.Session(1).Said[^1].Text);
    }

    [Fact]
    public async Task CancelledTool_ByMarker_IsCalledAgainWithAnotherId()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "cancelled-tool");
        await GreetAsync(stage, client);

        await stage.SayAsync(client, "do not call me again");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 2, "the second call");
        await client.RespondAsync(stage.Session(1).ToolCalls[1], Ok);
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 3, "end_call");

        var calls = stage.Session(1).ToolCalls;
        Assert.Equal(["mark_do_not_call", "mark_do_not_call", "end_call"], calls.Select(c => c.Name));
        Assert.Equal([true, false, false], calls.Select(c => c.Cancelled));
        Assert.NotEqual(calls[0].Id, calls[1].Id);
        Assert.Equal(TimeSpan.FromMilliseconds(250), calls[1].At - calls[0].At);
    }

    [Fact]
    public async Task ToolsWithoutIds_OnVertex_AreAnsweredByName()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Vertex, prompt: Prompt("tools-without-ids"));
        await GreetAsync(stage, client);
        await stage.SayAsync(client, "yes, I will renew");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "the call");
        var message = await client.WhenAsync(m => m.TryGetProperty("toolCall", out _), "toolCall");
        Assert.False(message.GetProperty("toolCall").GetProperty("functionCalls")[0].TryGetProperty("id", out _));

        await client.RespondAsync(stage.Session(1).ToolCalls[0], Ok);
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 2, "end_call");
        await client.RespondAsync("my-own-id", "end_call", Ok);

        Assert.Equal(1008, (await client.ClosedAsync()).Code);
    }

    [Fact]
    public async Task BinaryFrames_ByMarker_CarryEveryMessage()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "binary-frames");
        await GreetAsync(stage, client);

        Assert.Equal(client.Messages.Count, client.BinaryMessages);
    }

    [Fact]
    public async Task Thoughts_ByMarker_BeginEachTurn()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "thoughts");
        await GreetAsync(stage, client);

        var part = LiveClient.Content(await client.WhenContentAsync("modelTurn"), "modelTurn")!.Value.GetProperty("parts")[0];
        Assert.True(part.GetProperty("thought").GetBoolean());
        Assert.Equal("Hello Asha. I remember her plan is gold.", client.Transcription("outputTranscription"));
        var usage = client.Messages.Single(m => m.TryGetProperty("usageMetadata", out _)).GetProperty("usageMetadata");
        Assert.True(usage.GetProperty("thoughtsTokenCount").GetInt32() > 0);
    }

    [Fact]
    public async Task Stall_ByMarker_SaysNothingUntilAsked()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "stall");
        await GreetAsync(stage, client);

        await stage.SayAsync(client, "hello");
        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(stage.Session(1).Said);
        await client.TypeAsync("Go on.");
        await stage.UntilAsync(client, e => e.TurnsEnded == 2, "the answer");

        Assert.Equal("Will you renew this year?", stage.Session(1).Said[1].Text);
    }

    [Fact]
    public async Task Drone_ByMarker_RepeatsUntilInterrupted()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "drone");
        await GreetAsync(stage, client);
        await stage.SayAsync(client, "hello");
        await stage.UntilAsync(client, e => e.Said.Count == 6, "five rounds");

        await stage.SayAsync(client, "yes, I will renew");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "the next turn");

        Assert.Equal(5, stage.Session(1).Said.Count(s => s.Text == "Will you renew this year?"));
        Assert.Equal(1, stage.Session(1).Interruptions);
        Assert.Equal(1, client.Count("generationComplete"));
    }

    [Fact]
    public async Task Tone_ByMarker_IsAudioWithoutWords()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "tone=3000");
        await GreetAsync(stage, client);
        await stage.ConverseAsync(client, "hello");
        await client.TurnsAsync(2);

        Assert.Equal(["Hello Asha. I remember her plan is gold."], client.Heard);
        Assert.Equal("Hello Asha. I remember her plan is gold.", client.Transcription("outputTranscription"));
        Assert.True(stage.Session(1).Said[1].LengthMs >= 3000);
    }

    [Fact]
    public async Task Http503_ForTheSecondConnection_IsOfThatOneOnly()
    {
        await using var stage = await Stage.SetAsync(o => o.FaultFor = n => n == 2 ? "http-503" : null);
        await stage.BeginAsync(Setups.Live31);

        await Assert.ThrowsAsync<WebSocketException>(() => stage.ConnectAsync());
        await stage.ConnectAsync();

        Assert.Equal([101, 503, 101], stage.Host.Ledger.Sessions.Select(s => s.HttpStatus));
    }

    [Fact]
    public async Task NoSetupComplete_ByMarker_LeavesTheClientWaiting()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.OpenAsync(Setups.Live31, prompt: Prompt("no-setup-complete"));
        await stage.WhenAsync(client, e => e.Model is not null, "the setup");
        await stage.Clock.WhenArmedAsync();

        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await client.CloseAsync();

        Assert.Empty(client.Messages);
        Assert.Null(stage.Session(1).SetupCompleteAt);
    }

    [Fact]
    public async Task LateTranscription_ByMarker_ComesAfterTheAudioAndTheReply()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "late-transcription");
        await GreetAsync(stage, client);
        await stage.ConverseAsync(client, "yes, speaking");
        await client.WhenAsync(_ => client.Transcription("inputTranscription") == "yes, speaking", "the input's words");

        var messages = client.Messages.ToList();
        Assert.True(
            messages.FindLastIndex(m => LiveClient.Content(m, "modelTurn") is not null)
            < messages.FindLastIndex(m => LiveClient.Content(m, "outputTranscription") is not null));
        Assert.True(
            messages.FindLastIndex(m => LiveClient.Content(m, "turnComplete") is not null)
            < messages.FindIndex(m => LiveClient.Content(m, "inputTranscription") is not null));
        Assert.Equal("Hello Asha. I remember her plan is gold.Will you renew this year?", client.Transcription("outputTranscription"));
    }

    [Theory]
    [InlineData("no-transcription", null)]
    [InlineData("lead-in=10", """{"inputAudioTranscription":null,"outputAudioTranscription":null}""")]
    public async Task Transcription_ByFaultOrSetup_IsMissing(string fault, string? changes)
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, fault, changes);
        await GreetAsync(stage, client);
        await stage.ConverseAsync(client, "hello");
        await client.TurnsAsync(2);

        Assert.Equal((0, 0), (client.Count("outputTranscription"), client.Count("inputTranscription")));
        Assert.Equal("Will you renew this year?", client.Heard[^1]);
    }

    [Fact]
    public async Task UnknownFields_ByMarker_AreEverywhere()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "unknown-fields");
        await GreetAsync(stage, client);

        var raw = string.Concat(client.Messages.Select(m => m.GetRawText()));
        foreach (var name in (string[])["futureMessage", "ACTIVITY_OF_THE_FUTURE", "futurePart", "REASON_OF_THE_FUTURE", "futureContent"])
        {
            Assert.Contains(name, raw, StringComparison.Ordinal);
        }

        Assert.Equal(["Hello Asha. I remember her plan is gold."], client.Heard);
    }

    [Fact]
    public async Task SpuriousInterrupted_ByMarker_FollowsATurn()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "spurious-interrupted");
        await GreetAsync(stage, client);
        await client.WhenContentAsync("interrupted");

        var messages = client.Messages.ToList();
        Assert.True(
            messages.FindIndex(m => LiveClient.Content(m, "turnComplete") is not null)
            < messages.FindIndex(m => LiveClient.Content(m, "interrupted") is not null));
        Assert.Equal(0, stage.Session(1).Interruptions);
    }

    [Fact]
    public async Task LateAudio_ByMarker_ComesAfterGenerationComplete()
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, "late-audio");
        await GreetAsync(stage, client);

        var messages = client.Messages.ToList();
        Assert.True(
            messages.FindIndex(m => LiveClient.Content(m, "generationComplete") is not null)
            < messages.FindLastIndex(m => LiveClient.Content(m, "modelTurn") is not null));
    }

    [Fact]
    public async Task Quota_ByMarker_Is1011()
    {
        await using var stage = await Stage.SetAsync();

        var client = await stage.OpenAsync(Setups.Live31, prompt: Prompt("quota"));

        Assert.Equal(1011, (await client.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Marker_WithAFaultThatDoesNotExist_IsRefusedLoudly()
    {
        await using var stage = await Stage.SetAsync();

        var client = await stage.OpenAsync(Setups.Live31, prompt: Prompt("bad-weather"));

        Assert.Equal(1011, (await client.ClosedAsync()).Code);
        Assert.Contains("bad-weather", Assert.Single(stage.Session(1).ProtocolErrors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_WithFaults_StrikesTheNextConnections()
    {
        await using var stage = await Stage.SetAsync();
        using var accepted = await stage.Http.PostAsync(
            "control", new StringContent("""{"faults":"binary-frames,turn=3","faultSessions":1}"""));
        using var refused = await stage.Http.PostAsync("control", new StringContent("""{"faults":"bad-weather"}"""));

        await stage.BeginAsync(Setups.Live31);
        await stage.BeginAsync(Setups.Live31);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (accepted.StatusCode, refused.StatusCode));
        Assert.Equal(["binary-frames", "turn"], stage.Session(1).Faults);
        Assert.Empty(stage.Session(2).Faults);
    }

    private static string Prompt(string faults) => $"{Setups.Prompt}\n(model_fault: {faults})";

    private static Task<LiveClient> BeginAsync(Stage stage, string faults, string? changes = null, string? prompt = null) =>
        stage.BeginAsync(Setups.Live31, changes, prompt is null ? Prompt(faults) : $"{prompt}\nmodel_fault: {faults}");

    private static async Task GreetAsync(Stage stage, LiveClient client, bool turnCompletes = true)
    {
        await client.TypeAsync("Greet.");
        await stage.UntilAsync(client, e => e.TurnsEnded == 1, "the greeting");
        if (turnCompletes)
        {
            await client.TurnsAsync(1);
        }
    }

    private static async Task<(double SpentMs, double LengthMs)> TimeOfGreetingAsync(string faults)
    {
        await using var stage = await Stage.SetAsync();
        var client = await BeginAsync(stage, faults);
        await client.TypeAsync("Greet.");
        var entry = await stage.UntilAsync(client, e => e.Said is [{ SentMs: > 0 }], "all of it to be sent");
        return ((stage.Clock.GetUtcNow() - entry.Said[0].At).TotalMilliseconds, entry.Said[0].LengthMs);
    }
}
