using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Campaigns.Exotel.Media;

/// <summary>Short texts out of a message. Not for audio: it makes strings.</summary>
internal static class FieldText
{
    /// <summary>Most characters of an id, a mark or a reason.</summary>
    internal const int MaxLength = 200;

    // A character may be written as an escape of six bytes.
    private const int MostBytesPerCharacter = 6;

    /// <summary>Whether the value can be read as a text: a string, or a number as it is written.</summary>
    internal static bool IsText(FieldValue value) => value.Type is JsonTokenType.String or JsonTokenType.Number;

    /// <summary>False when it is no text, not Unicode or longer than <paramref name="most"/> characters.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> message, FieldValue value, int most, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!IsText(value) || value.Length > most * MostBytesPerCharacter)
        {
            return false;
        }

        if (value.Type == JsonTokenType.Number)
        {
            text = Encoding.ASCII.GetString(message.Slice(value.Offset, value.Length));
        }
        else
        {
            try
            {
                var reader = new Utf8JsonReader(message.Slice(value.Offset - 1, value.Length + 2));
                reader.Read();
                text = reader.GetString();
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair, or bytes that are no UTF-8.
                return false;
            }
        }

        return text is not null && text.Length <= most;
    }
}
