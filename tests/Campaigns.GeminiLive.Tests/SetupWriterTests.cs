using System.Text;
using Campaigns.GeminiLive.Platform;
using Campaigns.GeminiLive.Tests.Bed;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Tests;

/// <summary>The setup of every profile, byte for byte: an unknown field closes the connection.</summary>
public sealed class SetupWriterTests
{
    private const string Detection =
        """
        "realtimeInputConfig":{"automaticActivityDetection":{"startOfSpeechSensitivity":"START_SENSITIVITY_LOW","endOfSpeechSensitivity":"END_SENSITIVITY_HIGH","prefixPaddingMs":200,"silenceDurationMs":500}}
        """;

    private const string Compression = """
        "contextWindowCompression":{"triggerTokens":25000,"slidingWindow":{"targetTokens":8000}}
        """;

    private const string Instruction = """
        "systemInstruction":{"parts":[{"text":"You are Asha."}]}
        """;

    [Fact]
    public void Write_WhenDeveloper31_SendsThinkingLevelAndNoLanguage()
        => Assert.Equal(
            """{"setup":{"model":"models/gemini-3.1-flash-live-preview","generationConfig":{"responseModalities":["AUDIO"],"thinkingConfig":{"thinkingLevel":"MINIMAL"}},"""
            + $$"""{{Instruction}},{{Detection}},"inputAudioTranscription":{},"outputAudioTranscription":{},"sessionResumption":{},""" + Compression + "}}",
            Write(Options(Rig.Live31), Rig.Setup));

    [Fact]
    public void Write_WhenDeveloper25_SendsThinkingBudgetAndNoTranscriptionLanguages()
    {
        var options = Options(Rig.Native25);
        options.TranscriptionLanguages = ["hi-IN"];
        Assert.Equal(
            """{"setup":{"model":"models/gemini-2.5-flash-native-audio-preview-12-2025","generationConfig":{"responseModalities":["AUDIO"],"thinkingConfig":{"thinkingBudget":0}},"""
            + $$"""{{Instruction}},{{Detection}},"inputAudioTranscription":{},"outputAudioTranscription":{},"sessionResumption":{},""" + Compression + "}}",
            Write(options, Rig.Setup));
    }

    [Fact]
    public void Write_WhenVertex25WithEverything_SendsAllThatItTakes()
    {
        var options = Vertex(Rig.Vertex25);
        options.TranscriptionLanguages = ["hi-IN", "en-IN"];
        options.StartSensitivity = GeminiSensitivity.High;
        options.EndSensitivity = GeminiSensitivity.Low;
        options.ThinkingBudget = 256;
        var setup = Rig.Setup with
        {
            Voice = "Kore",
            SystemInstruction = "आप \"आशा\" हैं।\n",
            Tools =
            [
                new("end_call", "Ends the call.", null),
                new("note", "Notes.", """{"type":"OBJECT","properties":{"text":{"type":"STRING"}}}"""),
            ],
        };
        Assert.Equal(
            """
            {"setup":{"model":"projects/acme/locations/us-central1/publishers/google/models/gemini-live-2.5-flash-native-audio","generationConfig":{"responseModalities":["AUDIO"],"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}},"thinkingConfig":{"thinkingBudget":256}},"systemInstruction":{"parts":[{"text":"आप \"आशा\" हैं।\n"}]},"tools":[{"functionDeclarations":[{"name":"end_call","description":"Ends the call."},{"name":"note","description":"Notes.","parameters":{"type":"OBJECT","properties":{"text":{"type":"STRING"}}}}]}],"realtimeInputConfig":{"automaticActivityDetection":{"startOfSpeechSensitivity":"START_SENSITIVITY_HIGH","endOfSpeechSensitivity":"END_SENSITIVITY_LOW","prefixPaddingMs":200,"silenceDurationMs":500}},"inputAudioTranscription":{"languageCodes":["hi-IN","en-IN"]},"outputAudioTranscription":{},"sessionResumption":{"handle":"h-1"},"contextWindowCompression":{"triggerTokens":25000,"slidingWindow":{"targetTokens":8000}}}}
            """,
            Write(options, setup, "h-1"));
    }

    [Fact]
    public void Write_WhenHalfCascade_SendsTheLanguageAndNoThinking()
        => Assert.Equal(
            """{"setup":{"model":"projects/acme/locations/us-central1/publishers/google/models/gemini-live-2.5-flash","generationConfig":{"responseModalities":["AUDIO"],"speechConfig":{"languageCode":"hi-IN"}},"""
            + $$"""{{Instruction}},{{Detection}},"inputAudioTranscription":{},"outputAudioTranscription":{},"sessionResumption":{},""" + Compression + "}}",
            Write(Vertex("gemini-live-2.5-flash"), Rig.Setup));

