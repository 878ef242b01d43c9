using System.Globalization;
using System.Text.Json;
using Campaigns.Calls;
using Campaigns.Domain.Calls;
using Campaigns.Domain.Times;

namespace Campaigns.Domain.Tools;

/// <summary>Converts what models write for a field into its type.</summary>
internal static class FieldValue
{
    private const int LongestText = 1_000;
    private const decimal Largest = 1_000_000_000_000_000m;

    private static readonly string[] Yes = "true yes y 1 haan han ha ji sure ok okay correct हां हा जी सही".Split(' ');
    private static readonly string[] No = "false no n 0 nahi nahin na nope नहीं नही ना".Split(' ');

    private static readonly Dictionary<string, decimal> Scales = new(StringComparer.Ordinal)
    {
        [""] = 1,
        ["k"] = 1_000,
        ["thousand"] = 1_000,
        ["hazar"] = 1_000,
        ["hazaar"] = 1_000,
        ["हजार"] = 1_000,
        ["lakh"] = 100_000,
        ["lakhs"] = 100_000,
        ["lac"] = 100_000,
        ["lacs"] = 100_000,
        ["लाख"] = 100_000,
        ["crore"] = 10_000_000,
        ["crores"] = 10_000_000,
        ["cr"] = 10_000_000,
        ["करोड"] = 10_000_000,
        ["million"] = 1_000_000,
    };

    private static readonly string[] Decoration =
        ["₹", "$", "€", "£", "rs.", "rs", "inr", "rupees", "rupee", "dollars", "dollar", "usd", "/-", "%", "percent", "रुपये", "रुपए", "रु."];

    /// <summary>The value as stored; null with what is expected when it is none.</summary>
    internal static string? Read(DispositionField field, JsonElement value, CallBrief brief, DateTimeOffset now, out string expected)
    {
        var text = ToolArguments.TextOf(value, LongestText + 1);
        switch (field.Type)
        {
            case DispositionFieldType.Number:
                expected = "a number, such as 5000";
                return Number(text);
            case DispositionFieldType.Boolean:
                expected = "true or false";
                var word = string.Join(' ', SpokenText.Words(text));
                return Yes.Contains(word, StringComparer.Ordinal) ? "true" : No.Contains(word, StringComparer.Ordinal) ? "false" : null;
            case DispositionFieldType.Date:
                expected = "one day, such as 2026-11-24 or tomorrow";
                return Day(text, brief, now)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            case DispositionFieldType.Choice:
                var choices = field.Choices.IsDefault ? [] : field.Choices;
                expected = $"one of {string.Join(", ", choices)}";
                return choices.FirstOrDefault(c => c.Equals(text, StringComparison.Ordinal))
                    ?? choices.FirstOrDefault(c => Key(c).Equals(Key(text), StringComparison.Ordinal) && Key(c).Length > 0);
            default:
                expected = $"a text of at most {LongestText} characters";
                return text.Length is > 0 and <= LongestText ? text : null;
        }
    }

    private static string Key(string text) => string.Join(' ', SpokenText.Words(text));

    private static DateOnly? Day(string text, CallBrief brief, DateTimeOffset now)
    {
        var zone = PersonZone.Of(brief);

        // "2026-11-24T00:00:00Z" names a day; what its clock says in another zone does not matter.
        return text.Length > 10 && text[10] is 'T' or ' '
            && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var iso)
            ? iso
            : SpokenTime.ResolveDay(text, now, zone);
    }

    // Numbers with their currency, their separators (5,000; 5,00,000) and the words for large ones (5 lakh).
    private static string? Number(string text)
    {
        var rest = text.ToLowerInvariant().Replace("\u093C", "", StringComparison.Ordinal);
        rest = Decoration.Aggregate(rest, (t, word) => t.Replace(word, " ", StringComparison.Ordinal)).Trim();
        var end = rest.TakeWhile((c, i) => char.IsDigit(c) || c is ',' or '.' || (i == 0 && c is '-' or '+')).Count();
        var digits = string.Concat(rest[..end].Select(c => char.IsDigit(c) ? (char)('0' + (int)char.GetNumericValue(c)) : c)).TrimEnd('.');
        var scale = rest[end..].Trim();
        if (digits.Length == 0)
        {
            return Spoken(rest);
        }

        return AreGroups(digits)
            && Scales.TryGetValue(scale, out var factor)
            && decimal.TryParse(
                digits.Replace(",", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < Largest / factor
            ? Plain(number * factor)
            : Exponent(value: text);
    }

    // JSON numbers may have exponents: 5e3.
    private static string? Exponent(string value) =>
        decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < Largest ? Plain(number) : null;

    // "five", "twenty five", "paanch lakh".
    private static string? Spoken(string text)
    {
        var items = SpokenItem.Read(text, DateOnly.MinValue);
        var factor = items is [_, { Sense: SpokenSense.None } scale] && Scales.TryGetValue(scale.Word, out var named)
            ? named : items.Count == 1 ? 1 : 0;
        return factor > 0 && items[0].Sense == SpokenSense.Number ? Plain((decimal)items[0].Value * factor) : null;
    }

    // Separators stand before three digits, or in India before two and then three.
    private static bool AreGroups(string digits)
    {
        var groups = digits.TrimStart('-', '+').Split('.')[0].Split(',');
        return digits.Count(c => c == '.') <= 1
            && (groups.Length == 1 || (groups[0].Length is 1 or 2 or 3 && groups[^1].Length == 3 && groups[1..^1].All(g => g.Length is 2 or 3)));
    }

    private static string Plain(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}
