using System.Numerics;

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
        var (sum, least, most) = SumOfVectors(ref samples);
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

    // As many samples as fill vectors; the rest remains.
    private static (long SumOfSquares, int Least, int Most) SumOfVectors(ref ReadOnlySpan<short> samples)
    {
        var (sum, least, most) = (Vector<ulong>.Zero, Vector<short>.Zero, Vector<short>.Zero);
        for (; samples.Length >= Vector<short>.Count; samples = samples[Vector<short>.Count..])
        {
            var next = new Vector<short>(samples);
            (least, most) = (Vector.Min(least, next), Vector.Max(most, next));
            Vector.Widen(next, out var low, out var high);

            // Two squares of -32768 fill 32 bits without a sign.
            Vector.Widen(Vector.AsVectorUInt32((low * low) + (high * high)), out var first, out var second);
            sum += first + second;
        }

        var (smallest, largest) = (0, 0);
        for (var i = 0; i < Vector<short>.Count; i++)
        {
            (smallest, largest) = (Math.Min(smallest, least[i]), Math.Max(largest, most[i]));
        }

        return ((long)Vector.Sum(sum), smallest, largest);
    }
}
