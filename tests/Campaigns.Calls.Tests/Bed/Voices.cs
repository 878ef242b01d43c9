namespace Campaigns.Calls.Tests.Bed;

/// <summary>Sounds of the other end.</summary>
internal static class Voices
{
    /// <summary>Harmonics in syllables: what a speech detector takes for speech.</summary>
    internal static short[] Speech(double milliseconds, int rate = 8000)
    {
        var samples = new short[(int)(milliseconds * rate / 1000)];
        for (var i = 0; i < samples.Length; i++)
        {
            var t = (double)i / rate;
            var syllable = 0.15 + (0.85 * Math.Abs(Math.Sin(2 * Math.PI * 2.7 * t)));
            var sound = Math.Sin(2 * Math.PI * 140 * t) + (0.7 * Math.Sin(2 * Math.PI * 420 * t)) + (0.4 * Math.Sin(2 * Math.PI * 1260 * t));
            samples[i] = (short)(5000 * syllable * sound);
        }

        return samples;
    }

    internal static short[] Tone(double milliseconds, double hertz = 1000, int rate = 8000)
    {
        var samples = new short[(int)(milliseconds * rate / 1000)];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)(8000 * Math.Sin(2 * Math.PI * hertz * i / rate));
        }

        return samples;
    }

    internal static short[] Silence(double milliseconds, int rate = 8000) => new short[(int)(milliseconds * rate / 1000)];
}
