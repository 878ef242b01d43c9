namespace SpokenTones;

/// <summary>The two loudest tones of a window, the lower first, and their power together.</summary>
internal readonly record struct ToneSymbol(int First, int Second, float Power, bool Clear)
{
    /// <summary>The least a symbol may have: 37 dB below a voice at its usual level.</summary>
    private const float LeastPower = 1e4f;

    /// <summary>The part of the band's power that the two tones must have.</summary>
    private const float Purity = 0.7f;

    /// <summary>The louder tone may have this many times the power of the other.</summary>
    private const float Balance = 8;

    /// <summary>0 to 99, or -1 for a mark or what nobody can read.</summary>
    public int Datum => Clear && First < ToneCode.Half && Second >= ToneCode.Half ? (First * ToneCode.Half) + Second - ToneCode.Half : -1;

    public bool Is((int First, int Second) mark) => Clear && (First, Second) == mark;

    public static ToneSymbol Read(ReadOnlySpan<float> powers)
    {
        var (best, next, total) = (0, -1, powers[0]);
        for (var tone = 1; tone < powers.Length; tone++)
        {
            total += powers[tone];
            if (powers[tone] > powers[best])
            {
                (best, next) = (tone, best);
            }
            else if (next < 0 || powers[tone] > powers[next])
            {
                next = tone;
            }
        }

        var power = powers[best] + powers[next];
        var clear = power >= LeastPower && power >= Purity * total && powers[best] <= Balance * powers[next];
        return new ToneSymbol(Math.Min(best, next), Math.Max(best, next), power, clear);
    }
}
