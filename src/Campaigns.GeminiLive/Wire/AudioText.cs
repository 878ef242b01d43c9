using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Campaigns.GeminiLive.Wire;

/// <summary>Audio as it comes in JSON: a mime type and base64 of either alphabet, padded or not.</summary>
internal static class AudioText
{
    private const int Rate = 24_000;

    /// <summary>Whether a mime type is PCM at the rate we play; a rate that is not said is taken to be that.</summary>
    internal static bool IsPlayable(string? mime)
    {
        if (mime is null)
        {
            return true;
        }

        var parts = mime.Split(';', StringSplitOptions.TrimEntries);
        if (!string.Equals(parts[0], "audio/pcm", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var part in parts.AsSpan(1))
        {
            if (part.StartsWith("rate=", StringComparison.OrdinalIgnoreCase))
            {
                return int.TryParse(part.AsSpan(5), out var rate) && rate == Rate;
            }
        }

        return true;
    }

    /// <summary>Whether the bytes are the mime type that nearly every message has, told without making a string.</summary>
    internal static bool IsUsual(ReadOnlySpan<byte> mime) => mime.SequenceEqual("audio/pcm;rate=24000"u8);

    /// <summary>Decodes base64 or base64url to the end of the buffer. Nothing is appended if it is neither.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> text, PooledBuffer into)
    {
        var room = into.GetSpan(Base64.GetMaxDecodedFromUtf8Length(text.Length) + 3);
        if (Base64.DecodeFromUtf8(text, room, out _, out var written) == OperationStatus.Done)
        {
            into.Advance(written);
            return true;
        }

        var rented = ArrayPool<byte>.Shared.Rent(text.Length + 1);
        try
        {
            var url = rented.AsSpan(0, text.Length);
            text.CopyTo(url);
            url.Replace((byte)'+', (byte)'-');
            url.Replace((byte)'/', (byte)'_');
            if (Base64Url.DecodeFromUtf8(url.TrimEnd((byte)'='), room, out _, out written) != OperationStatus.Done)
            {
                return false;
            }

            into.Advance(written);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>A mime type fit for a log line.</summary>
    internal static string Shorten(string mime)
    {
        var text = new StringBuilder(60);
        foreach (var c in mime.AsSpan(0, Math.Min(60, mime.Length)))
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c is '/' or ';' or '=' or '-' or '.' or '+' ? c : '?');
        }

        return text.ToString();
    }
}
