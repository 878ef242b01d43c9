using System.Text.Json;
using System.Text.RegularExpressions;

namespace LiveModelSimulator;

/// <summary>Reads messages that have been checked: a field under either of its names, null and absence being the same.</summary>
internal static class WireReading
{
    public static JsonElement? Field(this JsonElement message, string name)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return (message.TryGetProperty(name, out var value) || message.TryGetProperty(WireMessage.Snake(name), out value))
            && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public static JsonElement? Field(this JsonElement? message, string name) => message?.Field(name);

    public static string? Text(this JsonElement? value) => value?.GetString();

    public static bool IsTrue(this JsonElement? value) => value?.ValueKind == JsonValueKind.True;

    public static long? Whole(this JsonElement? value) => value switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } => long.Parse(value.Value.GetString()!),
        _ => (long)value.Value.GetDouble(),
    };

    public static IEnumerable<JsonElement> Items(this JsonElement? value) => value is null ? [] : value.Value.EnumerateArray();

    /// <summary>The text parts of a Content, joined by line breaks; null without a Content.</summary>
    public static string? ContentText(this JsonElement? content) =>
        content is null ? null : string.Join('\n', content.Field("parts").Items().Select(p => p.Field("text").Text()).OfType<string>());
}

/// <summary>Regular expressions from options and scripts, which may be slow but never endless.</summary>
internal static class Patterns
{
    public static Regex Compile(string pattern, RegexOptions more = RegexOptions.None) =>
        new(pattern, RegexOptions.CultureInvariant | more, TimeSpan.FromSeconds(2));

    /// <summary>False if the pattern does not compile.</summary>
    public static bool IsValid(string pattern)
    {
        try
        {
            _ = Compile(pattern);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
