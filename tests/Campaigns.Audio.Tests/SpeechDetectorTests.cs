using Campaigns.Audio;
using Campaigns.DomainTests;

namespace Campaigns.AudioTests;

public sealed class SpeechDetectorTests
{
    public static TheoryData<string, int> SteadySounds
    {
        get
        {
            var sounds = new TheoryData<string, int>();
            foreach (var name in new[] { "nothing", "offset", "hum 50", "hum 60", "noise", "tone", "dial tone", "ringback", "quiet steps" })
            {
                sounds.Add(name, 8000);
                sounds.Add(name, 24000);
            }

            return sounds;
        }
    }

    [Theory]
    [MemberData(nameof(SteadySounds))]
    public void Process_WhenNobodySpeaks_HearsNobody(string name, int rate)
    {
        short[] sound = name switch
        {
            "nothing" => Signals.Silence(rate, 6),
            "offset" => Signals.Make(rate, 6, _ => 5000),
            "hum 50" => Signals.Sum(rate, 6, (50, 4000), (100, 1000), (150, 500)),
            "hum 60" => Signals.Sum(rate, 6, (60, 4000), (120, 1000), (180, 200)),
            "noise" => Signals.Noise(rate, 6, 300),
            "tone" => [.. Signals.Silence(rate, 1), .. Signals.Tone(rate, 2.345, 1000), .. Signals.Silence(rate, 1)],
            "dial tone" => Signals.Sum(rate, 6, (350, 4000), (440, 4000)),
            "ringback" => [.. Ring(rate), .. Ring(rate), .. Ring(rate)],
            _ => [.. Signals.Noise(rate, 3, 20), .. Signals.Noise(rate, 3, 60)],
        };

        Assert.Empty(Edges(new SpeechDetector(rate), sound));
    }

    [Fact]
    public void Process_WhenANoiseSetsIn_TakesItForSpeechForTwoAndAHalfSecondsAtMost()
    {
        foreach (var seed in Enumerable.Range(1, 10))
        {
            short[] sound = [.. Signals.Silence(8000, 1), .. Signals.Noise(8000, 20, 3000, seed)];
            var detector = new SpeechDetector(8000);

            Edges(detector, sound);

            Assert.False(detector.IsSpeaking);
            Assert.InRange(detector.LastSpeech / 8000.0, 0, 3.5);
        }
    }

    [Theory]
    [InlineData(8000, 60)]
    [InlineData(8000, 25)]
    [InlineData(8000, 15)]
    [InlineData(8000, 10)]
    [InlineData(16000, 20)]
    [InlineData(24000, 20)]
    public void Process_WhenSomebodySpeaks_FindsBeginningAndEnd(int rate, int decibelsOverNoise)
    {
        foreach (var seed in Enumerable.Range(1, 10))
        {
            var speech = Signals.Speech(rate, 2, pitch: 90 + (15 * seed), seed: seed);
            var noise = Signals.Noise(rate, 5, Signals.Rms(speech) * Math.Pow(10, -decibelsOverNoise / 20.0), seed);
            var sound = Signals.Mix(noise, [.. Signals.Silence(rate, 1.5), .. speech]);

            var edges = Edges(new SpeechDetector(rate), sound);

            Assert.True(edges.Count is >= 2 and <= 8 && edges.Count % 2 == 0, $"{edges.Count} edges with seed {seed}.");
            Assert.True(edges.Select((e, i) => e.Started == (i % 2 == 0)).All(right => right));
            // To a syllable, about: what a watchdog needs.
            var last = Array.FindLastIndex(speech, s => Math.Abs((int)s) > 1500) / (double)rate;
            Assert.InRange(edges[0].Position / (double)rate, 1.4, 1.75);
            Assert.InRange(edges[^1].Position / (double)rate, 1.5 + last - (decibelsOverNoise >= 15 ? 0.1 : 0.35), 1.5 + last + 0.1);
            var spoken = edges.Chunk(2).Sum(pair => pair[1].Position - pair[0].Position) / (double)rate;
            Assert.InRange(spoken, decibelsOverNoise >= 15 ? 1.3 : 0.9, 2.2);
        }
    }

    [Fact]
    public void Process_WhenSpeechGoesOnForLong_GoesOnHearingIt()
    {
        var speech = Signals.Speech(8000, 20, seed: 3);
        var detector = new SpeechDetector(8000, new SpeechOptions { Hangover = TimeSpan.FromMilliseconds(800) });

        var edges = Edges(detector, speech);

        Assert.InRange(edges.Count, 1, 3);
        Assert.True(detector.IsSpeaking);
        Assert.InRange(detector.LastSpeech, detector.Position - 8000, detector.Position);
    }

    [Fact]
    public void Process_WhenAShortHelloIsTheFirstSound_HearsIt()
    {
        short[] sound = [.. Signals.Speech(8000, 0.5, seed: 2), .. Signals.Silence(8000, 1)];
        var detector = new SpeechDetector(8000);

        var edges = Edges(detector, sound);

        Assert.Equal([true, false], edges.Select(e => e.Started));
        Assert.False(detector.IsSpeaking);
        Assert.Equal(edges[1].Position, detector.LastSpeech);
    }

    [Fact]
    public void Process_HoweverTheStreamIsCut_FindsTheSameEdges()
    {
        short[] sound = [.. Signals.Silence(8000, 0.5), .. Signals.Speech(8000, 3, seed: 4), .. Signals.Silence(8000, 0.7)];
        var whole = Edges(new SpeechDetector(8000), sound, () => sound.Length);
        Assert.NotEmpty(whole);
        Law.Holds(dice => Assert.Equal(whole, Edges(new SpeechDetector(8000), sound, () => dice.Int(1, 5000))), cases: 20);
    }

    [Fact]
    public void Process_WhenQuieterThanTheThreshold_HearsNothing()
        => Assert.Empty(Edges(new SpeechDetector(8000), Signals.Speech(8000, 3, peak: 150)));

    private static short[] Ring(int rate) => [.. Signals.Sum(rate, 1.0, (440, 4000), (480, 4000)), .. Signals.Silence(rate, 1)];

    private static List<SpeechEdge> Edges(SpeechDetector detector, short[] sound, Func<int>? cut = null)
    {
        var edges = new List<SpeechEdge>();
        for (var at = 0; at < sound.Length;)
        {
            var length = Math.Min(cut?.Invoke() ?? 160, sound.Length - at);
            var room = new SpeechEdge[detector.MaxEdges(length)];
            edges.AddRange(room[..detector.Process(sound.AsSpan(at, length), room)]);
            at += length;
        }

        Assert.Equal(sound.Length, detector.Position);
        return edges;
    }
}
