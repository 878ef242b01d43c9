using System.Text;
using System.Text.Json;

namespace Campaigns.GeminiLive.Wire;

/// <summary>
/// Reads one message of the platform. Fields and values it does not know are passed over; a value of an unexpected type counts as absent. A
/// message that is not one well-formed JSON object is refused whole: nothing of it is kept.
/// </summary>
internal static class ServerMessageReader
{
    // Longer texts than any transcript fragment, name or handle.
    private const int MaxText = 256 * 1024;

    // A time in a form we do not know: some time there will be.
    private static readonly TimeSpan GuessedTimeLeft = TimeSpan.FromSeconds(5);

    /// <summary>Reads a message. Throws for no input.</summary>
    /// <param name="utf8">The message.</param>
    /// <param name="message">Filled; emptied first, but for a carried byte of audio.</param>
    /// <returns>False if the message is broken.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> utf8, ServerMessage message)
    {
        message.Next();
        try
        {
            var bytes = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
            var reader = new Utf8JsonReader(bytes);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadTop(ref reader, bytes, message);

                // Whatever follows the object makes this throw.
                if (!reader.Read())
                {
                    return true;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is not UTF-8 where it had to be compared.
        }

        message.Undo();
        return false;
    }

    private static void ReadTop(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, ServerMessage message)
    {
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("setupComplete"u8))
            {
                reader.Read();
                message.SetupComplete |= reader.TokenType == JsonTokenType.StartObject;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("serverContent"u8))
            {
                ServerContentReader.Read(ref reader, message);
            }
            else if (reader.ValueTextEquals("toolCall"u8))
            {
                ToolCallReader.ReadCalls(ref reader, bytes, message);
            }
            else if (reader.ValueTextEquals("toolCallCancellation"u8))
            {
                ToolCallReader.ReadCancellation(ref reader, message);
            }
            else if (reader.ValueTextEquals("usageMetadata"u8))
            {
                message.Usage = UsageReader.Read(ref reader);
            }
            else if (reader.ValueTextEquals("goAway"u8))
            {
                ReadGoAway(ref reader, message);
            }
            else if (reader.ValueTextEquals("sessionResumptionUpdate"u8))
            {
                ReadResumption(ref reader, message);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadGoAway(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!EnterObject(ref reader))
        {
            return;
        }

        // A time that is not said is none, as everywhere in this format.
        message.TimeLeft = TimeSpan.Zero;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("timeLeft"u8))
            {
                message.TimeLeft = DurationText.Parse(TextValue(ref reader)) ?? GuessedTimeLeft;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadResumption(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!EnterObject(ref reader))
        {
            return;
        }

        message.ResumptionUpdate = true;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("newHandle"u8))
            {
                message.NewHandle = TextValue(ref reader) is { Length: > 0 } handle ? handle : null;
            }
            else if (reader.ValueTextEquals("resumable"u8))
            {
                message.Resumable = TrueValue(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Moves to the next property's name. False at the end of the object.</summary>
    internal static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Moves to the property's value, which must be an object; anything else is passed over.</summary>
    internal static bool EnterObject(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        reader.Skip();
        return false;
    }

    /// <summary>Moves to the property's value, which must be an array; anything else is passed over.</summary>
    internal static bool EnterArray(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            return true;
        }

        reader.Skip();
        return false;
    }

    /// <summary>The property's value if it is a text of sane length, else null.</summary>
    internal static string? TextValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Text(ref reader);
    }

    /// <summary>The current value if it is a text of sane length, else null; objects and arrays are passed over.</summary>
    internal static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxText)
        {
            reader.Skip();
            return null;
        }

        // Bytes that are not UTF-8 become U+FFFD; the rest of the text is worth keeping.
        return reader.ValueIsEscaped ? reader.GetString() : Encoding.UTF8.GetString(reader.ValueSpan);
    }

    /// <summary>Whether the property's value is <c>true</c>.</summary>
    internal static bool TrueValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        var value = reader.TokenType == JsonTokenType.True;
        reader.Skip();
        return value;
    }

    /// <summary>The property's value if it is a whole number that is not negative, also one written as a text; else 0.</summary>
    internal static long CountValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        long count = 0;
        if (reader.TokenType == JsonTokenType.Number)
        {
            _ = reader.TryGetInt64(out count);
        }
        else if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped)
        {
            _ = long.TryParse(reader.ValueSpan, out count);
        }

        reader.Skip();

        // Beyond any bill; sums of it cannot overflow.
        return Math.Clamp(count, 0, 1_000_000_000_000);
    }
}
