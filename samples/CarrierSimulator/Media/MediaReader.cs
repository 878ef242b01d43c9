using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace CarrierSimulator;

internal enum MediaKind
{
    Ignored,
    Media,
    Mark,
    Clear,
}

/// <summary>A message is of no use to the carrier and the socket closes.</summary>
internal sealed class MediaProtocolException(int closeCode, string message) : Exception(message)
{
    public int CloseCode { get; } = closeCode;
}

/// <summary>A message from the agent's side. <see cref="Errors"/> are those that do not close the socket.</summary>
internal sealed class MediaMessage
{
    public MediaKind Kind { get; set; }

    /// <summary>The decoded audio, in a buffer of the pool.</summary>
    public byte[]? Payload { get; set; }

    public int PayloadLength { get; set; }

    public string MarkName { get; set; } = "";

    public List<string> Errors { get; } = [];
}

/// <summary>Reads the three messages that the carrier takes, and finds everything that is wrong with others.</summary>
internal static class MediaReader
{
    public const int MaxPayload = 100_000;

    /// <summary>A payload of the largest size in base64, and room for the other fields.</summary>
    public const int MaxMessage = 140_000;

    /// <exception cref="MediaProtocolException">It is no JSON, its audio no base64, or its audio is too long.</exception>
    public static MediaMessage Read(ReadOnlySpan<byte> utf8, MediaStyle style, string streamSid)
    {
        var message = new MediaMessage();
        try
        {
            var json = new Utf8JsonReader(utf8);
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                throw new MediaProtocolException(1007, "a message must be a JSON object");
            }

            ReadObject(ref json, message, style, streamSid);
            if (json.Read())
            {
                throw new MediaProtocolException(1007, "a message must be one JSON object");
            }

            return message;
        }
        catch (Exception e)
        {
            Return(message);
            throw e is JsonException or InvalidOperationException ? new MediaProtocolException(1007, "a message is no valid JSON") : e;
        }
    }

    public static void Return(MediaMessage message)
    {
        if (message.Payload is { } payload)
        {
            ArrayPool<byte>.Shared.Return(payload);
            message.Payload = null;
        }
    }

    private static void ReadObject(ref Utf8JsonReader json, MediaMessage message, MediaStyle style, string streamSid)
    {
        string? name = null, sid = null, body = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = json.GetString()!;
            json.Read();
            switch (field)
            {
                case "event":
                    name = Text(ref json, field, message);
                    break;
                case "stream_sid" or "streamSid":
                    Check(message, field == style.StreamSid, $"{field} is not this stream's way to write {style.StreamSid}");
                    sid = Text(ref json, field, message);
                    break;
                case "sequence_number" or "sequenceNumber":
                    json.Skip();
                    break;
                case "media" or "mark":
                    Check(message, body is null, $"{field} comes after {body}");
                    body = field;
                    ReadBody(ref json, field, message);
                    break;
                default:
                    message.Errors.Add($"unknown field {field}");
                    json.Skip();
                    break;
            }
        }

        message.Kind = name switch
        {
            "media" => MediaKind.Media,
            "mark" => MediaKind.Mark,
            "clear" => MediaKind.Clear,
            _ => MediaKind.Ignored,
        };
        Check(message, name is not null, "event is missing");
        Check(message, name is null || message.Kind != MediaKind.Ignored, $"unknown event {name}");
        if (message.Kind == MediaKind.Ignored)
        {
            return;
        }

        Check(message, sid is not null, $"{style.StreamSid} is missing in {name}");
        Check(message, sid is null || sid == streamSid, $"{style.StreamSid} of {name} is not that of this stream");
        var expected = message.Kind == MediaKind.Clear ? null : name;
        Check(message, body == expected, body is null ? $"{name} has no field {name}" : $"{name} has a field {body}");
        var usable = sid == streamSid && (message.Kind != MediaKind.Media || message.Payload is not null)
            && (message.Kind != MediaKind.Mark || message.MarkName.Length > 0);
        message.Kind = usable ? message.Kind : MediaKind.Ignored;
    }

    private static void ReadBody(ref Utf8JsonReader json, string body, MediaMessage message)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            message.Errors.Add($"{body} is not an object");
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = json.GetString()!;
            json.Read();
            switch (body, field)
            {
                case ("media", "payload"):
                    ReadPayload(ref json, message);
                    break;
                case ("media", "chunk" or "timestamp" or "sequence_number" or "sequenceNumber"):
                    json.Skip();
                    break;
                case ("mark", "name"):
                    message.MarkName = Text(ref json, "mark.name", message) ?? "";
                    Check(message, message.MarkName.Length > 0, "mark.name is empty");
                    break;
                default:
                    message.Errors.Add($"unknown field {body}.{field}");
                    json.Skip();
                    break;
            }
        }

        Check(message, body != "media" || message.Payload is not null, "media has no payload");
        Check(message, body != "mark" || message.MarkName.Length > 0, "mark has no name");
    }

    private static void ReadPayload(ref Utf8JsonReader json, MediaMessage message)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            message.Errors.Add("media.payload is not a string");
            json.Skip();
            return;
        }

        var base64 = json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan;
        Return(message);
        message.Payload = ArrayPool<byte>.Shared.Rent(Math.Max(1, Base64.GetMaxDecodedFromUtf8Length(base64.Length)));
        if (Base64.DecodeFromUtf8(base64, message.Payload, out var used, out var length) != OperationStatus.Done || used != base64.Length)
        {
            throw new MediaProtocolException(1007, "media.payload is not base64");
        }

        message.PayloadLength = length;
        if (length > MaxPayload)
        {
            throw new MediaProtocolException(1009, $"media.payload has {length} bytes; at most {MaxPayload} are taken");
        }
    }

    private static string? Text(ref Utf8JsonReader json, string field, MediaMessage message)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            return json.GetString();
        }

        message.Errors.Add($"{field} is not a string");
        json.Skip();
        return null;
    }

    private static void Check(MediaMessage message, bool holds, string error)
    {
        if (!holds)
        {
            message.Errors.Add(error);
        }
    }
}
