namespace LiveModelSimulator.Tests;

public sealed class SetupTests
{
    [Theory]
    [InlineData(Setups.Live31, null)]
    [InlineData(Setups.Native25, null)]
    [InlineData(Setups.Vertex, null)]
    [InlineData(Setups.Live31, """{"historyConfig":{"initialHistoryInClientContent":true}}""")]
    [InlineData(Setups.Live31, """{"generationConfig":{"thinkingConfig":{"thinkingLevel":"HIGH","includeThoughts":true}}}""")]
    [InlineData(Setups.Native25, """{"generationConfig":{"thinkingConfig":{"thinkingBudget":-1}}}""")]
    [InlineData(Setups.Native25, """{"tools":[{"functionDeclarations":[{"name":"f","behavior":"NON_BLOCKING"}]}]}""")]
    [InlineData(Setups.Vertex, """{"sessionResumption":{"transparent":true},"explicitVadSignal":true}""")]
    [InlineData(Setups.Vertex, """{"proactivity":{"proactiveAudio":true},"generationConfig":{"enableAffectiveDialog":true}}""")]
    [InlineData(Setups.Live31, """{"generationConfig":{"temperature":0.5,"topP":0.9,"topK":40,"maxOutputTokens":800,"seed":7}}""")]
    [InlineData(Setups.Live31, """{"input_audio_transcription":{},"inputAudioTranscription":null}""")]
    [InlineData(Setups.Live31, """{"historyConfig":null,"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}]}""")]
    public async Task Setup_ThatThePlatformTakes_IsCompleted(string model, string? changes)
    {
        await using var stage = await Stage.SetAsync();

        var client = await stage.BeginAsync(model, changes);

        var entry = stage.Session(1);
        Assert.Empty(entry.ProtocolErrors);
        Assert.Equal((model[(model.LastIndexOf('/') + 1)..], Setups.Prompt), (entry.Model, entry.Prompt));
        Assert.Equal(TimeSpan.FromMilliseconds(50), entry.SetupCompleteAt - entry.OpenedAt);
        Assert.Single(client.Messages);
    }

