using Campaigns.Audio;

namespace Campaigns.AudioTests;

/// <summary>What the resamplers promise about sound, measured on their output.</summary>
public sealed class ResamplerResponseTests
{
    public static TheoryData<int, int> Pairs => new() { { 8000, 16000 }, { 16000, 8000 }, { 24000, 8000 }, { 8000, 24000 }, { 16000, 24000 }, { 24000, 16000 } };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Process_WhenToneInThePassBand_KeepsItsLevelWithinATenthOfADecibel(int from, int to)
    {
        var response = Measured(from, to);

        Assert.InRange(response.RippleDecibels(), 0, 0.1);
        Assert.InRange(response.DepartureDecibels(), 0, 0.05);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Process_WhenToneMakesImagesOrAliases_HoldsThemBelow75Decibels(int from, int to)
        => Assert.InRange(Measured(from, to).RejectionDecibels(), 75, 200);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void DelayMilliseconds_IsTheDelayThatIsMeasured_AndUnderFour(int from, int to)
    {
        var promised = Resampler.Create(from, to).DelayMilliseconds;

        Assert.InRange(promised, 0, 4);
        Assert.Equal(promised, Measured(from, to).DelayMilliseconds(), 0.1);
    }

    [Theory]
    [InlineData(16000)]
    [InlineData(24000)]
    public void Process_WhenThereAndBack_GivesTheSpeechBandBackWithin45Decibels(int over)
    {
        var up = Resampler.Create(8000, over);
        var down = Resampler.Create(over, 8000);
        var original = Signals.SpeechBand(8000, 1);

        var back = Whole(down, Whole(up, original));

        Assert.InRange(SignalToError(original, back, (up.DelayMilliseconds + down.DelayMilliseconds) / 1000 * 8000), 45, 120);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Process_WhenFullScaleSquareWave_SaturatesAndNeverWraps(int from, int to)
    {
        var period = from / 250;
        short[] square = [.. Enumerable.Range(0, from).Select(i => i % period < period / 2 ? short.MaxValue : short.MinValue)];
        var resampler = Resampler.Create(from, to);

        var output = Whole(resampler, square);

        Assert.Contains(short.MaxValue, output);
        Assert.Contains(short.MinValue, output);
        // Away from the edges the sign is the square's; a sum that wrapped would have the other one.
        var delay = resampler.DelayMilliseconds / 1000;
        for (var i = to / 10; i < output.Length; i++)
        {
            var part = ((((double)i / to) - delay) * 250) % 0.5 * 2;
            if (part is > 0.25 and < 0.75)
            {
                var high = (((double)i / to) - delay) * 250 % 1 < 0.5;
                Assert.True(high ? output[i] > 25_000 : output[i] < -25_000, $"Sample {i} is {output[i]}.");
            }
        }
    }

    [Theory]
    [InlineData(96, 16000)]
    [InlineData(144, 24000)]
    public void Tables_AreWhatTheDesignGives(int taps, double rate)
    {
        var designed = FilterDesign.HalfOfLowPass(taps, 3400 / rate, 4000 / rate, passWeight: 1 / 40.0);
        var committed = taps == 96 ? LowPassTables.Half96 : LowPassTables.Half144;

        Assert.Equal(designed.Length, committed.Length);
        for (var i = 0; i < designed.Length; i++)
        {
            Assert.Equal(designed[i], committed[i], 1e-6);
        }
    }

    private static FrequencyResponse Measured(int from, int to) => new(input => Whole(Resampler.Create(from, to), input), from, to);

    private static short[] Whole(Resampler resampler, short[] input)
    {
        var output = new short[resampler.MaxOutput(input.Length)];
        return output[..resampler.Process(input, output)];
    }

    // The delay need not be whole samples: the original is read between its samples by its own partials' sum, that is made again there.
    private static double SignalToError(short[] original, short[] back, double delay)
    {
        var (signal, error) = (0.0, 0.0);
        for (var i = 800; i < original.Length - 100; i++)
        {
            var expected = Between(original, i - delay);
            signal += expected * expected;
            error += (back[i] - expected) * (back[i] - expected);
        }

        return 10 * Math.Log10(signal / error);
    }

    // Windowed sinc over 64 samples on each side, exact to far below the error that is measured up to 3.4 kHz.
    private static double Between(short[] signal, double at)
    {
        const int Reach = 64;
        var sum = 0.0;
        for (var k = (int)Math.Ceiling(at) - Reach; k < at + Reach; k++)
        {
            var x = at - k;
            var sinc = Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
            sum += signal[k] * sinc * (0.42 + (0.5 * Math.Cos(Math.PI * x / Reach)) + (0.08 * Math.Cos(2 * Math.PI * x / Reach)));
        }

        return sum;
    }
}
