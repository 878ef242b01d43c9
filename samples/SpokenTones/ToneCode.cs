namespace SpokenTones;

/// <summary>
/// The code. A symbol is two of a speaker's 20 tones at once for 40 ms. A pair of one low and one high tone is a datum (0–99); a pair
/// from one half is a mark, which no data and no DTMF digit can look like. An utterance is two opening marks, a datum per character,
/// the closing mark and two data of checksum. Tones are 66⅔ Hz apart: within the 30 ms that an ear looks at they are orthogonal.
/// </summary>
internal static class ToneCode
{
    public const int Tones = 20;
    public const int Half = Tones / 2;
    public const double Spacing = 200.0 / 3;
    public const int SymbolMs = 40;
    public const int MaxText = 200;

    /// <summary>Silence after the last symbol, so that a resampler's delay does not swallow its end.</summary>
    public const int TailMs = 10;

    public static readonly (int First, int Second) Opening = (1, 6);
    public static readonly (int First, int Second) Opening2 = (3, 8);
    public static readonly (int First, int Second) Closing = (12, 17);

    public static double Hertz(ToneSpeaker speaker, int tone) => Spacing * ((speaker == ToneSpeaker.Person ? 8 : 30) + tone);

    public static void CheckRate(int sampleRate)
    {
        if (sampleRate is not (8000 or 16000 or 24000))
        {
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "The rate must be 8000, 16000 or 24000 Hz.");
        }
    }

    /// <summary>The symbols of a text.</summary>
    /// <exception cref="ArgumentException">The text is empty, too long, or has a character outside printable ASCII.</exception>
    public static (int First, int Second)[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > MaxText || text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"A text has 1 to {MaxText} printable ASCII characters.", nameof(text));
        }

        var checksum = Checksum(text);
        return [Opening, Opening2, .. text.Select(c => Datum(c - ' ')), Closing, Datum(checksum / 100), Datum(checksum % 100)];
    }

    /// <summary>CRC-16/CCITT of the text, folded into four decimal digits.</summary>
    public static int Checksum(ReadOnlySpan<char> text)
    {
        var crc = 0xFFFF;
        foreach (var c in text)
        {
            crc ^= c << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? ((crc << 1) ^ 0x1021) & 0xFFFF : (crc << 1) & 0xFFFF;
            }
        }

        return crc % 10_000;
    }

    private static (int First, int Second) Datum(int value) => (value / Half, Half + (value % Half));
}
