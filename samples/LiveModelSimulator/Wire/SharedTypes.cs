namespace LiveModelSimulator;

using static WireType;

/// <summary>Messages that live sessions and generateContent have in common.</summary>
internal static class SharedTypes
{
    private const string TextOnly = "only text is supported here.";

    /// <summary>The subset of OpenAPI that function parameters and response schemas are written in.</summary>
    public static readonly WireMessage Schema = new(
        new("type", OneOf("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT")),
        new("format", Text),
        new("title", Text),
        new("description", Text),
        new("nullable", Flag),
        new("enum", ListOf(Matching(".+"))),
        new("items", Later(() => Schema!)),
        new("minItems", Whole()),
        new("maxItems", Whole()),
        new("properties", MapOf(Later(() => Schema!))),
        new("required", ListOf(Text)),
        new("minProperties", Whole()),
        new("maxProperties", Whole()),
        new("minimum", Number()),
        new("maximum", Number()),
        new("minLength", Whole()),
        new("maxLength", Whole()),
        new("pattern", Text),
        new("anyOf", ListOf(Later(() => Schema!))),
        new("propertyOrdering", ListOf(Text)),
        new("default", Anything),
        new("example", Anything));

    public static readonly WireMessage Blob = new(new("mimeType", Text), new("data", Bytes), new("displayName", Text, s => s.Platform == Platform.Vertex));

    /// <summary>A system instruction: text parts only.</summary>
    public static readonly WireMessage Instruction = new(
        new("role", Text),
        new("parts", ListOf(new WireMessage(
            new("text", Text),
            new("inlineData", Blob, Refusal: TextOnly),
            new("fileData", Struct, Refusal: TextOnly),
            new("functionCall", Struct, Refusal: TextOnly),
            new("functionResponse", Struct, Refusal: TextOnly)))));

    public static readonly WireMessage SafetySetting = new(
        new("category", OneOf(
            "HARM_CATEGORY_HARASSMENT",
            "HARM_CATEGORY_HATE_SPEECH",
            "HARM_CATEGORY_SEXUALLY_EXPLICIT",
            "HARM_CATEGORY_DANGEROUS_CONTENT",
            "HARM_CATEGORY_CIVIC_INTEGRITY")),
        new("threshold", OneOf("BLOCK_NONE", "BLOCK_ONLY_HIGH", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_LOW_AND_ABOVE", "OFF")));
}