    [Fact]
    public void Write_WhenUnknownModel_SendsOnlyWhatEveryModelTakes()
    {
        var options = Options("gemini-9-live");
        options.TranscriptionLanguages = ["hi-IN"];
        options.CompressionTrigger = null;
        options.CompressionTarget = null;
        Assert.Equal(
            """{"setup":{"model":"models/gemini-9-live","generationConfig":{"responseModalities":["AUDIO"]},"""
            + $$"""{{Instruction}},{{Detection}},"inputAudioTranscription":{},"outputAudioTranscription":{},"sessionResumption":{},"contextWindowCompression":{"slidingWindow":""" + "{}}}}",
            Write(options, Rig.Setup));
    }

    [Fact]
    public void Write_WhenThinkingIsNotToBeTold_LeavesItOut()
    {
        var options = Options(Rig.Live31);
        options.Thinking = null;
        Assert.DoesNotContain("thinking", Write(options, Rig.Setup), StringComparison.Ordinal);
        options.Model = Rig.Native25;
        options.ThinkingBudget = null;
        Assert.DoesNotContain("thinking", Write(options, Rig.Setup), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Rig.Live31, GeminiFamily.Live31)]
    [InlineData(Rig.Native25, GeminiFamily.NativeAudio25)]
    [InlineData(Rig.Vertex25, GeminiFamily.NativeAudio25)]
    [InlineData("gemini-2.5-flash-native-audio-latest", GeminiFamily.NativeAudio25)]
    [InlineData("gemini-live-2.5-flash", GeminiFamily.HalfCascade)]
    [InlineData("gemini-live-2.5-flash-preview", GeminiFamily.HalfCascade)]
    [InlineData("gemini-2.0-flash-live-001", GeminiFamily.HalfCascade)]
    [InlineData("gemini-3.5-live-translate-preview", GeminiFamily.Unknown)]
    [InlineData("gemini-3.1-flash-lite", GeminiFamily.Unknown)]
    [InlineData("gemini-4-native-audio", GeminiFamily.Unknown)]
    public void FamilyOf_WhenModelIsNamed_KnowsItsKind(string model, GeminiFamily family)
        => Assert.Equal(family, GeminiProfile.FamilyOf(model));

    [Fact]
    public void For_WhenTheFamilyIsToldByOption_BelievesIt()
    {
        var options = Options("my-tuned-model");
        options.Family = GeminiFamily.NativeAudio25;
        Assert.True(GeminiProfile.For(options).HoldsAudioDuringTools);
    }

    [Theory]
    [InlineData(GeminiPlatform.Developer, "", null, "wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent", "https://generativelanguage.googleapis.com/v1beta/models/text-1:generateContent")]
    [InlineData(GeminiPlatform.Vertex, "us-central1", null, "wss://us-central1-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent", "https://us-central1-aiplatform.googleapis.com/v1/projects/acme/locations/us-central1/publishers/google/models/text-1:generateContent")]
    [InlineData(GeminiPlatform.Vertex, "global", null, "wss://aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent", "https://aiplatform.googleapis.com/v1/projects/acme/locations/global/publishers/google/models/text-1:generateContent")]
    [InlineData(GeminiPlatform.Vertex, "eu", null, "wss://aiplatform.eu.rep.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent", "https://aiplatform.eu.rep.googleapis.com/v1/projects/acme/locations/eu/publishers/google/models/text-1:generateContent")]
    [InlineData(GeminiPlatform.Developer, "", "http://127.0.0.1:81/x/", "ws://127.0.0.1:81/x/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent", "http://127.0.0.1:81/x/v1beta/models/text-1:generateContent")]
    [InlineData(GeminiPlatform.Developer, "", "wss://proxy.example.org", "wss://proxy.example.org/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent", "https://proxy.example.org/v1beta/models/text-1:generateContent")]
    public void Addresses_WhateverThePlatform_AreThoseDocumented(GeminiPlatform platform, string location, string? root, string live, string generate)
    {
        var options = new GeminiOptions
        {
            Platform = platform,
            Project = "acme",
            Location = location,
            ExtractionModel = "text-1",
            BaseAddress = root is null ? null : new Uri(root),
        };
        Assert.Equal(live, GeminiAddresses.Live(options).AbsoluteUri);
        Assert.Equal(generate, GeminiAddresses.Generate(options).AbsoluteUri);
    }

    private static GeminiOptions Options(string model) => new() { Model = model };

    private static GeminiOptions Vertex(string model)
        => new() { Platform = GeminiPlatform.Vertex, Project = "acme", Location = "us-central1", Model = model };

    private static string Write(GeminiOptions options, LiveSetup setup, string? handle = null)
        => Encoding.UTF8.GetString(SetupWriter.Write(options, GeminiProfile.For(options), setup, setup.SystemInstruction, handle).Span);
}
