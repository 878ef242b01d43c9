namespace SpokenTones.Tests;

public sealed class SoundTests
{
    private const int Rate = 8000;

    [Theory]
    [InlineData(7)]
    [InlineData(160)]
    [InlineData(4000)]
    public void SoundEar_WhenSomebodySpeaks_TellsWhenAndNotWhat(int chunk)
    {
        var speech = ToneVoice.Speak("yes, speaking", Rate);
        short[] line = [.. new short[Rate], .. speech, .. new short[Rate], .. speech, .. new short[Rate]];
        var ear = new SoundEar(Rate);
        var begun = new List<long>();
        ear.SpeechStarted += (_, started) => begun.Add(started.Sample);
        var heard = new List<HeardUtterance>();
        foreach (var piece in line.Chunk(chunk))
        {
            ear.Hear(piece);
            heard.AddRange(ear.Take());
        }

        Assert.Equal(line.Length, ear.Samples);
        Assert.False(ear.Hearing);
        Assert.Equal(2, heard.Count);
        Assert.All(heard, h => Assert.Equal((SoundEar.Words, true), (h.Text, h.Complete)));
        Assert.Equal(heard.Select(h => h.StartSample), begun);
        Assert.InRange(begun[0], Rate - 160, Rate + 320);
        Assert.InRange(heard[0].EndSample, Rate + speech.Length - 1600, Rate + speech.Length + 320);
        Assert.InRange(ear.FirstAudibleSample!.Value, Rate, Rate + 80);
    }

    [Fact]
    public void SoundOnset_WhenSilenceIsBroken_SaysSoOnce()
    {
        var clock = new ManualClock();
        var onset = new SoundOnset(clock);
        short[] quiet = [0, 328, -328];
        short[] loud = [0, -329, 0];

        Assert.Null(onset.At(quiet));
        Assert.Equal(clock.GetUtcNow(), onset.At(loud));
        clock.Now += TimeSpan.FromMilliseconds(299);
        Assert.Null(onset.At(loud));
        clock.Now += TimeSpan.FromMilliseconds(299);
        Assert.Null(onset.At(loud));
        clock.Now += TimeSpan.FromMilliseconds(300);
        Assert.Null(onset.At(quiet));
        Assert.Equal(clock.GetUtcNow(), onset.At(loud));
    }

    [Fact]
    public void SoundOnset_WhenASoundBeginsLateInAMessage_CountsItToTheNext()
    {
        var clock = new ManualClock();
        var onset = new SoundOnset(clock, late: 2);

        Assert.Null(onset.At([0, 0, 0, 1000]));
        clock.Now += TimeSpan.FromMilliseconds(100);
        Assert.Equal(clock.GetUtcNow(), onset.At([0, 0, 0, 0]));
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(clock.GetUtcNow(), onset.At([0, 1000, 0, 0]));
    }

    private sealed class ManualClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 5, 6, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
