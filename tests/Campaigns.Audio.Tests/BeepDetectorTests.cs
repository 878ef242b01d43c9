using Campaigns.Audio;
using Campaigns.DomainTests;

namespace Campaigns.AudioTests;

public sealed class BeepDetectorTests
{
    public static TheoryData<string> OtherSounds =>
    [
        "too short", "too long", "too low", "too high", "two tones", "chords", "melody", "ringback US", "ringback UK", "ringback India",
        "ringback Europe", "busy US", "dial tone", "noise", "silence", "sweep", "key tones", "warble", "ends never",
    ];

    [Theory]
    [InlineData(400, 0.3)]
    [InlineData(440, 0.5)]
    [InlineData(500, 0.15)]
    [InlineData(620, 0.2)]
    [InlineData(850, 1.0)]
    [InlineData(1000, 0.5)]
    [InlineData(1008.4, 0.25)]
    [InlineData(1400, 0.4)]
    [InlineData(1633.3, 2.5)]
    [InlineData(2000, 0.16)]
    public void Process_WhenABeepSounds_FindsItWhereverItLies(double frequency, double seconds)
    {
        foreach (var rate in new[] { 8000, 16000, 24000 })
        {
            foreach (var amplitude in new[] { 600.0, 6000, 32000 })
            {
                foreach (var lead in new[] { 0.3, 0.307, 0.3135 })
                {
                    short[] sound = [.. Signals.Silence(rate, lead), .. Signals.Tone(rate, seconds, frequency, amplitude), .. Signals.Silence(rate, 0.2)];

                    var beep = Assert.Single(Beeps(rate, sound));

                    Assert.Equal(frequency, beep.Frequency, 5.0);
                    Assert.Equal(lead, (double)beep.Start / rate, 0.03);
                    Assert.Equal(lead + seconds, (double)beep.End / rate, 0.03);
                    Assert.Equal(AudioLevel.Decibels(amplitude / Math.Sqrt(2)), beep.Dbfs, 0.5);
                }
            }
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(25)]
    public void Process_WhenABeepSoundsInNoise_FindsIt(int decibelsOverNoise)
    {
        foreach (var seed in Enumerable.Range(1, 20))
        {
            var frequency = 450 + (70.0 * seed);
            short[] clean = [.. Signals.Silence(8000, 0.4), .. Signals.Tone(8000, 0.4, frequency, 4000)];
            var noise = Signals.Noise(8000, 1.2, 4000 / Math.Sqrt(2) * Math.Pow(10, -decibelsOverNoise / 20.0), seed);

            var beep = Assert.Single(Beeps(8000, Signals.Mix(clean, noise)));

            Assert.Equal(frequency, beep.Frequency, 8.0);
        }
    }

    [Fact]
    public void Process_WhenAGreetingGoesBeforeTheBeep_FindsTheBeepAlone()
    {
        foreach (var seed in Enumerable.Range(1, 20))
        {
            short[] sound = [.. Signals.Speech(8000, 4, pitch: 100 + (8 * seed), seed: seed), .. Signals.Silence(8000, 0.1), .. Signals.Tone(8000, 0.4, 1000), .. Signals.Silence(8000, 0.5)];

            Assert.Equal(1000, Assert.Single(Beeps(8000, sound)).Frequency, 5.0);
        }
    }

    [Fact]
    public void Process_WhenPeopleSpeak_FindsNothing()
    {
        foreach (var seed in Enumerable.Range(1, 40))
        {
            Assert.Empty(Beeps(8000, Signals.Speech(8000, 6, pitch: 80 + (6 * seed), seed: seed)));
        }
    }

    [Theory]
    [MemberData(nameof(OtherSounds))]
    public void Process_WhenSomethingElseSounds_FindsNothing(string name)
    {
        short[] silence = Signals.Silence(8000, 0.4);
        short[] sound = name switch
        {
            "too short" => Signals.Tone(8000, 0.1, 1000),
            "too long" => Signals.Tone(8000, 3.5, 1000),
            "too low" => Signals.Tone(8000, 0.5, 350),
            "too high" => Signals.Tone(8000, 0.5, 2100),
            "two tones" => Signals.Sum(8000, 0.5, (1000, 5000), (1300, 5000)),
            "chords" => [.. Chord(262, 330, 392), .. Chord(349, 440, 523), .. silence, .. Chord(392, 494, 587), .. Chord(523, 659, 784)],
            "melody" => [.. Notes(440, 494, 523, 587, 659, 698, 784, 880, 784, 698, 659, 587), .. Chord(262, 330, 392)],
            "ringback US" => [.. Signals.Sum(8000, 2, (440, 4000), (480, 4000)), .. silence],
            "ringback UK" => [.. Signals.Sum(8000, 0.4, (400, 4000), (450, 4000)), .. silence],
            "ringback India" => Signals.Make(8000, 0.4, t => 6000 * (1 + Math.Sin(2 * Math.PI * 25 * t)) / 2 * Math.Sin(2 * Math.PI * 400 * t)),
            "ringback Europe" => Signals.Tone(8000, 1, 425),
            "busy US" => Signals.Sum(8000, 0.5, (480, 4000), (620, 4000)),
            "dial tone" => Signals.Sum(8000, 2, (350, 4000), (440, 4000)),
            "noise" => Signals.Noise(8000, 3, 3000),
            "silence" => Signals.Silence(8000, 3),
            "sweep" => Signals.Make(8000, 1, t => 6000 * Math.Sin(2 * Math.PI * ((500 * t) + (500 * t * t)))),
            "key tones" => KeyTones(),
            "warble" => Signals.Make(8000, 1, t => 6000 * Math.Sin((2 * Math.PI * 1000 * t) + (10 * Math.Sin(2 * Math.PI * 6 * t)))),
            _ => Signals.Tone(8000, 1, 1000),
        };

        Assert.Empty(Beeps(8000, name == "ends never" ? sound : [.. silence, .. sound, .. silence]));
    }

    [Fact]
    public void IsSounding_OnlyWhileTheToneDoes()
    {
        var detector = new BeepDetector(8000);
        detector.Process(Signals.Tone(8000, 0.1, 1000), out _);
        Assert.False(detector.IsSounding);
        detector.Process(Signals.Tone(8000, 0.2, 1000), out _);
        Assert.True(detector.IsSounding);
        Assert.True(detector.Process(Signals.Silence(8000, 0.2), out _));
        Assert.False(detector.IsSounding);
    }

    [Fact]
    public void Process_HoweverTheStreamIsCut_FindsTheSameBeeps()
    {
        foreach (var rate in new[] { 8000, 24000 })
        {
            short[] sound = [.. Signals.Tone(rate, 0.3, 900), .. Signals.Silence(rate, 0.25), .. Signals.Tone(rate, 0.4, 1500), .. Signals.Silence(rate, 0.3)];
            var expected = Beeps(rate, sound);
            Assert.Equal(2, expected.Count);
            Law.Holds(dice => Assert.Equal(expected, Beeps(rate, sound, () => dice.Int(1, 700))), cases: 20);
        }
    }

    [Fact]
    public void Constructor_WhenTheRateIsUnknown_NamesThoseItTakes()
        => Assert.Contains("8000, 16000 and 24000", Assert.Throws<ArgumentException>(() => new BeepDetector(11025)).Message);

    private static short[] Chord(params double[] notes) => Signals.Sum(8000, 0.35, [.. notes.Select(n => (n, 3000.0))]);

    private static short[] Notes(params double[] notes) => [.. notes.SelectMany(n => Signals.Tone(8000, 0.25, n))];

    private static short[] KeyTones()
    {
        double[] low = [697, 770, 852, 941];
        double[] high = [1209, 1336, 1477, 1633];
        return [.. low.SelectMany(l => high.SelectMany(h => (short[])[.. Signals.Sum(8000, 0.2, (l, 4000), (h, 5000)), .. Signals.Silence(8000, 0.15)]))];
    }

    private static List<Beep> Beeps(int rate, short[] sound, Func<int>? cut = null)
    {
        var detector = new BeepDetector(rate);
        var beeps = new List<Beep>();
        for (var at = 0; at < sound.Length;)
        {
            var length = Math.Min(cut?.Invoke() ?? 160, sound.Length - at);
            if (detector.Process(sound.AsSpan(at, length), out var beep))
            {
                beeps.Add(beep);
            }

            at += length;
        }

        return beeps;
    }
}
