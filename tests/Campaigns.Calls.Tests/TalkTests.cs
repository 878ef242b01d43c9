using Campaigns.Calls.Tests.Bed;

namespace Campaigns.Calls.Tests;

/// <summary>Sound goes both ways at its pace, and becomes turns.</summary>
public sealed class TalkTests
{
    [Fact]
    public async Task Answered_WhenTheAgentSpeaksFirst_IsPromptedAtOnce()
    {
        await using var bed = new CallBed();

        await bed.JoinAsync();

        Assert.Equal(["Greet."], bed.Journal.Of<string>("prompt"));
        Assert.Equal(TimeSpan.Zero, bed.Journal.Of("prompt")[0].At);
    }

    [Fact]
    public async Task Person_WhenHeard_ReachesTheModelAtItsRateAtOnce()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();

        bed.Hear(Voices.Tone(1000, 500));

        lock (bed.Session.Heard)
        {
            Assert.Equal(16000, bed.Session.Heard.Count);
            var power = bed.Session.Heard.Skip(1000).Average(sample => (double)sample * sample);
            Assert.InRange(Math.Sqrt(power * 2), 7500, 8500);
        }
    }

    [Theory]
    [InlineData(8000, 1600)]
    [InlineData(16000, 3200)]
    [InlineData(24000, 4800)]
    public async Task Agent_WhenItSpeaks_GoesOutInPacedChunks(int rate, int chunk)
    {
        await using var bed = new CallBed(rate: rate);
        await bed.JoinAsync();

        bed.Session.Say(3000, "Hello there, how are you?");
        Assert.InRange(bed.Leg.Unplayed, 100, 200);
        for (var i = 0; i < 100; i++)
        {
            bed.Pass(20);
            Assert.InRange(bed.Leg.Unplayed, 60, 200);
        }

        Assert.All(bed.Journal.Of<int>("audio"), bytes => Assert.Equal(chunk, bytes));
        Assert.Equal(2000, bed.Leg.HeardMilliseconds, 0.01);
    }

    [Fact]
    public async Task Agent_WhenItsTurnIsOver_IsHeardToItsEndAndMarked()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Pass(200);

        bed.Session.Turn(1330, "Hello there, how are you?");
        bed.Pass(1500);
        await bed.Journal.WhenAsync("turn");

        var turn = Assert.Single(bed.Events.Turns);
        Assert.Equal((1, Speaker.Agent, "Hello there, how are you?", false), (turn.Position, turn.Speaker, turn.Text, turn.Interrupted));
        Assert.Equal(turn.Text, turn.HeardText);
        Assert.InRange(turn.SpokenMilliseconds, 1330, 1340);
        Assert.Equal(turn.SpokenMilliseconds, turn.HeardMilliseconds);
        Assert.Equal(TimeSpan.FromMilliseconds(200), turn.StartedAt - bed.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1700));
        Assert.InRange((turn.EndedAt - turn.StartedAt).TotalMilliseconds, 1330, 1360);
        Assert.Single(bed.Journal.Of("mark"));
        Assert.Empty(bed.Journal.Of("clear"));
    }

    [Fact]
    public async Task Mark_WhenTheTurnIsEndedAfterItsLastChunkWent_IsSentAllTheSame()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();

        bed.Session.Say(200, "Yes.");
        bed.Pass(400);
        bed.Live.OnTurnComplete(null);
        bed.Pass(100);

        Assert.Single(bed.Journal.Of("mark"));
        await bed.Journal.WhenAsync("turn");
    }

    [Fact]
    public async Task Turns_WhenTheyAlternate_ArePlacedInOrderWithTheirTimes()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Turn(500, "Hello Ravi.");
        bed.Pass(1000);

        bed.Speak(1200);
        bed.Pass(600);
        bed.Live.OnHeard("Yes,");
        bed.Live.OnHeard(" speaking.");
        bed.Session.Turn(400, "Good.");
        bed.Live.OnHeard(" Who is it?");
        bed.Pass(1000);
        bed.Line.HangUp(CallEndKind.AgentEnded, "done");
        await bed.EndAsync();

        var turns = bed.Events.Turns;
        Assert.Equal([1, 2, 3], turns.Select(turn => turn.Position));
        Assert.Equal(["Hello Ravi.", "Yes, speaking. Who is it?", "Good."], turns.Select(turn => turn.Text));
        Assert.Equal([Speaker.Agent, Speaker.Person, Speaker.Agent], turns.Select(turn => turn.Speaker));
        var start = bed.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(3800);
        Assert.InRange((turns[1].StartedAt - start).TotalMilliseconds, 950, 1150);
        Assert.InRange((turns[1].EndedAt - start).TotalMilliseconds, 2000, 2300);
    }

    [Fact]
    public async Task Turns_WhenTheModelNeverTranscribes_AreKeptOnlyIfSomethingWasAudible()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Live.OnTurnComplete(null);
        bed.Session.Turn(500);
        bed.Pass(1000);
        bed.Speak(1000);
        bed.Pass(500);
        bed.Live.OnTurnComplete(null);
        bed.Session.Turn(300);
        bed.Pass(1000);

        bed.Line.HangUp(CallEndKind.AgentEnded, "done");
        var end = await bed.EndAsync();

        Assert.Equal([Speaker.Agent, Speaker.Person, Speaker.Agent], bed.Events.Turns.Select(turn => turn.Speaker));
        Assert.Equal([1, 2, 3], bed.Events.Turns.Select(turn => turn.Position));
        Assert.All(bed.Events.Turns, turn => Assert.Equal("", turn.Text));
        Assert.True(end.PersonSpoke);
    }

    [Fact]
    public async Task Person_WhenOnlyWordsAreKnown_StillHasATurn()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Turn(500, "Hello.");
        bed.Pass(1000);
        bed.Hear(Voices.Tone(800));
        bed.Pass(200);
        bed.Live.OnHeard("Hmm.");
        bed.Session.Turn(300, "Well.");
        bed.Pass(600);
        bed.Line.HangUp(CallEndKind.AgentEnded, "done");
        await bed.EndAsync();

        var turn = bed.Events.Turns[1];
        Assert.Equal(("Hmm.", Speaker.Person), (turn.Text, turn.Speaker));
        Assert.InRange((turn.EndedAt - turn.StartedAt).TotalMilliseconds, 800, 1100);
    }

    [Fact]
    public async Task Turn_WhenThePersonAnswersOneThatTheModelDoesNotEnd_IsOver()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(500, "Will you renew?");
        bed.Live.OnGenerationComplete();
        bed.Pass(1000);
        bed.Speak(500);
        bed.Live.OnHeard("Yes.");
        bed.Pass(500);
        bed.Session.Say(500, "Thank you.");
        bed.Live.OnGenerationComplete();
        bed.Pass(1000);
        bed.Leg.End();
        await bed.EndAsync();

        Assert.Equal(["Will you renew?", "Yes.", "Thank you."], bed.Events.Turns.OrderBy(turn => turn.Position).Select(turn => turn.Text));
    }

    [Fact]
    public async Task Turns_WhenTheModelEndsNoneAndOnlyWordsAreKnown_AreToldApart()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        foreach (var (question, answer) in new[] { ("Hello.", "yes, speaking"), ("Will you renew?", "my birthday is in March"), ("Noted.", "yes") })
        {
            bed.Session.Say(500, question);
            bed.Pass(1000);
            bed.Hear(Voices.Tone(300));
            bed.Pass(200);
            bed.Live.OnHeard(answer);
            bed.Pass(300);
        }

        bed.Leg.End();
        await bed.EndAsync();

        Assert.Equal(
            ["Hello.", "yes, speaking", "Will you renew?", "my birthday is in March", "Noted.", "yes"],
            bed.Events.Turns.OrderBy(turn => turn.Position).Select(turn => turn.Text));
    }

    [Fact]
    public async Task Words_OfSpeechThatWasNotNoticed_DoNotRunIntoTheNext()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Turn(500, "Hello.");
        bed.Pass(1000);
        bed.Live.OnHeard("yes, speaking");
        bed.Session.Say(500, "Will you");
        bed.Live.OnHeard("my birthday");
        bed.Live.OnHeard(" is in March");
        bed.Leg.End();
        await bed.EndAsync();

        Assert.Contains(bed.Events.Turns, turn => turn.Text == "yes, speaking my birthday is in March");
    }

    [Fact]
    public async Task Audio_AfterGenerationComplete_BelongsToTheSameTurn()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();

        bed.Session.Say(400, "One ");
        bed.Live.OnGenerationComplete();
        bed.Pass(200);
        bed.Session.Say(400, "two.");
        bed.Live.OnTurnComplete(null);
        bed.Pass(1500);
        await bed.Journal.WhenAsync("turn");

        var turn = Assert.Single(bed.Events.Turns);
        Assert.Equal("One two.", turn.Text);
        Assert.InRange(turn.HeardMilliseconds, 800, 820);
        Assert.Equal(2, bed.Journal.Of("mark").Count);
    }

    [Fact]
    public async Task FirstAudio_WhenTheModelBeginsWithSilence_IsTheFirstAudibleSample()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Pass(500);

        bed.Live.OnAudio(new byte[24 * 2 * 100]);
        bed.Session.Turn(500, "Hello.");
        bed.Pass(1000);
        bed.Line.HangUp(CallEndKind.AgentEnded, "done");
        var end = await bed.EndAsync();

        // 500 ms until the model spoke, 100 ms of silence in its audio; the tone comes up within a millisecond and the filter delays it.
        Assert.InRange(end.FirstAudio!.Value.TotalMilliseconds, 600, 606);
    }

    [Fact]
    public async Task Underruns_WhenTheModelIsSlow_AreCounted()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(200, "Well");
        bed.Pass(600);
        bed.Session.Say(400, " then.");
        bed.Live.OnTurnComplete(null);
        bed.Pass(1000);

        bed.Line.HangUp(CallEndKind.AgentEnded, "done");

        Assert.Equal(1, (await bed.EndAsync()).Underruns);
    }

    [Fact]
    public async Task Send_WhenTheSocketIsSlow_HoldsUpNothingAndGoesOnWhenItIsFree()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        var held = bed.Leg.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        bed.Session.Turn(1000, "Hello.");
        bed.Speak(200);
        Assert.Single(bed.Journal.Of("audio"));
        lock (bed.Session.Heard)
        {
            Assert.Equal(3200, bed.Session.Heard.Count);
        }

        bed.Leg.Held = null;
        held.SetResult();
        await bed.Journal.WhenAsync("audio", 2);
        bed.Pass(1500);

        Assert.Equal(1000, bed.Leg.HeardMilliseconds, 25.0);
    }

    [Fact]
    public async Task Keys_WhenPressed_AreToldTogether()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Turn(100, "Press a key.");
        bed.Pass(500);

        bed.Leg.Sink!.OnDtmf('1');
        bed.Pass(300);
        bed.Leg.Sink!.OnDtmf('#');
        bed.Pass(1400);
        Assert.Single(bed.Journal.Of("prompt"));
        bed.Pass(300);

        Assert.Contains("1#", bed.Journal.Of<string>("prompt")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_WhenTold_IsSummedUp()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Live.OnUsage(new(1, 2, 3, 4));
        bed.Live.OnUsage(new(10, 20, 30, 40));

        bed.Line.HangUp(CallEndKind.AgentEnded, "done");

        Assert.Equal(new LiveModel.LiveUsage(11, 22, 33, 44), (await bed.EndAsync()).Usage);
    }
}
