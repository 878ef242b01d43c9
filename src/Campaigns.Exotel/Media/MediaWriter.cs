using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Campaigns.Exotel.Media;

/// <summary>
/// Writes our messages of one stream, in the notation it began with, and allocates nothing. Not thread-safe: one message at a time.
/// </summary>
internal sealed class MediaWriter
{
    /// <summary>Audio is sent in multiples of this many bytes.</summary>
    internal const int AudioUnit = 320;

    /// <summary>Most bytes of audio in one message.</summary>
    internal const int MaxAudio = 100_000;

    // Two counters and a time, 20 digits each.
    private const int Numbers = 60;

    private readonly bool numbered;
    private readonly int bytesPerSecond;
    private readonly byte[] audioHead;
    private readonly byte[] audioTime;
    private readonly byte[] audioPayload;
    private readonly byte[] audioChunk;
    private readonly byte[] markHead;
    private readonly byte[] clear;
    private long messages;
    private long chunks;
    private long audioBytes;

    internal MediaWriter(string streamSid, NamingStyle style, int sampleRate, bool numbered)
    {
        this.numbered = numbered;
        bytesPerSecond = sampleRate * sizeof(short);
        var sid = $"\"{(style == NamingStyle.Camel ? "streamSid" : "stream_sid")}\":\"{JsonEncodedText.Encode(streamSid)}\"";
        var sequence = style == NamingStyle.Camel ? "sequenceNumber" : "sequence_number";
        audioHead = Utf8("{\"event\":\"media\"," + (numbered ? $"\"{sequence}\":\"" : $"{sid},\"media\":{{"));
        audioChunk = Utf8($"\",{sid},\"media\":{{\"chunk\":\"");
        audioTime = Utf8("\",\"timestamp\":\"");
        audioPayload = Utf8(numbered ? "\",\"payload\":\"" : "\"payload\":\"");
        markHead = Utf8("{\"event\":\"mark\"," + $"{sid},\"mark\":{{\"name\":\"");
        clear = Utf8("{\"event\":\"clear\"," + sid + "}");
    }

    private static ReadOnlySpan<byte> Tail => "\"}}"u8;

    /// <exception cref="ArgumentException">Not a chunk the carrier takes.</exception>
    internal static void CheckAudio(int bytes)
    {
        if (bytes is 0 or > MaxAudio || bytes % AudioUnit != 0)
        {
            throw new ArgumentException(
                $"A chunk of audio is a multiple of {AudioUnit} bytes, {AudioUnit}–{MaxAudio}; this one has {bytes}.", nameof(bytes));
        }
    }

    /// <summary>Room that <see cref="WriteAudio"/> needs, bytes.</summary>
    internal int AudioRoom(int bytes)
        => audioHead.Length + audioChunk.Length + audioTime.Length + audioPayload.Length + Numbers + Base64.GetMaxEncodedToUtf8Length(bytes)
            + Tail.Length;

    /// <summary>Room that <see cref="WriteMark"/> needs, bytes.</summary>
    internal int MarkRoom(string name) => markHead.Length + (name.Length * 6) + Tail.Length;

    /// <summary>Room that <see cref="WriteClear"/> needs, bytes.</summary>
    internal int ClearRoom => clear.Length;

    /// <summary>Writes a chunk of audio.</summary>
    /// <returns>Bytes written.</returns>
    internal int WriteAudio(ReadOnlySpan<byte> pcm, Span<byte> into)
    {
        messages++;
        var at = 0;
        Append(into, ref at, audioHead);
        if (numbered)
        {
            Append(into, ref at, messages);
            Append(into, ref at, audioChunk);
            Append(into, ref at, ++chunks);
            Append(into, ref at, audioTime);
            Append(into, ref at, audioBytes * 1_000 / bytesPerSecond);
        }

        Append(into, ref at, audioPayload);
        Base64.EncodeToUtf8(pcm, into[at..], out _, out var encoded);
        at += encoded;
        Append(into, ref at, Tail);
        audioBytes += pcm.Length;
        return at;
    }

    /// <summary>Writes a mark.</summary>
    /// <returns>Bytes written.</returns>
    internal int WriteMark(string name, Span<byte> into)
    {
        messages++;
        var at = 0;
        Append(into, ref at, markHead);
        if (IsPlain(name))
        {
            at += Encoding.ASCII.GetBytes(name, into[at..]);
        }
        else
        {
            Append(into, ref at, JsonEncodedText.Encode(name).EncodedUtf8Bytes);
        }

        Append(into, ref at, Tail);
        return at;
    }

    /// <summary>Writes a clear.</summary>
    /// <returns>Bytes written.</returns>
    internal int WriteClear(Span<byte> into)
    {
        messages++;
        clear.CopyTo(into);
        return clear.Length;
    }

    private static bool IsPlain(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':' or '/'))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static void Append(Span<byte> into, ref int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(into[at..]);
        at += bytes.Length;
    }

    private static void Append(Span<byte> into, ref int at, long number)
    {
        Utf8Formatter.TryFormat(number, into[at..], out var written);
        at += written;
    }
}
