using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Digests;

/// <summary>
/// Reads what the model wrote and believes only what can be checked. A fact without evidence in something the person said is dropped: the
/// next call must not open with something invented.
/// </summary>
internal static class DigestReader
{
    private const int MaxSummary = 2_000;
    private const int MaxKey = 60;
    private const int MaxValue = 300;
    private const int MaxFacts = 50;

    /// <summary>Summary and facts; facts that do not hold are left out.</summary>
    /// <exception cref="LiveModelException">The text is no digest.</exception>
    internal static (string Summary, ImmutableArray<ExtractedFact> Facts) Read(string text, ExtractionRequest request)
    {
        try
        {
            using var json = JsonDocument.Parse(Unfence(text));
            if (JsonValues.Text(json.RootElement, "summary") is not { } summary || string.IsNullOrWhiteSpace(summary))
            {
                throw ExtractionAnswerReader.Invalid("it has no summary");
            }

            var facts = JsonValues.Member(json.RootElement, "facts");
            return facts.ValueKind == JsonValueKind.Array
                ? (Shorten(summary.Trim()), Facts(facts, request))
                : throw ExtractionAnswerReader.Invalid("it has no list of facts");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ExtractionAnswerReader.Invalid("its text is not JSON", e);
        }
    }

    /// <summary>Lower-case ASCII words joined by underscores; empty if nothing is left.</summary>
    internal static string NormalizeKey(string key)
    {
        var text = new StringBuilder(key.Length);
        foreach (var c in key)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                text.Append(char.ToLowerInvariant(c));
            }
            else if (text.Length > 0 && text[^1] != '_')
            {
                text.Append('_');
            }
        }

        return text.ToString().Trim('_');
    }

    /// <summary>Of two facts with one key the one said later counts: people correct themselves.</summary>
    private static ImmutableArray<ExtractedFact> Facts(JsonElement facts, ExtractionRequest request)
    {
        var said = request.Turns.IsDefault
            ? []
            : request.Turns.Where(t => t.Speaker == Speaker.Person && !string.IsNullOrWhiteSpace(t.Text)).Select(t => t.Position).ToHashSet();
        var kept = new OrderedDictionary<string, ExtractedFact>(StringComparer.Ordinal);
        foreach (var element in facts.EnumerateArray())
        {
            if (Fact(element, said) is { } fact
                && (kept.TryGetValue(fact.Key, out var other) ? other.EvidenceTurn <= fact.EvidenceTurn : kept.Count < MaxFacts))
            {
                kept[fact.Key] = fact;
            }
        }

        return [.. kept.Values];
    }

    private static ExtractedFact? Fact(JsonElement element, HashSet<int> said)
    {
        var key = NormalizeKey(JsonValues.Text(element, "key") ?? "");
        var value = JsonValues.Text(element, "value")?.Trim() ?? "";
        return key.Length is > 0 and <= MaxKey
            && value.Length is > 0 and <= MaxValue
            && JsonValues.Member(element, "confidence") is { ValueKind: JsonValueKind.Number } number
            && number.TryGetDouble(out var confidence) && confidence is >= 0 and <= 1
            && JsonValues.Member(element, "evidenceTurn") is { ValueKind: JsonValueKind.Number } place
            && place.TryGetInt32(out var turn) && said.Contains(turn)
            ? new ExtractedFact(key, value, confidence, turn, Day(JsonValues.Text(element, "validUntil")))
            : null;
    }

    private static DateOnly? Day(string? text)
        => DateOnly.TryParseExact(text?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static string Shorten(string text)
    {
        if (text.Length <= MaxSummary)
        {
            return text;
        }

        var end = text.LastIndexOf(' ', MaxSummary - 2);
        return text[..(end > MaxSummary / 2 ? end : MaxSummary - 2)].TrimEnd() + "…";
    }

    /// <summary>Some models wrap JSON in a code fence although they are asked for JSON alone.</summary>
    private static string Unfence(string text)
    {
        var trimmed = text.Trim();
        if (!trimmed.StartsWith("```", StringComparison.Ordinal))
        {
            return trimmed;
        }

        var start = trimmed.IndexOf('\n');
        return start < 0 ? trimmed : trimmed[(start + 1)..].TrimEnd().TrimEnd('`');
    }
}
