namespace LiveModelSimulator.Tests;

public sealed class InputTests
{
    [Theory]
    [InlineData(Setups.Live31, """{"realtimeInput":{"mediaChunks":[{"data":"AAA=","mimeType":"audio/pcm;rate=16000"}]}}""", "media_chunks is deprecated")]
    [InlineData(Setups.Vertex, """{"realtime_input":{"media_chunks":[]}}""", "media_chunks is deprecated")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"colour":1}}""", """Unknown name "colour" at 'realtime_input'""")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"audio":{"data":"AAA=","mimeType":"audio/pcm;rate=16000","colour":1}}}""", """Unknown name "colour" at 'realtime_input.audio'""")]
    [InlineData(Setups.Live31, """{"colour":1}""", """Unknown name "colour":""")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"text":"a","audioStreamEnd":true}}""", "exactly one")]
    [InlineData(Setups.Live31, """{"realtimeInput":{}}""", "exactly one")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"text":"a"},"toolResponse":{"functionResponses":[]}}""", "exactly one")]
    [InlineData(Setups.Live31, "{}", "exactly one")]
    [InlineData(Setups.Live31, "not json", "Invalid JSON")]
    [InlineData(Setups.Live31, "7", "must be an object")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"audio":{"data":"AAAA","mimeType":"audio/pcm;rate=16000"}}}""", "odd number of bytes")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"audio":{"data":"A*A=","mimeType":"audio/pcm;rate=16000"}}}""", "Base64")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"audio":{"data":"AAA","mimeType":"audio/pcm;rate=16000"}}}""", "Base64")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"audio":{"data":7,"mimeType":"audio/pcm;rate=16000"}}}""", "TYPE_BYTES")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"audio":{"data":"AAA=","mimeType":"audio/pcm"}}}""", "audio/pcm;rate=N")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"audio":{"data":"AAA=","mimeType":"audio/pcm;rate=fast"}}}""", "audio/pcm;rate=N")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"audio":{"data":"AAA=","mimeType":"audio/l16;rate=16000"}}}""", "audio/pcm;rate=N")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"audio":{"data":"AAA="}}}""", "mime_type must be given")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"video":{"data":"AAA=","mimeType":"audio/pcm"}}}""", "of an image")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"activityStart":{}}}""", "automatic activity detection is enabled")]
    [InlineData(Setups.Live31, """{"realtimeInput":{"activityEnd":{}}}""", "automatic activity detection is enabled")]
    [InlineData(Setups.Live31, """{"clientContent":{"turns":[{"role":"user","parts":[{"text":"a"}]}],"turnComplete":true}}""", "initial history only")]
    [InlineData(Setups.Native25, """{"clientContent":{"turns":[{"role":"system","parts":[{"text":"a"}]}]}}""", "valid role")]
    [InlineData(Setups.Native25, """{"clientContent":{"turns":[{"role":"user","parts":[{"functionCall":{}}]}]}}""", "function calls and responses")]
    [InlineData(Setups.Native25, """{"clientContent":{"turns":[{"role":"model","parts":[{"text":"a"}]}],"turnComplete":true}}""", "end with a turn of the user")]
    [InlineData(Setups.Native25, """{"clientContent":{"turns":[{"role":"user","parts":[]}]}}""", "must have parts")]
    [InlineData(Setups.Live31, """{"toolResponse":{"functionResponses":[]}}""", "must not be empty")]
    [InlineData(Setups.Live31, """{"toolResponse":{"functionResponses":[{"name":"f","response":{}}]}}""", "id: must be given")]
    [InlineData(Setups.Live31, """{"toolResponse":{"functionResponses":[{"id":"x","response":{}}]}}""", "name and response must be given")]
    [InlineData(Setups.Live31, """{"toolResponse":{"functionResponses":[{"id":"x","name":"f","response":"ok"}]}}""", "Struct")]
    [InlineData(Setups.Live31, """{"toolResponse":{"functionResponses":[{"id":"x","name":"f","response":{},"scheduling":"SILENT"}]}}""", "scheduling")]
    [InlineData(Setups.Vertex, """{"toolResponse":{"functionResponses":[{"name":"f","response":{},"scheduling":"SILENT"}]}}""", """Unknown name "scheduling" """)]
    public async Task Message_ThatThePlatformRefuses_Is1007(string model, string message, string reason)
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(model);

        await client.SendAsync(message);

        Assert.Equal(1007, (await client.ClosedAsync()).Code);
        Assert.Contains(reason.Trim(), Assert.Single(stage.Session(1).ProtocolErrors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"realtimeInput":{"audioStreamEnd":true}}""")]
    [InlineData("""{"realtimeInput":{"video":{"data":"AAA=","mimeType":"image/jpeg"}}}""")]
    [InlineData("""{"realtime_input":{"audio":{"data":"AAA=","mime_type":"audio/pcm;rate=8000"}}}""")]
    [InlineData("""{"realtimeInput":{"audio":{"mimeType":"audio\/pcm;rate=24000","data":"\u0041AA="}}}""")]
    [InlineData("""{"realtimeInput":{"audio":{"data":"","mimeType":"audio/pcm;rate=16000"},"text":null}}""")]
    public async Task Message_ThatThePlatformTakes_LeavesTheSessionOpen(string message)
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31);

        await client.SendAsync(message);
        await client.TypeAsync("Greet.");
        await stage.WhenAsync(client, e => e.Typed.Count == 1, "the text after it");

        Assert.Empty(stage.Session(1).ProtocolErrors);
    }

    [Fact]
    public async Task AudioStreamEnd_WithManualActivity_Is1007()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(
            Setups.Live31, """{"realtimeInputConfig":{"automaticActivityDetection":{"disabled":true}}}""");

        await client.SendAsync("""{"realtimeInput":{"audioStreamEnd":true}}""");

        Assert.Equal(1007, (await client.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Message_ThatIsTooBig_Is1009()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31);

        // The close may come while the rest is still being sent.
        var sending = client.SendAsync(new byte[9 * 1024 * 1024]);
        var (code, _) = await client.ClosedAsync();
        await Task.WhenAny(sending);

        Assert.Equal(1009, code);
        _ = sending.Exception;
    }

    [Fact]
    public async Task Message_OfManyFrames_IsReadWhole()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31);

        await client.TypeAsync(new string('x', 300_000));
        await stage.WhenAsync(client, e => e.Typed.Count == 1, "the text");

        Assert.Equal(300_000, stage.Session(1).Typed[0].Length);
    }

    [Fact]
    public async Task ClientContent_On31WithHistoryConfig_SeedsOnceAndIsNotAnswered()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31, """{"historyConfig":{"initialHistoryInClientContent":true}}""");
        const string Seed = """{"clientContent":{"turns":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]}],"turnComplete":true}}""";

        await client.SendAsync(Seed);
        await stage.WhenAsync(client, e => e.SeededTurns == 2, "the seed");
        await client.TypeAsync("Greet.");
        await stage.UntilAsync(client, e => e.TurnsEnded == 1, "the greeting");
        await client.SendAsync(Seed);

        Assert.Equal(1007, (await client.ClosedAsync()).Code);
        Assert.Equal(1, client.Count("turnComplete"));
    }

    [Fact]
    public async Task ClientContent_On25InMidTurn_InterruptsIt()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Native25);
        await client.TypeAsync("Greet.");
        await stage.UntilAsync(client, e => e.Said.Count == 1, "the greeting to begin");

        await client.SendAsync("""{"clientContent":{"turns":[{"parts":[{"text":"And now?"}]}],"turnComplete":true}}""");
        await stage.WhenAsync(client, e => e.Typed.Count == 2, "the content");
        await stage.UntilAsync(client, e => e.TurnsEnded == 2, "the second turn");

        Assert.True(stage.Session(1).Said[0].Interrupted);
        Assert.Equal(0, stage.Session(1).Interruptions);
        Assert.Equal("Are you still there?", stage.Session(1).Said[1].Text);
    }

    [Fact]
    public async Task ClientContent_OnVertexWithRoleSystem_IsIgnored()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Vertex);

        await client.SendAsync("""{"clientContent":{"turns":[{"role":"system","parts":[{"text":"a"}]}]}}""");
        await stage.WhenAsync(client, e => e.SeededTurns == 1, "the turn");

        Assert.True(stage.Session(1).Live);
    }
}
