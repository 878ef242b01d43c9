using Campaigns.Testing;

namespace SpokenTones.Tests;

/// <summary>Speech that is cut off, talked over or garbled, and sounds that are no speech.</summary>
public sealed class BrokenSpeechTests
{
    private const string Sentence = "Hello Priya. Will you renew?";

    [Fact]
    public void Hear_WhenCutAnywhere_GivesAPrefix()
    {
        foreach (var rate in Lines.Rates)
        {
            var spoken = ToneVoice.Speak(Sentence, rate);
            for (var cut = 0; cut < spoken.Length; cut += rate / 211)
            {
                var heard = Lines.Hear([.. Lines.Silence(7, rate), .. spoken[..cut], .. Lines.Silence(60, rate)], rate);

                var characters = ((double)cut / rate / 0.040) - 2;
                if (characters < -1)
                {
                    Assert.All(heard, u => Assert.Equal(("", false), (u.Text, u.Complete)));
                    continue;
                }

                var utterance = Assert.Single(heard);
                Assert.StartsWith(utterance.Text, Sentence, StringComparison.Ordinal);
                Assert.InRange(utterance.Text.Length, Math.Min(characters, Sentence.Length) - 1, Math.Max(0, characters + 0.5));
                Assert.True(utterance.Complete ? characters > Sentence.Length + 2.4 : characters < Sentence.Length + 2.8);
                Assert.InRange(utterance.EndSample, cut - (rate / 20), cut + (rate / 25));
            }
        }
    }

    [Fact]
    public void Hear_WhenASpeakerBreaksOffAndBeginsAnew_GivesAPrefixAndTheNewSentence()
    {
        foreach (var rate in Lines.Rates)
        {
            var first = ToneVoice.Speak(Sentence, rate, ToneSpeaker.Agent);
            for (var cut = rate / 10; cut < first.Length; cut += rate / 97)
            {
                short[] line = [.. first[..cut], .. ToneVoice.Speak("Sorry?", rate, ToneSpeaker.Agent)];

                var heard = Lines.Hear(line, rate, ToneSpeaker.Agent);

                Assert.Equal(2, heard.Count);
                Assert.StartsWith(heard[0].Text, Sentence, StringComparison.Ordinal);
                Assert.Equal(("Sorry?", true), (heard[1].Text, heard[1].Complete));
                Assert.InRange(heard[1].StartSample, cut - (rate / 200), cut + (rate / 200));
            }
        }
    }

    [Fact]
    public void Hear_WhenAPartIsMissing_GivesWhatCameBeforeAndIgnoresTheRest()
    {
        var spoken = ToneVoice.Speak(Sentence, 8000);
        short[] line = [.. spoken[..4000], .. new short[800], .. spoken[4000..]];

        var heard = Assert.Single(Lines.Hear(line, 8000));

        Assert.Equal(("Hello Priy", false), (heard.Text, heard.Complete));
    }

    [Fact]
    public void Hear_WhenPartsAreGarbled_NeverThrowsAndNeverClaimsAnotherText()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var spoken = ToneVoice.Speak(Sentence, 8000);
            for (var burst = random.Next(1, 5); burst > 0; burst--)
            {
                var at = random.Next(spoken.Length - 800);
                for (var n = at; n < at + random.Next(50, 800); n++)
                {
                    spoken[n] = (short)random.Next(short.MinValue, short.MaxValue);
                }
            }

