using System.Text.Json;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Digests;

/// <summary>Reads the answer to a <c>generateContent</c> request: refused, cut off, or a text.</summary>
internal static class ExtractionAnswerReader
{
    // The same transcript would be refused again.
    private static readonly string[] Refusals = ["SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "LANGUAGE"];

    /// <summary>The model's text and what it cost.</summary>
    /// <exception cref="LiveModelException">There is no whole text.</exception>
    internal static (string Text, LiveUsage Usage) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (JsonValues.Text(JsonValues.Member(root, "promptFeedback"), "blockReason") is { } blocked)
            {
                throw new LiveModelException(LiveFailure.Fatal, $"The transcript was refused: {Word(blocked)}.");
            }

            var candidates = JsonValues.Member(root, "candidates");
            if (candidates.ValueKind != JsonValueKind.Array || candidates.GetArrayLength() == 0)
            {
                throw Invalid("it has no candidate");
            }

            var candidate = candidates[0];
            if (JsonValues.Text(candidate, "finishReason") is { } reason && reason is not "STOP" and not "FINISH_REASON_UNSPECIFIED")
            {
                throw new LiveModelException(
                    Refusals.Contains(reason, StringComparer.Ordinal) ? LiveFailure.Fatal : LiveFailure.Transient,
                    $"The extraction did not finish: {Word(reason)}.");
            }

            return (Join(candidate), Usage(root));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Invalid("it is not JSON", e);
        }
    }

    internal static LiveModelException Invalid(string why, Exception? inner = null)
        => new(LiveFailure.Transient, $"The extraction's answer is not valid: {why}.", inner: inner);

    private static string Join(JsonElement candidate)
    {
        var parts = JsonValues.Member(JsonValues.Member(candidate, "content"), "parts");
        return parts.ValueKind != JsonValueKind.Array
            ? throw Invalid("it has no text")
            : string.Concat(parts.EnumerateArray()
                .Where(p => JsonValues.Member(p, "thought").ValueKind != JsonValueKind.True)
                .Select(p => JsonValues.Text(p, "text")));
    }

    /// <summary>Everything is text here: the audio of the call is not sent.</summary>
    private static LiveUsage Usage(JsonElement root)
    {
        var usage = JsonValues.Member(root, "usageMetadata");
        return new(
            JsonValues.Count(usage, "promptTokenCount") + JsonValues.Count(usage, "toolUsePromptTokenCount"), 0,
            JsonValues.Count(usage, "candidatesTokenCount") + JsonValues.Count(usage, "thoughtsTokenCount"), 0);
    }

    /// <summary>The platform's word, if it is one.</summary>
    private static string Word(string text) => text.Length <= 60 && text.All(c => char.IsAsciiLetterUpper(c) || c == '_') ? text : "UNKNOWN";
}
