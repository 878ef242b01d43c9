using System.Text.Json;

namespace Campaigns.Api.Input;

/// <summary>Finds texts that no database column can hold: U+0000 and halves of surrogate pairs, in values and in names.</summary>
internal static class JsonText
{
    internal static void Check(JsonElement element, string path, Errors errors)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    var name = Read(() => member.Name);
                    errors.If(name is null, path.Length == 0 ? "body" : path, "has a member whose name contains a character that cannot be stored");
                    Check(member.Value, path.Length == 0 ? name ?? "?" : $"{path}.{name ?? "?"}", errors);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    Check(item, $"{path}[{index++}]", errors);
                }

                break;
            case JsonValueKind.String:
                errors.If(
                    Read(() => element.GetString()!) is null,
                    path.Length == 0 ? "body" : path,
                    "contains a character that cannot be stored (U+0000 or half a surrogate pair)");
                break;
        }
    }

    private static string? Read(Func<string> text)
    {
        try
        {
            return text() is { } value && !value.Contains('\0') ? value : null;
        }
        catch (InvalidOperationException)
        {
            // An escape that is no character, such as "\ud800" alone.
            return null;
        }
    }
}
