using System.Buffers;
using System.Text.Json;

namespace Campaigns.GeminiLive.Wire;

/// <summary>Reads <c>serverContent</c>: the model's voice, both transcripts and the marks of a turn.</summary>
internal static class ServerContentReader
{
    /// <summary>Reads the value of the property the reader stands on.</summary>
    internal static void Read(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!ServerMessageReader.EnterObject(ref reader))
        {
            return;
        }

        while (ServerMessageReader.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("modelTurn"u8))
            {
                ReadTurn(ref reader, message);
            }
            else if (reader.ValueTextEquals("inputTranscription"u8))
            {
                message.Heard = ReadTranscription(ref reader) ?? message.Heard;
            }
            else if (reader.ValueTextEquals("outputTranscription"u8))
            {
                message.Spoken = ReadTranscription(ref reader) ?? message.Spoken;
            }
            else if (reader.ValueTextEquals("interrupted"u8))
            {
                message.Interrupted = ServerMessageReader.TrueValue(ref reader);
            }
            else if (reader.ValueTextEquals("generationComplete"u8))
            {
                message.GenerationComplete = ServerMessageReader.TrueValue(ref reader);
            }
            else if (reader.ValueTextEquals("turnComplete"u8))
            {
                message.TurnComplete = ServerMessageReader.TrueValue(ref reader);
            }
            else if (reader.ValueTextEquals("turnCompleteReason"u8))
            {
                message.TurnCompleteReason = ServerMessageReader.TextValue(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static string? ReadTranscription(ref Utf8JsonReader reader)
    {
        if (!ServerMessageReader.EnterObject(ref reader))
        {
            return null;
        }

        string? text = null;
        while (ServerMessageReader.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("text"u8))
            {
                text = ServerMessageReader.TextValue(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return text;
    }

    private static void ReadTurn(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!ServerMessageReader.EnterObject(ref reader))
        {
            return;
        }

        message.ModelTurn = true;
        while (ServerMessageReader.NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("parts"u8))
            {
                reader.Skip();
            }
            else if (ServerMessageReader.EnterArray(ref reader))
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (reader.TokenType == JsonTokenType.StartObject)
                    {
                        ReadPart(ref reader, message);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
        }
    }

    /// <summary>
    /// Text parts are passed over: what is said comes as the output transcription, and the rest is thought. A part marked as thought is
    /// passed over whatever it holds.
    /// </summary>
    private static void ReadPart(ref Utf8JsonReader reader, ServerMessage message)
    {
        var before = message.Sound.Length;
        var thought = false;
        while (ServerMessageReader.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("inlineData"u8))
            {
                ReadSound(ref reader, message);
            }
            else if (reader.ValueTextEquals("thought"u8))
            {
                thought |= ServerMessageReader.TrueValue(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (thought)
        {
            message.Sound.Truncate(before);
        }
    }

    private static void ReadSound(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!ServerMessageReader.EnterObject(ref reader))
        {
            return;
        }

        var before = message.Sound.Length;
        var good = true;
        string? foreign = null;
        while (ServerMessageReader.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                good &= reader.TokenType == JsonTokenType.String && Decode(ref reader, message.Sound);
                reader.Skip();
            }
            else if (reader.ValueTextEquals("mimeType"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || !AudioText.IsUsual(reader.ValueSpan))
                {
                    var mime = ServerMessageReader.Text(ref reader);
                    foreign = AudioText.IsPlayable(mime) ? null : mime;
                }
            }
            else
            {
                reader.Skip();
            }
        }

        if (!good)
        {
            message.BrokenAudio++;

            // With a part missing, half a sample would shift everything behind it into noise.
            message.Sound.Truncate(before & ~1);
        }
        else if (foreign is not null)
        {
            message.ForeignAudio = foreign;
            message.Sound.Truncate(before);
        }
    }

    private static bool Decode(ref Utf8JsonReader reader, PooledBuffer into)
    {
        if (!reader.ValueIsEscaped)
        {
            return AudioText.TryDecode(reader.ValueSpan, into);
        }

        // Some writers escape the slash.
        var rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return AudioText.TryDecode(rented.AsSpan(0, reader.CopyString(rented)), into);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
