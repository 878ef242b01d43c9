namespace Campaigns.AudioTests;

/// <summary>Sounds for tests, all 16-bit mono. Levels are amplitudes: 32,768 is full scale.</summary>
internal static class Signals
{
    public static short[] Tone(int rate, double seconds, double frequency, double amplitude = 8000)
        => Sum(rate, seconds, (frequency, amplitude));

    public static short[] Sum(int rate, double seconds, params (double Frequency, double Amplitude)[] tones)
        => Make(rate, seconds, t => tones.Sum(tone => tone.Amplitude * Math.Sin(2 * Math.PI * tone.Frequency * t)));

    public static short[] Make(int rate, double seconds, Func<double, double> at)
        => [.. Enumerable.Range(0, (int)Math.Round(rate * seconds)).Select(i => Saturate(at((double)i / rate)))];

    public static short[] Silence(int rate, double seconds) => new short[(int)Math.Round(rate * seconds)];

    /// <summary>White noise with this root mean square.</summary>
    public static short[] Noise(int rate, double seconds, double rms, int seed = 1)
    {
        var random = new Random(seed);
        return Make(rate, seconds, _ => rms * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    /// <summary>Uniform over all of 16 bits.</summary>
    public static short[] Wild(int samples, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).Select(_ => (short)random.Next(short.MinValue, short.MaxValue + 1))];
    }

    /// <summary>Partials over the telephone band with the slope of a voice, at phases that do not peak together.</summary>
    public static short[] SpeechBand(int rate, double seconds)
        => Make(rate, seconds, t => Enumerable.Range(1, 26).Sum(h => 6000 / (1 + (h / 4.0)) * Math.Sin((2 * Math.PI * 127.3 * h * t) + (h * h * 1.7)) / 2));

    /// <summary>
    /// Syllables of four to six a second with pauses between phrases: a voice of gliding pitch through three formants, with fricatives.
    /// </summary>
    public static short[] Speech(int rate, double seconds, double peak = 9000, double pitch = 120, int seed = 1)
    {
        var random = new Random(seed);
        var output = new double[(int)(rate * seconds)];
        var at = (int)(rate * 0.02);
        for (var syllable = 0; at < output.Length; syllable++)
        {
            var length = (int)(rate * (0.12 + (0.12 * random.NextDouble())));
            Syllable(output, rate, at, length, pitch * (0.85 + (0.3 * random.NextDouble())), random);
            at += length + (int)(rate * (syllable % 6 == 5 ? 0.35 : 0.03 + (0.04 * random.NextDouble())));
        }

        var loudest = output.Max(Math.Abs);
        return [.. output.Select(s => Saturate(s / loudest * peak))];
    }

    public static short[] Mix(params short[][] signals)
        => [.. Enumerable.Range(0, signals.Max(s => s.Length)).Select(i => Saturate(signals.Sum(s => i < s.Length ? s[i] : 0)))];

    public static double Rms(ReadOnlySpan<short> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
        {
            sum += (double)sample * sample;
        }

        return Math.Sqrt(sum / samples.Length);
    }

    private static short Saturate(double value) => (short)Math.Clamp(Math.Round(value), short.MinValue, short.MaxValue);

    private static void Syllable(double[] output, int rate, int start, int length, double pitch, Random random)
    {
        double[] formants = [300 + (500 * random.NextDouble()), 900 + (1300 * random.NextDouble()), 2300 + (700 * random.NextDouble())];
        // Some syllables are stressed, and each fades a little before it ends.
        var stress = 0.5 + (0.5 * random.NextDouble());
        var glide = 0.25 * (random.NextDouble() - 0.5);
        var phase = 0.0;
        double[] gains = [];
        for (var i = 0; i < length && start + i < output.Length; i++)
        {
            var part = (double)i / length;
            var f0 = pitch * (1 + (glide * part) + (0.01 * Math.Sin(2 * Math.PI * 5 * i / rate)));
            phase += 2 * Math.PI * f0 / rate;
            var envelope = Math.Min(1, part * 5) * Math.Min(1, (1 - part) * 4);
            var sum = 0.0;
            if (i % (rate / 100) == 0)
            {
                gains = [.. Enumerable.Range(1, (int)(3400 / f0)).Select(h => formants.Select((f, n) => Math.Exp(-Math.Pow(((h * f0) - f) / (120 + (40 * n)), 2)) / (n + 1)).Sum() + (0.05 / h))];
            }

            for (var h = 1; h <= gains.Length; h++)
            {
                sum += gains[h - 1] * Math.Sin(h * phase);
            }

            var breath = part < 0.2 ? 0.4 * (random.NextDouble() - 0.5) : 0.02 * (random.NextDouble() - 0.5);
            output[start + i] += (stress * envelope * (1 - (0.4 * part)) * sum) + (breath * Math.Min(1, part * 20));
        }
    }
}
