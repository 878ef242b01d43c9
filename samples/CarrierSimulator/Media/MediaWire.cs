using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CarrierSimulator;

/// <summary>Writes the carrier's messages of one stream. Not for several threads at once.</summary>
internal sealed class MediaWire(MediaStyle style, string streamSid)
{
    private readonly byte[] _mediaHead = Encoding.UTF8.GetBytes(
        $$"""{"event":"media","{{style.StreamSid}}":"{{streamSid}}","{{style.SequenceNumber}}":""");

    private readonly byte[] _mediaBody = ",\"media\":{\"chunk\":"u8.ToArray();
    private int _sequence;
    private int _chunk;

    public static OutgoingMessage Connected() => OutgoingMessage.Of("{\"event\":\"connected\"}"u8);

    public OutgoingMessage Start(
        LedgerEntry call, string accountSid, int sampleRate, IReadOnlyList<KeyValuePair<string, string>> parameters) =>
        Message("start", json =>
        {
            json.WriteStartObject("start");
            json.WriteString(style.StreamSid, streamSid);
            json.WriteString(style.CallSid, call.CallSid);
            json.WriteString(style.AccountSid, accountSid);
            json.WriteString("from", PhoneNumber.Wire(call.Number));
            json.WriteString("to", PhoneNumber.Wire(call.CallerId));
            if (style.EmptyString && parameters.Count == 0)
            {
                json.WriteString(style.CustomParameters, "");
            }
            else
            {
                json.WriteStartObject(style.CustomParameters);
                foreach (var (name, value) in parameters)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            json.WriteStartObject(style.MediaFormat);
            json.WriteString("encoding", "audio/x-raw");
            Number(json, style.SampleRate, sampleRate);
            Number(json, style.BitRate, 16);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    public OutgoingMessage Media(ReadOnlySpan<short> pcm, long timestampMs)
    {
        var bytes = MemoryMarshal.AsBytes(pcm);
        var message = OutgoingMessage.Rent(_mediaHead.Length + _mediaBody.Length + 96 + Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        message.Append(_mediaHead);
        Number(ref message, ++_sequence);
        message.Append(_mediaBody);
        Number(ref message, ++_chunk);
        message.Append(",\"timestamp\":"u8);
        Number(ref message, timestampMs);
        message.Append(",\"payload\":\""u8);
        Base64.EncodeToUtf8(bytes, message.Free, out _, out var written);
        message.Advance(written);
        message.Append("\"}}"u8);
        return message;
    }

    public OutgoingMessage Dtmf(char digit) => Message("dtmf", json =>
    {
        json.WriteStartObject("dtmf");
        json.WriteString("digit", digit.ToString());
        Number(json, "duration", 100);
        json.WriteEndObject();
    });

    public OutgoingMessage Mark(string name) => Message("mark", json =>
    {
        json.WriteStartObject("mark");
        json.WriteString("name", name);
        json.WriteEndObject();
    });

    public OutgoingMessage Stop(string callSid, string accountSid, string reason) => Message("stop", json =>
    {
        json.WriteStartObject("stop");
        json.WriteString(style.CallSid, callSid);
        json.WriteString(style.AccountSid, accountSid);
        json.WriteString("reason", reason);
        json.WriteEndObject();
    });

    private OutgoingMessage Message(string name, Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            Number(json, style.SequenceNumber, ++_sequence);
            json.WriteString(style.StreamSid, streamSid);
            body(json);
            json.WriteEndObject();
        }

        return OutgoingMessage.Of(buffer.WrittenSpan);
    }

    private void Number(Utf8JsonWriter json, string name, int value)
    {
        if (style.Numbers)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, value.ToString());
        }
    }

    private void Number(ref OutgoingMessage message, long value)
    {
        message.Append(style.Numbers ? [] : "\""u8);
        value.TryFormat(message.Free, out var written);
        message.Advance(written);
        message.Append(style.Numbers ? [] : "\""u8);
    }
}

/// <summary>A message in a pooled buffer; whoever sends it gives the buffer back.</summary>
internal struct OutgoingMessage
{
    private byte[] _buffer;

    public readonly ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    public int Length { get; private set; }

    public readonly Span<byte> Free => _buffer.AsSpan(Length);

    public static OutgoingMessage Rent(int capacity) => new() { _buffer = ArrayPool<byte>.Shared.Rent(capacity) };

    public static OutgoingMessage Of(ReadOnlySpan<byte> bytes)
    {
        var message = Rent(bytes.Length);
        message.Append(bytes);
        return message;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free);
        Length += bytes.Length;
    }

    public void Advance(int count) => Length += count;

    public readonly void Return() => ArrayPool<byte>.Shared.Return(_buffer);
}
