namespace SpokenTones;

/// <summary>Speaks: texts as tone codes, and the other sounds of a telephone line. Everything is 16-bit mono PCM.</summary>
public static class ToneVoice
{
    private const double Amplitude = 0.22 * short.MaxValue;
    private const int EdgeMs = 4;

    /// <summary>The sound of a text: about 25 characters a second after an opening of 80 ms.</summary>
    /// <param name="text">1 to 200 printable ASCII characters.</param>
    /// <param name="sampleRate">8000, 16000 or 24000 Hz.</param>
    /// <param name="speaker">Whose voice it is.</param>
    /// <exception cref="ArgumentException">The text or the rate is not one of those.</exception>
    public static short[] Speak(string text, int sampleRate, ToneSpeaker speaker = ToneSpeaker.Person)
    {
        ToneCode.CheckRate(sampleRate);
        var symbols = ToneCode.Encode(text);
        var length = sampleRate * ToneCode.SymbolMs / 1000;
        var pcm = new short[(symbols.Length * length) + (sampleRate * ToneCode.TailMs / 1000)];
        for (var i = 0; i < symbols.Length; i++)
        {
            var first = 2 * Math.PI * ToneCode.Hertz(speaker, symbols[i].First) / sampleRate;
            var second = 2 * Math.PI * ToneCode.Hertz(speaker, symbols[i].Second) / sampleRate;
            for (var n = 0; n < length; n++)
            {
                var value = Math.Sin(first * n) + Math.Sin(second * n);
                pcm[(i * length) + n] = (short)Math.Round(Amplitude * Edge(n, length, sampleRate) * value);
            }
        }

        return pcm;
    }

    /// <summary>How long a text takes to say.</summary>
    public static TimeSpan DurationOf(string text) =>
        TimeSpan.FromMilliseconds((ToneCode.Encode(text).Length * ToneCode.SymbolMs) + ToneCode.TailMs);

    /// <summary>One tone, as an answering machine's beep.</summary>
    /// <param name="hz">Below half the rate.</param>
    /// <param name="ms">Length.</param>
    /// <param name="rate">Samples per second.</param>
    public static short[] Beep(int hz, int ms, int rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hz);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(hz, rate / 2);
        ArgumentOutOfRangeException.ThrowIfNegative(ms);
        var pcm = new short[rate * ms / 1000];
        for (var n = 0; n < pcm.Length; n++)
        {
            pcm[n] = (short)Math.Round(0.4 * short.MaxValue * Edge(n, pcm.Length, rate) * Math.Sin(2 * Math.PI * hz * n / rate));
        }

        return pcm;
    }

    /// <summary>White noise that is the same for the same seed.</summary>
    /// <param name="ms">Length.</param>
    /// <param name="rate">Samples per second.</param>
    /// <param name="dbfs">Its level, RMS, relative to full scale; speech is at about -13.</param>
    /// <param name="seed">Which noise.</param>
    public static short[] Noise(int ms, int rate, double dbfs = -40, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ms);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        var random = new Random(seed);
        var pcm = new short[rate * ms / 1000];

        // A uniform variable's RMS is its peak over the square root of three.
        var peak = Math.Sqrt(3) * short.MaxValue * Math.Pow(10, dbfs / 20);
        for (var n = 0; n < pcm.Length; n++)
        {
            pcm[n] = (short)Math.Clamp(Math.Round(peak * ((2 * random.NextDouble()) - 1)), short.MinValue, short.MaxValue);
        }

        return pcm;
    }

    /// <summary>A raised cosine at both ends: no clicks.</summary>
    private static double Edge(int n, int length, int rate)
    {
        var edge = rate * EdgeMs / 1000.0;
        var distance = Math.Min(n, length - 1 - n) + 0.5;
        return distance >= edge ? 1 : 0.5 - (0.5 * Math.Cos(Math.PI * distance / edge));
    }
}
