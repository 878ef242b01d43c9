using SpokenTones;

namespace LiveModelSimulator.Tests;

public sealed class InterruptionTests
{
    [Theory]
    [InlineData(Setups.Live31)]
    [InlineData(Setups.Vertex)]
    public async Task Speech_WhileTheAgentSpeaks_InterruptsItAndTellsHowMuchPlayed(string model)
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(model);
        await client.TypeAsync("Greet.");
        await stage.UntilAsync(client, e => e.Said.Count == 1, "the greeting to begin");

        stage.Clock.Advance(TimeSpan.FromMilliseconds(400));
        await client.SendAudioAsync(ToneVoice.Speak("hello", 16_000).AsMemory(0, 16 * 150));
        await stage.WhenAsync(client, e => e.Interruptions == 1, "the interruption");
        await client.TurnsAsync(1);

        var said = Assert.Single(stage.Session(1).Said);
        Assert.True(said.Interrupted && said.Over);
        Assert.InRange(said.PlayedMs, 360, 440);
        Assert.InRange(said.SentMs, 1500, said.LengthMs - 1);
        Assert.Equal(said.SentMs, client.AudioMs, 1.0);
        var order = client.Messages.Skip(1).Select(Kind).Where(k => k is not "audio" and not "outputTranscription" and not "usageMetadata");
        Assert.Equal(["resumable False", "interrupted", "turnComplete", "resumable True"], order);
        Assert.Equal(0, client.Count("generationComplete"));
    }

    [Fact]
    public async Task Speech_AfterTheGenerationWhileItStillPlays_Interrupts()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31);
        await client.TypeAsync("Greet.");
        await stage.UntilAsync(client, e => e.Said is [{ SentMs: > 0 }], "all of the greeting to be sent");
        await client.WhenContentAsync("generationComplete");

        await stage.SayAsync(client, "yes, I will renew");
        await client.WhenContentAsync("interrupted");

        Assert.True(stage.Session(1).Said[0].Interrupted);
        Assert.True(stage.Session(1).Heard[0].BargedIn);
    }

    [Fact]
    public async Task Speech_AfterThePlayout_InterruptsNothing()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);

        await stage.SayAsync(client, "hello");

        Assert.Equal(0, stage.Session(1).Interruptions);
        Assert.Equal(0, client.Count("interrupted"));
        var said = Assert.Single(stage.Session(1).Said);
        Assert.Equal((said.LengthMs, false, true), (said.PlayedMs, said.Interrupted, said.Over));
    }

    [Fact]
    public async Task Speech_WhileACallIsPending_CancelsIt()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);
        await stage.SayAsync(client, "yes, I will renew");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "the tool call");
        var call = stage.Session(1).ToolCalls[0];

        await stage.SayAsync(client, "no, not interested");
        var cancelled = await client.WhenAsync(m => m.TryGetProperty("toolCallCancellation", out _), "the cancellation");
        await client.RespondAsync(call, "{}");
        await stage.WhenAsync(client, e => e.ToolCalls[0].AnsweredAfterCancel, "the late response");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 2, "the next call");

        Assert.Equal([call.Id], cancelled.GetProperty("toolCallCancellation").GetProperty("ids").EnumerateArray().Select(i => i.GetString()));
        Assert.Equal("not_interested", stage.Session(1).ToolCalls[1].Args["disposition"]);
        Assert.True(stage.Session(1).ToolCalls[0].Cancelled);
        Assert.True(stage.Session(1).Live);
    }

    [Fact]
    public async Task Speech_WithNoInterruption_IsAnsweredAfterTheTurn()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31, """{"realtimeInputConfig":{"activityHandling":"NO_INTERRUPTION"}}""");
        await client.TypeAsync("Greet.");
        await stage.UntilAsync(client, e => e.Said.Count == 1, "the greeting to begin");

        await stage.SayAsync(client, "hello");
        await stage.UntilAsync(client, e => e.TurnsEnded == 2, "both turns");

        Assert.Equal(["Hello Asha. I remember her plan is gold.", "Will you renew this year?"], stage.Session(1).Said.Select(s => s.Text));
        Assert.All(stage.Session(1).Said, s => Assert.False(s.Interrupted));
        Assert.Equal(0, stage.Session(1).Interruptions);
    }

    [Fact]
    public async Task Echo_OfTheAgentsOwnVoice_InterruptsNothing()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31);
        await client.TypeAsync("Greet.");
        await stage.UntilAsync(client, e => e.Said.Count == 1, "the greeting to begin");

        await client.SendAudioAsync(ToneVoice.Speak("Hello Asha.", 16_000, ToneSpeaker.Agent));
        await client.SendAudioAsync(ToneVoice.Noise(500, 16_000));
        await client.TypeAsync("Go on.");
        await stage.WhenAsync(client, e => e.Typed.Count == 2, "the text after the echo");

        Assert.Equal((0, 0), (stage.Session(1).Interruptions, stage.Session(1).Heard.Count));
    }

    [Fact]
    public async Task TurnComplete_ByTheRealTimeClock_ComesWhenTheAudioHasPlayed()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Native25);
        await client.TypeAsync("Greet.");
        await stage.UntilAsync(client, e => e.Said is [{ SentMs: > 0 }], "all of the greeting to be sent");
        var sent = stage.Clock.GetUtcNow();
        await stage.UntilAsync(client, e => e.TurnsEnded == 1, "the turn's end");
        await client.TurnsAsync(1);

        var said = stage.Session(1).Said[0];
        Assert.InRange((sent - said.At).TotalMilliseconds, said.LengthMs / 5, said.LengthMs / 3);
        Assert.Equal(said.LengthMs, (stage.Clock.GetUtcNow() - said.At).TotalMilliseconds, 5.0);
        var kinds = client.Messages.Select(Kind).ToList();
        Assert.True(kinds.IndexOf("generationComplete") < kinds.IndexOf("usageMetadata"));
        Assert.True(kinds.IndexOf("usageMetadata") < kinds.IndexOf("turnComplete"));
    }

    [Fact]
    public async Task Messages_Of31_HoldSeveralFields()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);
        await client.TurnsAsync(1);

        Assert.Contains(
            client.Messages,
            m => LiveClient.Content(m, "modelTurn") is not null && LiveClient.Content(m, "outputTranscription") is not null);
        Assert.Contains(client.Messages, m => LiveClient.Content(m, "modelTurn")?.GetProperty("parts").GetArrayLength() > 1);
        var end = client.Messages.Single(m => LiveClient.Content(m, "turnComplete") is not null);
        var usage = end.GetProperty("usageMetadata");
        Assert.Equal((int)(stage.Session(1).Said[0].LengthMs / 40), usage.GetProperty("responseTokenCount").GetInt32());
        Assert.Equal(
            usage.GetProperty("totalTokenCount").GetInt32(),
            usage.GetProperty("responseTokenCount").GetInt32() + usage.GetProperty("promptTokenCount").GetInt32());
    }

    [Fact]
    public async Task Usage_OnVertex_HasItsOwnNamesAndGrows()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Vertex);
        await stage.ConverseAsync(client, "hello");
        await client.TurnsAsync(2);

        var usage = client.Messages.Where(m => m.TryGetProperty("usageMetadata", out _)).Select(m => m.GetProperty("usageMetadata")).ToList();
        Assert.All(usage, u => Assert.True(u.TryGetProperty("candidatesTokenCount", out _)));
        Assert.True(usage[1].GetProperty("promptTokenCount").GetInt32() > usage[0].GetProperty("promptTokenCount").GetInt32());
    }

    private static string Kind(System.Text.Json.JsonElement message)
    {
        var first = message.EnumerateObject().First();
        return first.Name switch
        {
            "serverContent" => LiveClient.Content(message, "modelTurn") is not null ? "audio" : first.Value.EnumerateObject().First().Name,
            "sessionResumptionUpdate" => $"resumable {first.Value.GetProperty("resumable").GetBoolean()}",
            _ => first.Name,
        };
    }
}
