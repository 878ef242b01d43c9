namespace Campaigns.Audio;

/// <summary>What 32 ms of sound at 8 kHz look like to someone who listens for one pure tone.</summary>
/// <param name="Dbfs">Level of everything.</param>
/// <param name="Frequency">Of the strongest component in Hz; 0 if the frame is not a steady pure tone.</param>
internal readonly record struct ToneFrame(double Dbfs, double Frequency)
{
    public const int Rate = 8000;
    public const int Samples = 256;

    // 5 ms: shorter than the beats of any pair of tones that the spectrum cannot tell apart.
    private const int Block = 40;
    private const double MostUneven = 4;
    private const double LeastPurity = 0.87;
    private const int FirstBin = 6;
    private const int LastBin = 122;
    private const int Lobe = 2;

    private static readonly float[] Window
        = [.. Enumerable.Range(0, Samples).Select(i => (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Samples))))];

    public bool IsTone => Frequency > 0;

    /// <param name="samples">256 of them.</param>
    /// <param name="quietDbfs">Below this nothing is looked for.</param>
    public static ToneFrame Analyse(ReadOnlySpan<short> samples, double quietDbfs)
    {
        var level = AudioLevel.Of(samples).RmsDbfs;
        return new ToneFrame(level, level < quietDbfs || !IsEven(samples) ? 0 : PureFrequency(samples));
    }

    // Two tones close to each other, a modulated one and a voice swell and fade within milliseconds; one tone does not.
    private static bool IsEven(ReadOnlySpan<short> samples)
    {
        var (least, most) = (double.PositiveInfinity, 0.0);
        for (var at = 0; at + Block <= samples.Length; at += Block)
        {
            var energy = 1.0;
            foreach (var sample in samples.Slice(at, Block))
            {
                energy += sample * sample;
            }

            (least, most) = (Math.Min(least, energy), Math.Max(most, energy));
        }

        return most <= MostUneven * least;
    }

    private static double PureFrequency(ReadOnlySpan<short> samples)
    {
        Span<float> real = stackalloc float[Samples];
        Span<float> imaginary = stackalloc float[Samples];
        for (var i = 0; i < Samples; i++)
        {
            real[i] = samples[i] * Window[i];
        }

        imaginary.Clear();
        FourierTransform.Forward(real, imaginary);
        Span<double> power = stackalloc double[LastBin + Lobe + 1];
        var (total, peak) = (0.0, FirstBin);
        for (var bin = FirstBin - Lobe; bin < power.Length; bin++)
        {
            power[bin] = ((double)real[bin] * real[bin]) + ((double)imaginary[bin] * imaginary[bin]);
            total += power[bin];
            peak = bin >= FirstBin && bin <= LastBin && power[bin] > power[peak] ? bin : peak;
        }

        var own = 0.0;
        for (var bin = peak - Lobe; bin <= peak + Lobe; bin++)
        {
            own += power[bin];
        }

        return own < LeastPurity * total ? 0 : Interpolated(power[peak - 1], power[peak], power[peak + 1], peak) * Rate / Samples;
    }

    // The amplitudes beside the peak of a Hann window say where between the bins the tone lies.
    private static double Interpolated(double before, double at, double after, int bin)
    {
        var (left, centre, right) = (Math.Sqrt(before), Math.Sqrt(at), Math.Sqrt(after));
        return right > left ? bin + ((2 * right) - centre) / (centre + right) : bin - (((2 * left) - centre) / (centre + left));
    }
}
