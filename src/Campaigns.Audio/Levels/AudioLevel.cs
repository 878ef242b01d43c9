namespace Campaigns.Audio;

/// <summary>How loud a stretch of samples is. 0 dBFS is the power of a full-scale square wave; a full-scale sine has −3.01.</summary>
/// <param name="RmsDbfs">Root mean square, in dBFS; <see cref="Silence"/> at the least.</param>
/// <param name="PeakDbfs">Largest sample, in dBFS; <see cref="Silence"/> at the least.</param>
public readonly record struct AudioLevel(double RmsDbfs, double PeakDbfs)
{
    /// <summary>What stands for zeros: −120 dBFS, well under one step of 16 bits.</summary>
    public const double Silence = -120;

    private const double FullScale = 32768;

    /// <summary>The level of these samples; <see cref="Silence"/> of none.</summary>
    /// <param name="samples">16-bit samples.</param>
    public static AudioLevel Of(ReadOnlySpan<short> samples)
    {
        var (sum, peak) = Sum(samples);
        return From(sum, peak, samples.Length);
    }

    internal static (long SumOfSquares, int Peak) Sum(ReadOnlySpan<short> samples)
    {
        // Both extremes, because the sign of a sound is a branch that nothing predicts.
        var (sum, least, most) = (0L, 0, 0);
        foreach (var sample in samples)
        {
            sum += sample * sample;
            least = Math.Min(least, sample);
            most = Math.Max(most, sample);
        }

        return (sum, Math.Max(-least, most));
    }

    internal static AudioLevel From(double sumOfSquares, int peak, int count)
        => new(Decibels(count == 0 ? 0 : Math.Sqrt(sumOfSquares / count)), Decibels(peak));

    internal static double Decibels(double amplitude) => Math.Max(Silence, 20 * Math.Log10(amplitude / FullScale));
}
