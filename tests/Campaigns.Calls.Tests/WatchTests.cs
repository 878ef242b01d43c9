using Campaigns.Calls.Tests.Bed;
using Campaigns.LiveModel;

namespace Campaigns.Calls.Tests;

/// <summary>Every watchdog barks in its time and not before, on a call as it runs.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task LongestCall_WhenReached_EndsTheCall()
    {
        await using var bed = new CallBed(voice: new VoicePolicy { LongestCall = TimeSpan.FromSeconds(25) });
        await bed.JoinAsync();
        bed.Session.Say(60_000, "Once upon a time");

        bed.Pass(24_900);
        Assert.False(bed.Leg.IsClosed);
        bed.Pass(200);
        var end = await bed.EndAsync();

        Assert.Equal(CallEndKind.TooLong, end.Kind);
        Assert.Equal(25, end.Duration.TotalSeconds, 0.1);
        Assert.True(bed.Events.Turns.Single().Interrupted);
    }

    [Fact]
    public async Task Silence_WhenNobodySpeaks_EndsTheCall()
    {
        await using var bed = new CallBed(voice: new VoicePolicy { SilenceTimeout = TimeSpan.FromSeconds(20) });
        await bed.JoinAsync();
        bed.Session.Turn(1000, "Hello?");

        bed.Pass(20_900);
        Assert.False(bed.Leg.IsClosed);
        bed.Pass(400);
        var end = await bed.EndAsync();

        Assert.Equal((CallEndKind.Silence, false), (end.Kind, end.PersonSpoke));
    }

    [Fact]
    public async Task Silence_WhileATurnIsUnderWay_DoesNotCount()
    {
        await using var bed = new CallBed(voice: new VoicePolicy { SilenceTimeout = TimeSpan.FromSeconds(5) });
        await bed.JoinAsync();
        bed.Session.Turn(12_000, "A long sentence.");
        bed.Pass(12_000);
        bed.Pass(4000);
        bed.Speak(8000);
        bed.Session.Turn(500, "I see.");
        bed.Pass(4500);

        Assert.False(bed.Leg.IsClosed);
    }

    [Fact]
    public async Task Leg_WhenTheCarrierSendsNothing_IsGivenUp()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Leg.MarksReturn = false;
        bed.Pass(1000);

        bed.Stall(TimeSpan.FromSeconds(7));
        Assert.False(bed.Leg.IsClosed);
        bed.Session.Turn(500, "Are you there?");
        bed.Stall(TimeSpan.FromSeconds(12.9));
        Assert.False(bed.Leg.IsClosed);
        bed.Stall(TimeSpan.FromSeconds(0.2));

        Assert.Equal(CallEndKind.MediaLost, (await bed.EndAsync()).Kind);
    }

    [Fact]
    public async Task Model_WhenItOwesAnAnswer_IsNudgedOnceAndThenGivenUp()
    {
        await using var bed = new CallBed(voice: new VoicePolicy { SilenceTimeout = TimeSpan.FromMinutes(1) });
        await bed.JoinAsync();
        bed.Session.Turn(500, "Hello?");
        bed.Pass(1000);
        bed.Speak(1000);

        bed.Pass(7900);
        Assert.Single(bed.Journal.Of("prompt"));
        bed.Pass(200);
        Assert.Equal(LinePrompts.Nudge, bed.Journal.Of<string>("prompt")[1]);
        bed.Pass(7900);
        Assert.Equal(2, bed.Journal.Of("prompt").Count);
        bed.Pass(6000);
        var end = await bed.EndAsync();

        Assert.Equal(CallEndKind.ModelStuck, end.Kind);
        Assert.Equal(500 + (Apology.For("en").Length / 16.0), bed.Leg.HeardMilliseconds, 60.0);
        Assert.True(bed.Session.IsClosed);
    }

    [Fact]
    public async Task Model_WhenItAnswersTheNudge_StartsWithACleanSlate()
    {
        await using var bed = new CallBed(voice: new VoicePolicy { SilenceTimeout = TimeSpan.FromMinutes(1) });
        await bed.JoinAsync();
        bed.Pass(8200);
        Assert.Equal(["Greet.", "Greet."], bed.Journal.Of<string>("prompt"));
        bed.Session.Turn(300, "Hello.");
        bed.Pass(1000);
        bed.Speak(500);

        bed.Pass(8200);
        Assert.Equal(3, bed.Journal.Of("prompt").Count);
        Assert.False(bed.Leg.IsClosed);
        bed.Session.Turn(300, "Yes.");
        bed.Pass(12_000);

        Assert.Equal(3, bed.Journal.Of("prompt").Count);
    }

    [Fact]
    public async Task Model_WhileAToolIsCarriedOut_OwesNothing()
    {
        await using var bed = new CallBed(
            options => options.ToolTimeout = TimeSpan.FromSeconds(30), new VoicePolicy { SilenceTimeout = TimeSpan.FromSeconds(5) });
        await bed.JoinAsync();
        var never = new TaskCompletionSource<ToolResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Events.Tool = _ => never.Task;
        bed.Session.Say(200, "One moment.");
        bed.Live.OnToolCalls([new ToolCall("a", "slow", "{}")]);
        await bed.Journal.WhenAsync("tool");

        bed.Pass(12_000);

        Assert.Single(bed.Journal.Of("prompt"));
        Assert.False(bed.Leg.IsClosed);
    }

    [Fact]
    public async Task Person_WhoHumsAlongWhileTheAgentSpeaks_MakesTheModelOweNothing()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Turn(4000, "This takes a while. What do you think?");
        bed.Pass(1000);
        bed.Speak(500);

        bed.Pass(14_000);

        Assert.Single(bed.Journal.Of("prompt"));
    }

    [Fact]
    public async Task Model_WhenItDoesNotStopTalking_IsGivenUp()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        for (var second = 0; second < 89; second++)
        {
            bed.Session.Say(1000, "and ");
            bed.Pass(1000);
        }

        Assert.False(bed.Leg.IsClosed);
        bed.Session.Say(3000, "and so on ");
        bed.Pass(8000);

        Assert.Equal(CallEndKind.ModelStuck, (await bed.EndAsync()).Kind);
        Assert.InRange(bed.Events.Turns[0].HeardMilliseconds, 90_000, 90_200);
    }

    [Fact]
    public async Task Model_WhenItSoundsWithoutWords_IsGivenUp()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(10_000, "Let me see");
        bed.Session.Say(40_000, " well");
        bed.Pass(39_900);
        Assert.Equal(39_900, bed.Leg.HeardMilliseconds, 1.0);

        bed.Pass(6000);

        Assert.Equal(CallEndKind.ModelStuck, (await bed.EndAsync()).Kind);
        Assert.InRange(bed.Events.Turns[0].HeardMilliseconds, 40_000, 40_200);
    }

    [Fact]
    public async Task Model_WhenItNeverEndsItsTurn_HasItEndedHere()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(1010, "Hello.");
        bed.Pass(5900);
        Assert.Empty(bed.Journal.Of("turn"));

        bed.Pass(400);
        await bed.Journal.WhenAsync("turn");
        bed.Session.Turn(300, "Are you there?");
        bed.Pass(1000);
        await bed.Journal.WhenAsync("turn", 2);

        Assert.Equal(["Hello.", "Are you there?"], bed.Events.Turns.Select(turn => turn.HeardText));
        Assert.InRange((bed.Events.Turns[0].EndedAt - bed.Events.Turns[0].StartedAt).TotalMilliseconds, 1000, 1040);
    }

    [Fact]
    public async Task Reconnecting_WhenItIsQuick_ResumesAndPromptsOnlyForWhatWasLost()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Turn(300, "Hello.");
        bed.Pass(1000);
        bed.Live.OnReconnecting("goAway");
        bed.Pass(2000);
        bed.Live.OnReconnected(resumed: true);
        Assert.Single(bed.Journal.Of("prompt"));

        bed.Speak(500);
        bed.Pass(500);
        bed.Session.Say(1000, "As I was saying");
        bed.Live.OnReconnecting("dropped");
        bed.Pass(3000);
        await bed.Journal.WhenAsync("turn", 3);
        bed.Live.OnReconnected(resumed: false);

        Assert.Equal(LinePrompts.Resume, bed.Journal.Of<string>("prompt")[1]);
        var lost = bed.Events.Turns[^1];
        Assert.Equal((true, "As I was saying", 1000), (lost.Interrupted, lost.HeardText, lost.HeardMilliseconds / 10 * 10));
    }

    [Fact]
    public async Task Reconnecting_BeforeTheFirstWord_GreetsAgain()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Live.OnReconnecting("dropped");
        bed.Live.OnReconnected(resumed: true);

        Assert.Equal(["Greet.", "Greet."], bed.Journal.Of<string>("prompt"));
    }

    [Fact]
    public async Task Reconnecting_WhenItTakesTooLong_IsApologisedFor()
    {
        await using var bed = new CallBed(voice: new VoicePolicy { SilenceTimeout = TimeSpan.FromSeconds(5) }, language: "hi-IN");
        await bed.JoinAsync();
        bed.Session.Turn(300, "Hello.");
        bed.Pass(1000);
        bed.Live.OnReconnecting("dropped");
        bed.Live.OnReconnecting("again");

        bed.Pass(14_900);
        Assert.Equal(300, bed.Leg.HeardMilliseconds, 20.0);
        bed.Pass(6000);
        var end = await bed.EndAsync();

        Assert.Equal(CallEndKind.ModelUnavailable, end.Kind);
        Assert.Equal(300 + (Apology.For("hi").Length / 16.0), bed.Leg.HeardMilliseconds, 60.0);
    }

    [Theory]
    [InlineData(LiveEndKind.Lost)]
    [InlineData(LiveEndKind.Refused)]
    public async Task Model_WhenItIsLostForGood_IsApologisedFor(LiveEndKind kind)
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(3000, "Let me tell you");
        bed.Pass(1000);

        bed.Session.End(kind);
        await bed.Journal.WhenAsync("clear");
        bed.Pass(6000);
        var end = await bed.EndAsync();

        Assert.Equal(CallEndKind.ModelUnavailable, end.Kind);
        Assert.Equal(1000, bed.Events.Turns[0].HeardMilliseconds);
        Assert.Equal(0, bed.Model.Live);
    }

    [Fact]
    public async Task Model_WhenItIsLostDuringItsGoodbye_IsHeardToItsEnd()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(new ToolResult("{}", LineAction.HangUpAfterSpeech));
        bed.Session.Say(2000, "Goodbye.");
        await bed.CallToolAsync("end_call");

        bed.Session.End();
        bed.Pass(4000);

        Assert.Equal(CallEndKind.AgentEnded, (await bed.EndAsync()).Kind);
        Assert.Equal(2000, bed.Leg.HeardMilliseconds, 20.0);
    }

    [Fact]
    public async Task Apology_WhenThePersonHangsUpOnIt_StillTellsTheCause()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.End();
        await bed.Journal.WhenAsync("audio");
        bed.Pass(500);

        bed.Leg.End();

        Assert.Equal(CallEndKind.ModelUnavailable, (await bed.EndAsync()).Kind);
    }

    [Fact]
    public async Task Watchdogs_OnALivelyCall_StaySilent()
    {
        await using var bed = new CallBed(voice: new VoicePolicy { SilenceTimeout = TimeSpan.FromSeconds(20) });
        await bed.JoinAsync();
        for (var i = 0; i < 20; i++)
        {
            bed.Session.Turn(3000, $"Sentence {i}.");
            bed.Pass(4000);
            bed.Speak(2000);
            bed.Live.OnHeard("Yes.");
            bed.Pass(1500);
        }

        Assert.Single(bed.Journal.Of("prompt"));
        Assert.DoesNotContain(bed.Logs.Entries, entry => entry.Event.Id == 6102);
        bed.Leg.End();
        var end = await bed.EndAsync();
        Assert.Equal((CallEndKind.PersonHungUp, 0), (end.Kind, end.Underruns));
        Assert.Equal(Enumerable.Range(1, 40), bed.Events.Turns.Select(turn => turn.Position));
    }
}
