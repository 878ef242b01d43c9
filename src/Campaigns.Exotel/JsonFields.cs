using System.Globalization;
using System.Text.Json;

namespace Campaigns.Exotel;

/// <summary>Reads a JSON object into fields.</summary>
internal static class JsonFields
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 16 };

    /// <summary>The fields of a JSON object in UTF-8, or null when it is not one (or is too deep or too large).</summary>
    internal static ExotelFields? TryRead(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, Limits);
            var fields = new ExotelFields();
            return document.RootElement.ValueKind == JsonValueKind.Object && Flatten(document.RootElement, "", fields) ? fields : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // Text that is no UTF-8 or a lone surrogate: found only when the string is taken out.
            return null;
        }
    }

    private static bool Flatten(JsonElement element, string name, ExotelFields fields)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (!Flatten(property.Value, name.Length == 0 ? property.Name : $"{name}[{property.Name}]", fields))
                    {
                        return false;
                    }
                }

                return name.Length == 0 || element.GetPropertyCount() > 0 || fields.Add(name, "");
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    if (!Flatten(item, string.Create(CultureInfo.InvariantCulture, $"{name}[{index++}]"), fields))
                    {
                        return false;
                    }
                }

                return index > 0 || fields.Add(name, "");
            case JsonValueKind.Null:
                return fields.Add(name, "");
            case JsonValueKind.String:
                return fields.Add(name, element.GetString());
            default:
                return fields.Add(name, element.GetRawText());
        }
    }
}
