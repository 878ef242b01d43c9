namespace SpokenTones.Tests;

public sealed class RoundTripTests
{
    private const string Sentence = "Yes, I will renew. Call me Tuesday at four!";

    private static readonly string s_everything = new([.. Enumerable.Range(32, 95).Select(c => (char)c)]);

    public static TheoryData<int, ToneSpeaker> Voices()
    {
        var voices = new TheoryData<int, ToneSpeaker>();
        foreach (var rate in Lines.Rates)
        {
            voices.Add(rate, ToneSpeaker.Person);
            voices.Add(rate, ToneSpeaker.Agent);
        }

        return voices;
    }

    [Theory]
    [MemberData(nameof(Voices))]
    public void Hear_WhenAnythingIsSaid_GivesTheTextAndWhen(int rate, ToneSpeaker speaker)
    {
        var random = new Random(rate + (int)speaker);
        string[] texts =
        [
            "a", " ", "  ", "aaaaaaaa", s_everything, new('~', 200), Sentence,
            .. Enumerable.Range(0, 60).Select(_ => RandomText(random)),
        ];
        foreach (var text in texts)
        {
            var lead = random.Next(1, 3000);
            var spoken = ToneVoice.Speak(text, rate, speaker);

            var heard = Assert.Single(Lines.Hear([.. new short[lead], .. spoken], rate, speaker));

            Assert.Equal((text, true), (heard.Text, heard.Complete));
            var end = lead + spoken.Length - (rate / 100);
            Assert.InRange(heard.StartSample, lead - (rate / 500), lead + (rate / 500));
            Assert.InRange(heard.EndSample, end - (rate / 100), end + (rate / 500));
        }
    }

    [Theory]
    [MemberData(nameof(Voices))]
    public void Hear_AfterResamplingToEveryRateAndBack_GivesTheText(int rate, ToneSpeaker speaker)
    {
        short[] spoken = [.. Lines.Silence(40, rate), .. ToneVoice.Speak(Sentence[..18], rate, speaker), .. Lines.Silence(20, rate)];
        foreach (var other in Lines.Rates)
        {
            var naive = Lines.Naive(spoken, rate, other);
            var good = Lines.Good(spoken, rate, other);
            AssertHeard(Sentence[..18], naive, other, speaker);
            AssertHeard(Sentence[..18], good, other, speaker);
            AssertHeard(Sentence[..18], Lines.Naive(naive, other, rate), rate, speaker);
            AssertHeard(Sentence[..18], Lines.Good(good, other, rate), rate, speaker);
        }
    }

    [Theory]
    [InlineData(6, -200)]
    [InlineData(-6, -200)]
    [InlineData(-20, -200)]
    [InlineData(0, -33)]
    [InlineData(6, -33)]
    [InlineData(-6, -39)]
    public void Hear_ThroughGainAndNoise_GivesTheText(double gain, double noise)
    {
        foreach (var rate in Lines.Rates)
        {
            for (var seed = 0; seed < 20; seed++)
            {
                short[] spoken = [.. Lines.Silence(100 + seed, rate), .. ToneVoice.Speak(Sentence, rate), .. Lines.Silence(30, rate)];

                var line = Lines.Mix(Lines.Gain(spoken, gain), ToneVoice.Noise(2500, rate, noise, seed));
                AssertHeard(Sentence, line, rate, ToneSpeaker.Person);
            }
        }
    }

    [Fact]
    public void Hear_HoweverTheAudioIsCut_GivesTheSame()
    {
        foreach (var rate in Lines.Rates)
        {
            short[] line =
            [
                .. Lines.Silence(123, rate), .. ToneVoice.Speak("One.", rate), .. ToneVoice.Noise(40, rate),
                .. ToneVoice.Speak("Two.", rate)[..(rate * 17 / 100)], .. Lines.Silence(70, rate), .. ToneVoice.Speak("Three.", rate),
            ];
            var expected = Lines.Hear(line, rate);
            Assert.Equal(["One.", "Tw", "Three."], expected.Select(u => u.Text));
            for (var seed = 0; seed < 30; seed++)
            {
                var random = new Random(seed);
                var most = seed == 0 ? 1 : random.Next(1, rate / 4);
                var ear = new ToneEar(rate, ToneSpeaker.Person);
                var heard = new List<HeardUtterance>();
                for (var at = 0; at < line.Length;)
                {
                    var length = Math.Min(random.Next(0, most + 1), line.Length - at);
                    ear.Hear(line.AsSpan(at, length));
                    heard.AddRange(ear.Take());
                    at += length;
                }

                Assert.Equal(expected, heard);
                Assert.Equal(line.Length, ear.Samples);
            }
        }
    }

    [Fact]
    public void Hear_TwoUtterancesWithoutAPause_GivesBoth()
    {
        foreach (var rate in Lines.Rates)
        {
            var tail = rate / 100;
            short[] line = [.. ToneVoice.Speak("First one.", rate)[..^tail], .. ToneVoice.Speak("Second one.", rate)];

            Assert.Equal([("First one.", true), ("Second one.", true)], Lines.Hear(line, rate).Select(u => (u.Text, u.Complete)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("नमस्ते")]
    [InlineData("tab\t")]
    public void Speak_WhenATextCannotBeSpoken_Throws(string text)
    {
        Assert.Throws<ArgumentException>(() => ToneVoice.Speak(text, 8000));
        Assert.Throws<ArgumentException>(() => ToneVoice.DurationOf(text));
    }

    [Fact]
    public void Speak_WhenTextIsTooLongOrTheRateUnknown_Throws()
    {
        Assert.Throws<ArgumentException>(() => ToneVoice.Speak(new string('a', 201), 8000));
        Assert.Throws<ArgumentOutOfRangeException>(() => ToneVoice.Speak("a", 44100));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ToneEar(11025, ToneSpeaker.Agent));
    }

    [Fact]
    public void Speak_AnyText_IsSmoothInBandAndAsLongAsItSays()
    {
        var spoken = ToneVoice.Speak(s_everything, 8000);

        Assert.Equal(ToneVoice.DurationOf(s_everything).TotalMilliseconds * 8, spoken.Length);
        Assert.InRange(s_everything.Length / ToneVoice.DurationOf(s_everything).TotalSeconds, 20, 25);
        Assert.InRange(spoken.Max(s => Math.Abs((int)s)), 10_000, 16_400);

        // At each symbol's edge the envelope passes through silence.
        for (var edge = 320; edge < spoken.Length - 80; edge += 320)
        {
            Assert.InRange(Math.Abs(spoken[edge] - spoken[edge - 1]), 0, 400);
        }
    }

    private static void AssertHeard(string text, short[] line, int rate, ToneSpeaker speaker)
    {
        var heard = Assert.Single(Lines.Hear(line, rate, speaker));
        Assert.Equal((text, true), (heard.Text, heard.Complete));
    }

    private static string RandomText(Random random) =>
        new([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => (char)random.Next(32, 127))]);
}
