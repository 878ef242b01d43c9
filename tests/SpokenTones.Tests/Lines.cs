namespace SpokenTones.Tests;

/// <summary>What telephone lines, resamplers and jitter do to audio, and an ear at the end of it.</summary>
internal static class Lines
{
    public static readonly int[] Rates = [8000, 16000, 24000];

    public static List<HeardUtterance> Hear(short[] pcm, int rate, ToneSpeaker speaker = ToneSpeaker.Person)
    {
        var ear = new ToneEar(rate, speaker);
        ear.Hear(pcm);
        return [.. ear.Take()];
    }

    public static short[] Silence(int ms, int rate) => new short[rate * ms / 1000];

    public static short[] Gain(short[] pcm, double decibels) =>
        [.. pcm.Select(s => Clip(s * Math.Pow(10, decibels / 20)))];

    public static short[] Mix(short[] a, short[] b) =>
        [.. a.Select((s, n) => Clip(s + (n < b.Length ? b[n] : 0)))];

    /// <summary>Linear interpolation without any filter, starting between two samples.</summary>
    public static short[] Naive(short[] pcm, int from, int to, double offset = 0.3)
    {
        var output = new short[(int)((pcm.Length - 2L) * to / from)];
        for (var n = 0; n < output.Length; n++)
        {
            var at = offset + ((double)n * from / to);
            var left = (int)at;
            output[n] = Clip(pcm[left] + ((at - left) * (pcm[left + 1] - pcm[left])));
        }

        return output;
    }

    /// <summary>Windowed-sinc resampling limited to the telephone's 300–3400 Hz, with the filter's delay.</summary>
    public static short[] Good(short[] pcm, int from, int to, double delayMs = 2)
    {
        const double High = 3400, Low = 300;
        var half = from * 4 / 1000;
        var output = new short[(int)((long)pcm.Length * to / from)];
        for (var n = 0; n < output.Length; n++)
        {
            var at = ((double)n * from / to) - (from * delayMs / 1000);
            var sum = 0.0;
            for (var k = Math.Max(0, (int)at - half); k <= Math.Min(pcm.Length - 1, (int)at + half); k++)
            {
                var t = (k - at) / from;
                var window = 0.5 + (0.5 * Math.Cos(Math.PI * (k - at) / (half + 1)));
                sum += pcm[k] * window * (Sinc(2 * High, t) - Sinc(2 * Low, t)) / from;
            }

            output[n] = Clip(sum);
        }

        return output;
    }

    public static short Clip(double value) => (short)Math.Clamp(Math.Round(value), short.MinValue, short.MaxValue);

    private static double Sinc(double rate, double t) => Math.Abs(t) < 1e-12 ? rate : Math.Sin(Math.PI * rate * t) / (Math.PI * t);
}
