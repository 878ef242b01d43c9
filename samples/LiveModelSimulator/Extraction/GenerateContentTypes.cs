namespace LiveModelSimulator;

using static WireType;

/// <summary>The request of generateContent.</summary>
internal static class GenerateContentTypes
{
    private static readonly WireMessage s_content = new(
        new("role", OneOf("user", "model")),
        new("parts", ListOf(new WireMessage(new("text", Text), new("inlineData", SharedTypes.Blob)))));

    private static readonly WireMessage s_generation = new(
        new("temperature", Number(0, 2)),
        new("topP", Number(0, 1)),
        new("topK", Whole(1)),
        new("maxOutputTokens", Whole(1)),
        new("candidateCount", Whole(1, 8)),
        new("seed", Whole(int.MinValue)),
        new("presencePenalty", Number(-2, 2)),
        new("frequencyPenalty", Number(-2, 2)),
        new("stopSequences", ListOf(Text, max: 5)),
        new("responseMimeType", OneOf("text/plain", "application/json", "text/x.enum")),
        new("responseSchema", SharedTypes.Schema),
        new("responseJsonSchema", Struct),
        new("thinkingConfig", new WireMessage(
            new("thinkingLevel", OneOf("MINIMAL", "LOW", "MEDIUM", "HIGH")),
            new("thinkingBudget", Whole(-1, 32_768)),
            new("includeThoughts", Flag))));

    public static readonly WireMessage Request = new(
        new("contents", ListOf(s_content)),
        new("systemInstruction", SharedTypes.Instruction),
        new("generationConfig", s_generation),
        new("safetySettings", ListOf(SharedTypes.SafetySetting)),
        new("labels", MapOf(Text), s => s.Platform == Platform.Vertex));
}
