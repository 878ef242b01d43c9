using System.Text;
using System.Text.Json;
using Campaigns.Domain.Prompts;

namespace Campaigns.Domain.Tools;

/// <summary>The arguments of a tool call as a model wrote them: types and names are taken loosely.</summary>
internal sealed class ToolArguments
{
    /// <summary>Most characters of the arguments of a call.</summary>
    internal const int Longest = 32_000;

    private const int LongestNumber = 40;

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.OrdinalIgnoreCase);

    private ToolArguments(string json, JsonElement root)
    {
        Json = json;
        Root = root;
        foreach (var member in root.EnumerateObject())
        {
            _members[member.Name] = member.Value;
        }
    }

    internal string Json { get; }

    internal JsonElement Root { get; }

    /// <summary>Reads the arguments; null with the error when they are no JSON object.</summary>
    internal static ToolArguments? Read(string? json, out string error)
    {
        var text = string.IsNullOrWhiteSpace(json) || json.Trim() is "null" ? "{}" : json;
        error = "the arguments are no JSON object";
        if (text.Length > Longest)
        {
            error = $"the arguments are longer than {Longest} characters";
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text, ToolJson.Reading);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new ToolArguments(text, document.RootElement.Clone()) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // InvalidOperationException and ArgumentException: a name with half a character in it.
            return null;
        }
    }

    internal JsonElement Member(string name) => _members.GetValueOrDefault(name);

    /// <summary>The text of a member, cleaned of what cannot be stored, cut to its bound; empty when there is none.</summary>
    internal string Text(string name, int longest) => TextOf(Member(name), longest);

    /// <summary>The text of a value: texts, numbers and truth values alike.</summary>
    internal static string TextOf(JsonElement value, int longest) => value.ValueKind switch
    {
        JsonValueKind.String => Storable(StringOf(value), longest),
        JsonValueKind.Number => value.GetRawText() is { Length: <= LongestNumber } number ? number : "",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "",
    };

    private static string StringOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escape of half a character, such as \ud800: the text around it is what was meant.
            return value.GetRawText().Trim('"');
        }
    }

    private static string Storable(string text, int longest)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value == 0 ? " " : rune.ToString());
        }

        return DataText.Cut(clean.ToString().Trim(), longest);
    }
}