    [Theory]
    [InlineData(Setups.Live31, """{"colour":"blue"}""", """Unknown name "colour" at 'setup'""")]
    [InlineData(Setups.Live31, """{"generationConfig":{"colour":1}}""", """Unknown name "colour" at 'setup.generation_config'""")]
    [InlineData(Setups.Live31, """{"tools":[{"functionDeclarations":[{"name":"f","colour":1}]}]}""", """Unknown name "colour" at 'setup.tools[0].function_declarations[0]'""")]
    [InlineData(Setups.Live31, """{"toolConfig":{}}""", """Unknown name "toolConfig" at 'setup'""")]
    [InlineData(Setups.Live31, """{"generationConfig":{"thinkingConfig":{"thinkingBudget":0}}}""", """Unknown name "thinkingBudget" """)]
    [InlineData(Setups.Native25, """{"generationConfig":{"thinkingConfig":{"thinkingLevel":"LOW"}}}""", """Unknown name "thinkingLevel" """)]
    [InlineData(Setups.Vertex, """{"generationConfig":{"thinkingConfig":{"thinkingLevel":"LOW"}}}""", """Unknown name "thinkingLevel" """)]
    [InlineData(Setups.Live31, """{"proactivity":{"proactiveAudio":true}}""", """Unknown name "proactivity" """)]
    [InlineData(Setups.Native25, """{"proactivity":{"proactiveAudio":true}}""", """Unknown name "proactivity" """)]
    [InlineData(Setups.Native25, """{"generationConfig":{"enableAffectiveDialog":true}}""", """Unknown name "enableAffectiveDialog" """)]
    [InlineData(Setups.Live31, """{"sessionResumption":{"transparent":true}}""", """Unknown name "transparent" """)]
    [InlineData(Setups.Native25, """{"explicitVadSignal":true}""", """Unknown name "explicitVadSignal" """)]
    [InlineData(Setups.Vertex, """{"historyConfig":{"initialHistoryInClientContent":true}}""", """Unknown name "historyConfig" """)]
    [InlineData(Setups.Vertex, """{"tools":[{"functionDeclarations":[{"name":"f","behavior":"BLOCKING"}]}]}""", """Unknown name "behavior" """)]
    [InlineData(Setups.Live31, """{"tools":[{"functionDeclarations":[{"name":"f","behavior":"NON_BLOCKING"}]}]}""", "NON_BLOCKING is not supported")]
    [InlineData(Setups.Live31, """{"generationConfig":{"responseModalities":["TEXT"]}}""", "non-audio request")]
    [InlineData(Setups.Native25, """{"generationConfig":{"responseModalities":["AUDIO","TEXT"]}}""", "non-audio request")]
    [InlineData(Setups.Live31, """{"generationConfig":{"responseMimeType":"application/json"}}""", "not supported in the live")]
    [InlineData(Setups.Live31, """{"generationConfig":{"responseSchema":{"type":"STRING"}}}""", "not supported in the live")]
    [InlineData(Setups.Live31, """{"generationConfig":{"stopSequences":["x"]}}""", "not supported in the live")]
    [InlineData(Setups.Live31, """{"generationConfig":{"temperature":"hot"}}""", "Invalid value at 'setup.generation_config.temperature'")]
    [InlineData(Setups.Live31, """{"generationConfig":{"topK":1.5}}""", "Invalid value at 'setup.generation_config.top_k'")]
    [InlineData(Setups.Live31, """{"generationConfig":{"speechConfig":{"languageCode":"Hindi"}}}""", "Invalid value at 'setup.generation_config.speech_config.language_code'")]
    [InlineData(Setups.Live31, """{"generationConfig":{"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Bob"}}}}}""", "voice_name")]
    [InlineData(Setups.Live31, """{"realtimeInputConfig":{"activityHandling":"SHOUT"}}""", "Invalid value at 'setup.realtime_input_config.activity_handling'")]
    [InlineData(Setups.Live31, """{"realtimeInputConfig":{"automaticActivityDetection":{"disabled":"no"}}}""", "TYPE_BOOL")]
    [InlineData(Setups.Live31, """{"systemInstruction":{"parts":[{"inlineData":{"mimeType":"image/png","data":""}}]}}""", "only text is supported")]
    [InlineData(Setups.Live31, """{"systemInstruction":"be kind"}""", "Invalid value at 'setup.system_instruction'")]
    [InlineData(Setups.Live31, """{"session_resumption":{}}""", "given twice")]
    [InlineData(Setups.Live31, """{"contextWindowCompression":{"triggerTokens":100,"slidingWindow":{"targetTokens":100}}}""", "target_tokens must be below")]
    [InlineData(Setups.Live31, """{"tools":[{"functionDeclarations":[{"description":"f"}]}]}""", "name: must not be empty")]
    [InlineData(Setups.Live31, """{"tools":[{"functionDeclarations":[{"name":"two words"}]}]}""", "Invalid value")]
    [InlineData(Setups.Live31, """{"tools":[{"functionDeclarations":[{"name":"f"},{"name":"f"}]}]}""", "Duplicate function declaration")]
    [InlineData(Setups.Live31, """{"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"object"}}]}]}""", "TYPE_ENUM")]
    [InlineData(Setups.Live31, """{"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{}}}]}]}""", "should be non-empty")]
    [InlineData(Setups.Live31, """{"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"ARRAY"}}}}]}]}""", "items: missing")]
    [InlineData(Setups.Live31, """{"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING"}},"required":["b"]}}]}]}""", "not defined: b")]
    [InlineData(Setups.Live31, """{"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING","enum":[""]}}}}]}]}""", "Invalid value")]
    [InlineData(Setups.Native25, """{"tools":[{"functionDeclarations":[{"name":"f"}]},{"googleSearch":{}}]}""", "search together")]
    [InlineData(Setups.Live31, """{"model":null}""", "setup.model: must be given")]
    public async Task Setup_ThatThePlatformRefuses_Is1007(string model, string changes, string reason)
    {
        await using var stage = await Stage.SetAsync();

        var client = await stage.OpenAsync(model, changes);
        var closed = await client.ClosedAsync();

        Assert.Equal(1007, closed.Code);
        Assert.Contains(reason.Trim(), Assert.Single(stage.Session(1).ProtocolErrors), StringComparison.Ordinal);
        Assert.Equal((ClosedBy.Server, 1007), (stage.Session(1).ClosedBy, stage.Session(1).CloseCode));
        Assert.Empty(client.Messages);
    }

