using Campaigns.Audio;
using Campaigns.DomainTests;
using Campaigns.Testing;

namespace Campaigns.AudioTests;

public sealed class LevelTests
{
    [Fact]
    public void Of_KnownSignals_GivesTheirLevels()
    {
        Assert.Equal(-3.01, AudioLevel.Of(Signals.Tone(8000, 1, 1000, 32767)).RmsDbfs, 0.01);
        Assert.Equal(0, AudioLevel.Of(Signals.Tone(8000, 1, 1000, 32767)).PeakDbfs, 0.01);
        Assert.Equal(new AudioLevel(0, 0), AudioLevel.Of([short.MinValue, short.MinValue]));
        Assert.Equal(-20 - 3.01, AudioLevel.Of(Signals.Tone(8000, 1, 1000, 3276.8)).RmsDbfs, 0.01);
        Assert.Equal(new AudioLevel(-120, -120), AudioLevel.Of([]));
        Assert.Equal(new AudioLevel(-120, -120), AudioLevel.Of(new short[160]));
    }

    [Fact]
    public void Meter_HoweverTheStreamIsCut_MeasuresTheSameFrames()
        => Law.Holds(
            dice =>
            {
                var samples = Signals.Wild(dice.Int(0, 2000), dice.Int(0, 99));
                var expected = samples.Chunk(160).Where(f => f.Length == 160).Select(f => AudioLevel.Of(f)).ToArray();
                var meter = new LevelMeter(8000);
                var levels = new List<AudioLevel>();
                for (var at = 0; at < samples.Length;)
                {
                    var length = Math.Min(dice.Int(1, 400), samples.Length - at);
                    var room = new AudioLevel[meter.MaxFrames(length)];
                    levels.AddRange(room[..meter.Process(samples.AsSpan(at, length), room)]);
                    at += length;
                }

                Assert.Equal(expected, levels);
                Assert.Equal(expected.Length == 0 ? new AudioLevel(-120, -120) : expected[^1], meter.Last);
            },
            cases: 50);

    [Fact]
    public void FirstAudible_IsTheFirstSampleOverTheThreshold()
    {
        // −50 dBFS is 103.6.
        Assert.Equal(3, FirstAudible.IndexOf([0, 103, -103, 104]));
        Assert.Equal(2, FirstAudible.IndexOf([0, 103, -104, 104]));
        Assert.Equal(0, FirstAudible.IndexOf([short.MinValue]));
        Assert.Equal(-1, FirstAudible.IndexOf([0, 1, -1]));
        Assert.Equal(1, FirstAudible.IndexOf([0, 1], -120));
        Assert.Equal(1, FirstAudible.IndexOf([16000, short.MinValue], 0));
    }

    [Fact]
    public void FirstAudible_OverChunks_CountsFromTheBeginning()
    {
        var first = new FirstAudible();
        Assert.False(first.Process(new short[800]));
        Assert.Null(first.Position);
        Assert.True(first.Process([0, 0, 500]));
        Assert.True(first.Process([9000]));
        Assert.Equal(802, first.Position);

        first.Reset();
        Assert.True(first.Process([500]));
        Assert.Equal(0, first.Position);
    }

    [Fact]
    public void Everything_AllocatesNothing()
    {
        var meter = new LevelMeter(16000);
        var speech = new SpeechDetector(16000);
        var beep = new BeepDetector(16000);
        var first = new FirstAudible();
        short[] samples = [.. Signals.Speech(16000, 1), .. Signals.Tone(16000, 0.5, 1000), .. Signals.Silence(16000, 0.5)];

        Assert.Equal(0, Allocation.OfRound(() =>
        {
            meter.Process(samples, []);
            speech.Process(samples, []);
            beep.Process(samples, out _);
            first.Process(samples);
        }));
    }
}
