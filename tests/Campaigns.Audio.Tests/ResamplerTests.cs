using Campaigns.Audio;
using Campaigns.DomainTests;
using Campaigns.Testing;

namespace Campaigns.AudioTests;

/// <summary>What the resamplers promise about streams: cuts, paths, room, memory.</summary>
public sealed class ResamplerTests
{
    private static readonly int[] Rates = [8000, 16000, 24000];

    public static TheoryData<int, int> Pairs
    {
        get
        {
            var pairs = new TheoryData<int, int>();
            foreach (var from in Rates)
            {
                foreach (var to in Rates)
                {
                    pairs.Add(from, to);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Process_HoweverTheInputIsCut_GivesTheSameSamples(int from, int to)
        => Law.Holds(
            dice =>
            {
                var input = Signals.Wild(dice.Int(0, 4000), dice.Int(0, 1_000_000));
                var whole = Run(Resampler.Create(from, to), input, () => input.Length);
                Assert.Equal(whole, Run(Resampler.Create(from, to), input, () => dice.Of(dice.Int(0, 20), dice.Int(1, 700), 160, 320)));
            },
            cases: 60);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Process_WhenFedSampleBySample_GivesTheSameSamples(int from, int to)
    {
        var input = Signals.Wild(2001, seed: 5);

        Assert.Equal(
            Run(Resampler.Create(from, to), input, () => input.Length),
            Run(Resampler.Create(from, to), input, () => 1));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Process_OnEveryPath_GivesTheSameSamplesBitByBit(int from, int to)
    {
        short[] input = [.. Signals.Wild(30_001, seed: 7), .. Signals.SpeechBand(from, 1), .. Enumerable.Repeat(short.MinValue, 999)];
        var scalar = Run(Resampler.Create(from, to, FirPath.Scalar), input, () => 777);
        foreach (var path in new[] { FirPath.Vector128, FirPath.Vector256, FirPath.Vector512 })
        {
            Assert.Equal(scalar, Run(Resampler.Create(from, to, path), input, () => 777));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Process_OverALongStream_WritesAsManySamplesAsTheRatesSay(int from, int to)
    {
        var input = Signals.Wild(from * 3, seed: 3);
        Assert.Equal(to * 3, Run(Resampler.Create(from, to), input, () => 333).Length);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void MaxOutput_IsAlwaysEnough_AndAtMostOneBlockTooMuch(int from, int to)
        => Law.Holds(dice =>
        {
            var resampler = Resampler.Create(from, to);
            for (var i = 0; i < 20; i++)
            {
                var input = new short[dice.Int(0, 50)];
                var most = resampler.MaxOutput(input.Length);
                var written = resampler.Process(input, new short[most]);
                Assert.InRange(most - written, 0, 3);
            }
        });

    [Theory]
    [InlineData(8000, 16000, 3)]
    [InlineData(24000, 8000, 3)]
    [InlineData(24000, 16000, 4)]
    [InlineData(8000, 8000, 3)]
    public void Process_WhenTheOutputIsTooSmall_SaysSoAndTakesNothing(int from, int to, int samples)
    {
        var input = Signals.Wild(1000 + samples, seed: 9);
        var resampler = Resampler.Create(from, to);
        var expected = Run(Resampler.Create(from, to), input, () => input.Length);
        var written = resampler.Process(input.AsSpan(0, 1000), new short[resampler.MaxOutput(1000)]);
        var room = expected.Length - written - 1;

        var error = Assert.Throws<ArgumentException>(() => resampler.Process(input.AsSpan(1000), new short[room]));

        Assert.Contains($"room for {room}", error.Message);
        var rest = new short[expected.Length - written];
        Assert.Equal(rest.Length, resampler.Process(input.AsSpan(1000), rest));
        Assert.Equal(expected[written..], rest);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Reset_ForgetsThePast(int from, int to)
    {
        var input = Signals.Wild(1003, seed: 11);
        var resampler = Resampler.Create(from, to);
        var fresh = Run(resampler, input, () => input.Length);
        resampler.Reset();

        Assert.Equal(fresh, Run(resampler, input, () => input.Length));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Finish_GivesTheEndOfTheSound_AndBeginsAnew(int from, int to)
    {
        var input = Signals.Wild(1003, seed: 13);
        var resampler = Resampler.Create(from, to);
        var first = Run(resampler, input, () => input.Length);
        var tail = new short[resampler.MaxTail];
        tail = tail[..resampler.Finish(tail)];

        // The same as silence behind the sound gives, and nothing but silence after that.
        short[] silent = [.. input, .. new short[from]];
        var expected = Run(Resampler.Create(from, to), silent, () => silent.Length);
        short[] both = [.. first, .. tail];
        Assert.Equal(expected[..both.Length], both);
        Assert.All(expected[both.Length..], s => Assert.Equal(0, s));
        Assert.Equal(first, Run(resampler, input, () => input.Length));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Process_AllocatesNothing(int from, int to)
    {
        var resampler = Resampler.Create(from, to);
        var input = Signals.Wild(from / 10, seed: 15);
        var output = new short[resampler.MaxOutput(input.Length)];
        var tail = new short[resampler.MaxTail];

        Assert.Equal(0, Allocation.OfRound(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                resampler.Process(input.AsSpan(0, input.Length - i), output);
            }

            resampler.Finish(tail);
        }));
    }

    [Theory]
    [InlineData(8000, 44100, "toHz")]
    [InlineData(11025, 8000, "fromHz")]
    [InlineData(0, 8000, "fromHz")]
    [InlineData(8000, -8000, "toHz")]
    public void Create_WhenTheRateIsNotSupported_NamesThoseThatAre(int from, int to, string parameter)
    {
        var error = Assert.Throws<ArgumentException>(parameter, () => Resampler.Create(from, to));
        Assert.Contains("8000, 16000 and 24000", error.Message);
        Assert.Contains($"{from} Hz to {to} Hz", error.Message);
    }

    private static short[] Run(Resampler resampler, short[] input, Func<int> cut)
    {
        var output = new List<short>();
        for (var at = 0; at < input.Length;)
        {
            var length = Math.Min(cut(), input.Length - at);
            var room = new short[resampler.MaxOutput(length)];
            output.AddRange(room[..resampler.Process(input.AsSpan(at, length), room)]);
            // A dice whose tape has run out throws the least: an empty chunk, for ever.
            at += length;
            if (length == 0)
            {
                var one = new short[resampler.MaxOutput(1)];
                output.AddRange(one[..resampler.Process(input.AsSpan(at++, 1), one)]);
            }
        }

        return [.. output];
    }
}
