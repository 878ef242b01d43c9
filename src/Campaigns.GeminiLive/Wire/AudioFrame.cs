using System.Buffers;
using System.Buffers.Text;

namespace Campaigns.GeminiLive.Wire;

/// <summary>
/// A <c>realtimeInput.audio</c> message, written by hand: it is sent 10 to 50 times a second in every call and must cost no allocation.
/// </summary>
internal static class AudioFrame
{
    /// <summary>Hz of the audio that is sent.</summary>
    internal const int SampleRate = 16_000;

    /// <summary>Bytes of audio per millisecond: 16-bit mono.</summary>
    internal const int BytesPerMillisecond = SampleRate * 2 / 1_000;

    /// <summary>Least audio of a message: 20 ms.</summary>
    internal const int Least = 20 * BytesPerMillisecond;

    /// <summary>Most audio of a message: 100 ms, as the carrier delivers it. What is here goes at once: smaller messages would only cost more.</summary>
    internal const int Most = 100 * BytesPerMillisecond;

    /// <summary>Bytes of the longest message.</summary>
    internal static readonly int MaxLength = Prefix.Length + Base64.GetMaxEncodedToUtf8Length(Most) + Suffix.Length;

    private static ReadOnlySpan<byte> Prefix => """{"realtimeInput":{"audio":{"data":" """u8[..^1];

    private static ReadOnlySpan<byte> Suffix => "\",\"mimeType\":\"audio/pcm;rate=16000\"}}}"u8;

    /// <summary>Writes a message.</summary>
    /// <param name="pcm">PCM16 little-endian, mono, 16 kHz; at most <see cref="Most"/> bytes, whole samples.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    internal static int Write(ReadOnlySpan<byte> pcm, Span<byte> destination)
    {
        Prefix.CopyTo(destination);
        var body = destination[Prefix.Length..];
        var status = Base64.EncodeToUtf8(pcm, body, out _, out var written);
        if (status != OperationStatus.Done)
        {
            throw new ArgumentException($"The audio does not fit: {status}.", nameof(destination));
        }

        Suffix.CopyTo(body[written..]);
        return Prefix.Length + written + Suffix.Length;
    }
}
