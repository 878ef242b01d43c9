using System.Buffers;
using System.Buffers.Text;

namespace Campaigns.Exotel.Media;

/// <summary>Base64 in a JSON string, decoded where it stands: padded or not, with blanks or JSON escapes in it.</summary>
internal static class Base64Payload
{
    /// <summary>Decodes in place; what the text was is lost, also on failure.</summary>
    /// <param name="text">The string's bytes between its quotes.</param>
    /// <param name="escaped">Whether it has backslashes (some writers escape every slash).</param>
    /// <param name="length">Bytes decoded, at the start of <paramref name="text"/>.</param>
    internal static bool TryDecode(Span<byte> text, bool escaped, out int length)
    {
        length = 0;
        if (escaped || text.Contains((byte)' '))
        {
            if (!TryCompact(text, out var kept))
            {
                return false;
            }

            text = text[..kept];
        }

        var padding = text.EndsWith("=="u8) ? 2 : text.EndsWith("="u8) ? 1 : 0;
        text = text[..^padding];
        var rest = text.Length & 3;
        if (rest == 1 || (padding != 0 && ((rest + padding) & 3) != 0))
        {
            return false;
        }

        Span<byte> last = [(byte)'A', (byte)'A', (byte)'A', (byte)'A'];
        text[^rest..].CopyTo(last);
        var whole = text[..^rest];
        if (Base64.DecodeFromUtf8InPlace(whole, out length) != OperationStatus.Done || length != whole.Length / 4 * 3)
        {
            return false;
        }

        if (rest == 0)
        {
            return true;
        }

        // Two characters hold one byte, three hold two; bits beyond are dropped whatever they are.
        Span<byte> decoded = stackalloc byte[3];
        if (Base64.DecodeFromUtf8(last, decoded, out _, out var written) != OperationStatus.Done || written != 3)
        {
            return false;
        }

        decoded[..(rest - 1)].CopyTo(text[length..]);
        length += rest - 1;
        return true;
    }

    private static bool TryCompact(Span<byte> text, out int kept)
    {
        kept = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\')
            {
                if (++i == text.Length || !TryUnescape(text, ref i, out c))
                {
                    return false;
                }
            }

            if (c is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                text[kept++] = c;
            }
        }

        return true;
    }

    // At the character after the backslash; only what can stand in base64 is of use.
    private static bool TryUnescape(ReadOnlySpan<byte> text, ref int i, out byte c)
    {
        c = text[i] switch
        {
            (byte)'/' => (byte)'/',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            _ => 0,
        };
        if (c != 0)
        {
            return true;
        }

        if (text[i] != 'u' || i + 4 >= text.Length
            || !Utf8Parser.TryParse(text.Slice(i + 1, 4), out ushort code, out var used, 'x') || used != 4 || code is 0 or > 0x7f)
        {
            return false;
        }

        i += 4;
        c = (byte)code;
        return true;
    }
}
