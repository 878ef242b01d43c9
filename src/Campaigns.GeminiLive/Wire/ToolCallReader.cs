using System.Text;
using System.Text.Json;

namespace Campaigns.GeminiLive.Wire;

/// <summary>Reads tool calls and their cancellation.</summary>
internal static class ToolCallReader
{
    /// <summary>Reads <c>toolCall</c>. A call without a name cannot be answered and is passed over.</summary>
    internal static void ReadCalls(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, ServerMessage message)
    {
        if (!ServerMessageReader.EnterObject(ref reader))
        {
            return;
        }

        while (ServerMessageReader.NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("functionCalls"u8))
            {
                reader.Skip();
            }
            else if (ServerMessageReader.EnterArray(ref reader))
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (reader.TokenType == JsonTokenType.StartObject)
                    {
                        ReadCall(ref reader, bytes, message);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
        }
    }

    /// <summary>Reads <c>toolCallCancellation</c>.</summary>
    internal static void ReadCancellation(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!ServerMessageReader.EnterObject(ref reader))
        {
            return;
        }

        while (ServerMessageReader.NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("ids"u8))
            {
                reader.Skip();
            }
            else if (ServerMessageReader.EnterArray(ref reader))
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (ServerMessageReader.Text(ref reader) is { Length: > 0 } id)
                    {
                        message.CancelledIds.Add(id);
                    }
                }
            }
        }
    }

    private static void ReadCall(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, ServerMessage message)
    {
        string? id = null;
        string? name = null;
        var arguments = "{}";
        while (ServerMessageReader.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("id"u8))
            {
                id = ServerMessageReader.TextValue(ref reader) is { Length: > 0 } text ? text : null;
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                name = ServerMessageReader.TextValue(ref reader);
            }
            else if (!reader.ValueTextEquals("args"u8))
            {
                reader.Skip();
            }
            else if (ServerMessageReader.EnterObject(ref reader))
            {
                // As the model wrote it: keys and numbers are not touched.
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                arguments = Encoding.UTF8.GetString(bytes[start..(int)reader.BytesConsumed]);
            }
        }

        if (!string.IsNullOrEmpty(name))
        {
            message.Calls.Add(new WireCall(id, name, arguments));
        }
    }
}
