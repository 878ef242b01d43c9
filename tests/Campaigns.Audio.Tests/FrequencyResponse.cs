namespace Campaigns.AudioTests;

/// <summary>What a converter of rates does to tones, measured from outside: 16-bit samples in, 16-bit samples out.</summary>
/// <param name="convert">A whole signal at <paramref name="fromHz"/> to one at <paramref name="toHz"/>.</param>
/// <param name="fromHz">Rate of the input.</param>
/// <param name="toHz">Rate of the output.</param>
internal sealed class FrequencyResponse(Func<short[], short[]> convert, int fromHz, int toHz)
{
    private const double Amplitude = 16_000;
    private const double Seconds = 0.5;

    // Runs in and out of the filters, left aside.
    private const double Margin = 0.1;

    private double Lower => Math.Min(fromHz, toHz);

    /// <summary>The largest gain less the smallest one in dB, from 100 Hz to 85 % of the lower rate's half: 3.4 kHz of 4.</summary>
    public double RippleDecibels()
    {
        var gains = Tones(100, 0.425 * Lower, 60).Select(f => Decibels(Level(convert(Tone(f)), f))).ToArray();
        return gains.Max() - gains.Min();
    }

    /// <summary>The largest departure from a gain of 1 in dB over the same band.</summary>
    public double DepartureDecibels() => Tones(100, 0.425 * Lower, 60).Max(f => Math.Abs(Decibels(Level(convert(Tone(f)), f))));

    /// <summary>
    /// How far the loudest image or alias lies below the tone that made it, in dB, over all that should not pass: components of the
    /// input's spectrum and its repetitions from the lower rate's half on.
    /// </summary>
    public double RejectionDecibels()
    {
        var worst = double.NegativeInfinity;
        foreach (var tone in Tones(40, (fromHz / 2.0) - 1, 80))
        {
            var output = convert(Tone(tone));
            foreach (var component in Components(tone).Where(c => c >= Lower / 2))
            {
                var heard = Fold(component);
                // What falls on the wanted tone itself cannot be told from it.
                if (tone > Lower / 2 || Math.Abs(heard - tone) > 20)
                {
                    worst = Math.Max(worst, Decibels(Level(output, heard)));
                }
            }
        }

        return -worst;
    }

    /// <summary>Delay of a tone burst's energy in milliseconds.</summary>
    public double DelayMilliseconds()
    {
        var input = new short[fromHz / 2];
        var centre = fromHz / 4;
        for (var i = 0; i < input.Length; i++)
        {
            var t = (double)(i - centre) / fromHz;
            input[i] = (short)Math.Round(Amplitude * Math.Exp(-t * t / (2 * 0.002 * 0.002)) * Math.Cos(2 * Math.PI * 1000 * t));
        }

        var output = convert(input);
        var (energy, moment) = (0.0, 0.0);
        for (var i = 0; i < output.Length; i++)
        {
            energy += (double)output[i] * output[i];
            moment += (double)output[i] * output[i] * i;
        }

        return ((moment / energy / toHz) - ((double)centre / fromHz)) * 1000;
    }

    private static double Decibels(double ratio) => 20 * Math.Log10(Math.Max(ratio, 1e-12));

    private static IEnumerable<double> Tones(double from, double to, int count)
        => Enumerable.Range(0, count).Select(i => from + ((to - from) * i / (count - 1)));

    private short[] Tone(double frequency)
        => [.. Enumerable.Range(0, (int)(fromHz * (Seconds + (2 * Margin)))).Select(i => (short)Math.Round(Amplitude * Math.Sin(2 * Math.PI * frequency * i / fromHz)))];

    // The tone and its repetitions around the multiples of the input's rate, up to half of the rate at which both grids meet.
    private IEnumerable<double> Components(double tone)
    {
        yield return tone;
        for (var multiple = fromHz; multiple <= 24_000; multiple += fromHz)
        {
            yield return multiple - tone;
            yield return multiple + tone;
        }
    }

    private double Fold(double frequency)
    {
        var rest = frequency % toHz;
        return Math.Min(rest, toHz - rest);
    }

    /// <summary>Amplitude at one frequency beside that of the input, through a window whose side lobes are 92 dB down.</summary>
    private double Level(short[] signal, double frequency)
    {
        var (start, length) = ((int)(Margin * toHz), (int)(Seconds * toHz));
        var (re, im, sum) = (0.0, 0.0, 0.0);
        for (var i = 0; i < length; i++)
        {
            var x = 2 * Math.PI * i / length;
            var window = 0.35875 - (0.48829 * Math.Cos(x)) + (0.14128 * Math.Cos(2 * x)) - (0.01168 * Math.Cos(3 * x));
            var (sin, cos) = Math.SinCos(2 * Math.PI * frequency * i / toHz);
            re += window * signal[start + i] * cos;
            im += window * signal[start + i] * sin;
            sum += window;
        }

        // At half the rate a tone has no second, mirrored half.
        var mirrored = frequency < 1 || frequency > (toHz / 2.0) - 1 ? 1 : 2;
        return mirrored * Math.Sqrt((re * re) + (im * im)) / sum / Amplitude;
    }
}
