using System.Text.Json;

namespace Campaigns.GeminiLive.Wire;

/// <summary>Values of parsed JSON, absent where they have another type than expected.</summary>
internal static class JsonValues
{
    /// <summary>A member of an object; an element of kind Undefined if there is none.</summary>
    internal static JsonElement Member(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>A member that is a text.</summary>
    internal static string? Text(JsonElement element, string name)
        => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A member that is a whole number and not negative; 0 if not.</summary>
    internal static long Count(JsonElement element, string name)
        => Member(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? Math.Max(0, count) : 0;
}
