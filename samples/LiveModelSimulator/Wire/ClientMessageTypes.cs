namespace LiveModelSimulator;

using static WireType;

/// <summary>The client's messages of BidiGenerateContent, per platform, API version and model.</summary>
internal static class ClientMessageTypes
{
    private const string NotInLive = "is not supported in the live generation config.";
    private const string FunctionParts = "function calls and responses are not supported in client content.";

    private static readonly WireMessage s_empty = new();

    private static readonly WireMessage s_transcription = new(
        new("languageCodes", ListOf(Matching(SetupRules.LanguageCode))),
        new("customVocabulary", ListOf(Text)));

    private static readonly WireMessage s_speech = new(
        new("voiceConfig", new WireMessage(new WireField("prebuiltVoiceConfig", new WireMessage(
            new WireField("voiceName", OneOf(SetupRules.Voices)))))),
        new("languageCode", Matching(SetupRules.LanguageCode)));

    private static readonly WireMessage s_generation = new(
        new("responseModalities", ListOf(OneOf("AUDIO", "TEXT", "IMAGE"))),
        new("temperature", Number(0, 2)),
        new("topP", Number(0, 1)),
        new("topK", Whole(1)),
        new("maxOutputTokens", Whole(1)),
        new("candidateCount", Whole(1, 1)),
        new("seed", Whole(int.MinValue)),
        new("presencePenalty", Number(-2, 2)),
        new("frequencyPenalty", Number(-2, 2)),
        new("speechConfig", s_speech),
        new("thinkingConfig", new WireMessage(
            new("thinkingLevel", OneOf("MINIMAL", "LOW", "MEDIUM", "HIGH"), s => s.Model!.Is31),
            new("thinkingBudget", Whole(-1, 32_768), s => s.Model!.Is25),
            new("includeThoughts", Flag))),
        new("mediaResolution", OneOf("MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH")),
        new("enableAffectiveDialog", Flag, HasPreviewFields),
        new("responseMimeType", Text, Refusal: NotInLive),
        new("responseSchema", Struct, Refusal: NotInLive),
        new("responseJsonSchema", Anything, Refusal: NotInLive),
        new("stopSequences", ListOf(Text), Refusal: NotInLive),
        new("logprobs", Whole(), Refusal: NotInLive),
        new("responseLogprobs", Flag, Refusal: NotInLive),
        new("routingConfig", Struct, s => s.Platform == Platform.Vertex, NotInLive),
        new("audioTimestamp", Flag, s => s.Platform == Platform.Vertex, NotInLive));

    private static readonly WireMessage s_function = new(
        new("name", Matching("^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$")),
        new("description", Text),
        new("parameters", SharedTypes.Schema),
        new("parametersJsonSchema", Anything),
        new("behavior", OneOf("BLOCKING", "NON_BLOCKING"), s => s.Platform == Platform.Developer));

    private static readonly WireMessage s_activity = new(
        new("automaticActivityDetection", new WireMessage(
            new("disabled", Flag),
            new("startOfSpeechSensitivity", OneOf("START_SENSITIVITY_HIGH", "START_SENSITIVITY_LOW")),
            new("endOfSpeechSensitivity", OneOf("END_SENSITIVITY_HIGH", "END_SENSITIVITY_LOW")),
            new("prefixPaddingMs", Whole()),
            new("silenceDurationMs", Whole()))),
        new("activityHandling", OneOf("START_OF_ACTIVITY_INTERRUPTS", "NO_INTERRUPTION")),
        new("turnCoverage", OneOf(
            "TURN_INCLUDES_ONLY_ACTIVITY", "TURN_INCLUDES_ALL_INPUT", "TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO")));

    private static readonly WireMessage s_setup = new(
        new("model", Text),
        new("generationConfig", s_generation),
        new("systemInstruction", SharedTypes.Instruction),
        new("tools", ListOf(new WireMessage(new("functionDeclarations", ListOf(s_function)), new("googleSearch", s_empty)))),
        new("realtimeInputConfig", s_activity),
        new("inputAudioTranscription", s_transcription),
        new("outputAudioTranscription", s_transcription),
        new("sessionResumption", new WireMessage(
            new("handle", Text),
            new("transparent", Flag, s => s.Platform == Platform.Vertex))),
        new("contextWindowCompression", new WireMessage(
            new("triggerTokens", Whole(1, long.MaxValue)),
            new("slidingWindow", new WireMessage(new WireField("targetTokens", Whole(1, long.MaxValue)))))),
        new("proactivity", new WireMessage(new WireField("proactiveAudio", Flag)), HasPreviewFields),
        new("historyConfig", new WireMessage(new WireField("initialHistoryInClientContent", Flag)), s => s.Platform == Platform.Developer),
        new("safetySettings", ListOf(SharedTypes.SafetySetting)),
        new("explicitVadSignal", Flag, s => s.Platform == Platform.Vertex));

    private static readonly WireMessage s_content = new(
        new("role", Text),
        new("parts", ListOf(new WireMessage(
            new("text", Text),
            new("inlineData", SharedTypes.Blob),
            new("functionCall", Struct, Refusal: FunctionParts),
            new("functionResponse", Struct, Refusal: FunctionParts)))));

    private static readonly WireMessage s_realtime = new(
        new("audio", SharedTypes.Blob),
        new("video", SharedTypes.Blob),
        new("text", Text),
        new("activityStart", s_empty),
        new("activityEnd", s_empty),
        new("audioStreamEnd", Flag),
        new("mediaChunks", ListOf(SharedTypes.Blob), Refusal: "realtime_input.media_chunks is deprecated. Use audio, video, or text instead."));

    private static readonly WireMessage s_responses = new(new WireField("functionResponses", ListOf(new WireMessage(
        new("id", Matching(".+")),
        new("name", Matching(".+")),
        new("response", Struct),
        new("scheduling", OneOf("SILENT", "WHEN_IDLE", "INTERRUPT"), s => s.Platform == Platform.Developer),
        new("willContinue", Flag, s => s.Platform == Platform.Developer)))));

    /// <summary>The kinds of client message; each message carries exactly one.</summary>
    public static readonly WireMessage Message = new(
        new("setup", s_setup),
        new("clientContent", new WireMessage(new("turns", ListOf(s_content)), new("turnComplete", Flag))),
        new("realtimeInput", s_realtime),
        new("toolResponse", s_responses));

    /// <summary>Affective dialog and proactive audio: 2.5 only, and on the Developer API v1alpha only.</summary>
    private static bool HasPreviewFields(WireScope scope) =>
        scope.Model!.Is25 && (scope.Platform == Platform.Vertex || scope.ApiVersion == "v1alpha");
}