    [Fact]
    public async Task Setup_WithPreviewFieldsOnV1Alpha_IsTakenFor25Only()
    {
        await using var stage = await Stage.SetAsync();
        const string Preview = """{"proactivity":{"proactiveAudio":true},"generationConfig":{"enableAffectiveDialog":true}}""";

        var native = await stage.ConnectAsync(Stage.DeveloperAlpha);
        await native.SendAsync(Setups.For(Setups.Native25, Preview));
        await stage.UntilAsync(native, e => e.SetupCompleteAt is not null, "setupComplete");
        var live = await stage.ConnectAsync(Stage.DeveloperAlpha);
        await live.SendAsync(Setups.For(Setups.Live31, Preview));

        Assert.Equal(1007, (await live.ClosedAsync()).Code);
    }

    [Theory]
    [InlineData(Stage.Developer, "models/gemini-9")]
    [InlineData(Stage.Developer, "gemini-3.1-flash-live-preview")]
    [InlineData(Stage.Developer, "models/gemini-2.0-flash-live-001")]
    [InlineData(Stage.Developer, "models/gemini-live-2.5-flash-native-audio")]
    [InlineData(Stage.Developer, Setups.Vertex)]
    [InlineData(Stage.Vertex, "projects/p/locations/l/publishers/google/models/gemini-3.1-flash-live-preview")]
    [InlineData(Stage.Vertex, "models/gemini-live-2.5-flash-native-audio")]
    [InlineData(Stage.Vertex, "projects//locations/l/publishers/google/models/gemini-live-2.5-flash-native-audio")]
    public async Task Setup_WithAModelThePlatformDoesNotHave_Is1008(string path, string model)
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.ConnectAsync(path);

        await client.SendAsync(Setups.For(model));

        Assert.Equal(1008, (await client.ClosedAsync()).Code);
        Assert.Null(stage.Session(1).Model);
    }

    [Theory]
    [InlineData("""{"realtimeInput":{"text":"hi"}}""")]
    [InlineData("""{"setup":{"model":"models/gemini-3.1-flash-live-preview"},"realtimeInput":{"text":"hi"}}""")]
    [InlineData("""{"setup":"now"}""")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"setup\"")]
    [InlineData("")]
    public async Task FirstMessage_ThatIsNoSetup_Is1007(string message)
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.ConnectAsync();

        await client.SendAsync(message);

        Assert.Equal(1007, (await client.ClosedAsync()).Code);
    }

    [Theory]
    [InlineData("""{"realtimeInput":{"text":"hi"}}""")]
    [InlineData("""{"realtimeInput":{"audio":{"data":"AAA=","mimeType":"audio/pcm;rate=16000"}}}""")]
    [InlineData("""{"setup":{"model":"models/gemini-3.1-flash-live-preview"}}""")]
    public async Task Message_BeforeSetupComplete_Is1007(string message)
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.OpenAsync(Setups.Live31);

        await client.SendAsync(message);

        Assert.Equal(1007, (await client.ClosedAsync()).Code);
        Assert.Null(stage.Session(1).SetupCompleteAt);
    }

    [Fact]
    public async Task Setup_TheSecondTime_Is1007()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31);

        await client.SendAsync(Setups.For(Setups.Live31));

        var (code, reason) = await client.ClosedAsync();
        Assert.Equal(1007, code);
        Assert.Contains("once", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_WithParametersJsonSchema_IsNoted()
    {
        await using var stage = await Stage.SetAsync();

        await stage.BeginAsync(Setups.Live31, """{"tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{}}]}]}""");

        Assert.Contains("parametersJsonSchema", Assert.Single(stage.Session(1).Notes), StringComparison.Ordinal);
    }
}
