using System.Text;
using System.Text.Json;

namespace Campaigns.GeminiLive.Wire;

/// <summary>Checks of JSON that others wrote.</summary>
internal static class JsonText
{
    /// <summary>Whether a text is one well-formed JSON object.</summary>
    internal static bool IsObject(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
                // Reading to the end is the check.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