            Assert.All(Lines.Hear([.. spoken, .. new short[800]], 8000), u => Assert.True(!u.Complete || u.Text == Sentence));
        }
    }

    [Fact]
    public void Hear_WhenBothSpeakAtOnce_EachEarHearsItsOwn()
    {
        foreach (var rate in Lines.Rates)
        {
            var agent = ToneVoice.Speak("I am the agent. Will you renew?", rate, ToneSpeaker.Agent);
            var mixed = Lines.Mix(agent, ToneVoice.Speak("No, not me", rate));

            Assert.Equal("No, not me", Assert.Single(Lines.Hear(mixed, rate)).Text);
            Assert.Equal("I am the agent. Will you renew?", Assert.Single(Lines.Hear(mixed, rate, ToneSpeaker.Agent)).Text);
        }
    }

    [Fact]
    public void Hear_WhenOnlyTheOtherSpeaks_HearsNothing()
    {
        foreach (var rate in Lines.Rates)
        {
            Assert.Empty(Lines.Hear(ToneVoice.Speak(Sentence, rate), rate, ToneSpeaker.Agent));
            Assert.Empty(Lines.Hear(ToneVoice.Speak(Sentence, rate, ToneSpeaker.Agent), rate));
        }
    }

    [Fact]
    public void Hear_WhenTheSoundIsNoSpeech_HearsNothing()
    {
        foreach (var speaker in Enum.GetValues<ToneSpeaker>())
        {
            foreach (var rate in Lines.Rates)
            {
                var ear = new ToneEar(rate, speaker);
                ear.SpeechStarted += (_, e) => Assert.Fail($"Took a sound at {e.Sample} for speech.");
                for (var level = -60; level <= 0; level += 10)
                {
                    ear.Hear(ToneVoice.Noise(2000, rate, level, level + 100));
                }

                foreach (var hz in Enumerable.Range(4, 29).Select(h => h * 100))
                {
                    ear.Hear(ToneVoice.Beep(hz, 200, rate));
                }

                int[] rows = [697, 770, 852, 941];
                int[] columns = [1209, 1336, 1477, 1633];
                foreach (var (row, column) in rows.SelectMany(r => columns.Select(c => (r, c))))
                {
                    ear.Hear(Lines.Mix(ToneVoice.Beep(row, 100, rate), ToneVoice.Beep(column, 100, rate)));
                }

                Assert.Empty(ear.Take());
                Assert.False(ear.Hearing);
            }
        }
    }

    [Fact]
    public void SpeechStarted_WhenSomebodySpeaks_ComesOnceAndEarly()
    {
        foreach (var rate in Lines.Rates)
        {
            var ear = new ToneEar(rate, ToneSpeaker.Person);
            var told = new List<(long Told, long Start)>();
            ear.SpeechStarted += (_, e) => told.Add((ear.Samples, e.Sample));
            var lead = rate / 3;
            foreach (var chunk in new short[lead].Concat(ToneVoice.Speak(Sentence, rate)).Chunk(rate / 200))
            {
                ear.Hear(chunk);
            }

            var (at, start) = Assert.Single(told);
            Assert.InRange(at - lead, 0, rate * 45 / 1000);
            Assert.InRange(start, lead - (rate / 100), lead + (rate / 100));
            Assert.InRange(ear.FirstAudibleSample!.Value, lead, lead + (rate / 500));
        }
    }

    [Fact]
    public void Partial_InMidSentence_IsWhatWasSaidSoFar()
    {
        var ear = new ToneEar(8000, ToneSpeaker.Person);
        var spoken = ToneVoice.Speak(Sentence, 8000);

        ear.Hear(spoken.AsSpan(0, 320 * 7));
        Assert.Equal((true, "Hello"), (ear.Hearing, ear.Partial));
        ear.Hear(spoken.AsSpan(320 * 7));

        Assert.Equal((false, ""), (ear.Hearing, ear.Partial));
        Assert.Equal(Sentence, Assert.Single(ear.Take()).Text);
        Assert.Empty(ear.Take());
    }

    [Fact]
    public void Hear_WhenNobodyHasSpokenYet_AllocatesNothing()
    {
        var ear = new ToneEar(16000, ToneSpeaker.Agent);
        var noise = ToneVoice.Noise(1000, 16000, -20);

        Assert.Equal(0, Allocation.OfRound(() => ear.Hear(noise)));
    }

    [Fact]
    public void FirstAudibleSample_WhenThereIsOnlySilence_IsNull()
    {
        var ear = new ToneEar(8000, ToneSpeaker.Person);

        ear.Hear(new short[8000]);
        ear.Hear(ToneVoice.Noise(1000, 8000, -60));

        Assert.Equal((null, 16000L), (ear.FirstAudibleSample, ear.Samples));
    }
}
