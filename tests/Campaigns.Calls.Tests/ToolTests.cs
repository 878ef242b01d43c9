using Campaigns.Calls.Tests.Bed;
using Campaigns.LiveModel;

namespace Campaigns.Calls.Tests;

/// <summary>Tools are answered in time or with an error, and what they ask of the line is done.</summary>
public sealed class ToolTests
{
    private const string Ok = """{"output":{"status":"ok"}}""";

    private static ToolResult Then(LineAction action, string? message = null) => new(Ok, action, message);

    [Fact]
    public async Task Tool_WhenCalled_IsAnsweredWithItsResult()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();

        var answer = await bed.CallToolAsync("update_campaign_contact", """{"disposition":"interested"}""");

        Assert.Equal(new ToolAnswer("t1", "update_campaign_contact", Ok), answer);
        Assert.Equal("""{"disposition":"interested"}""", bed.Journal.Of<ToolCall>("tool").Single().ArgumentsJson);
    }

    [Fact]
    public async Task Tools_WhenBatched_AreEachAnswered()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = call => Task.FromResult(new ToolResult($$$"""{"output":{"name":"{{{call.Name}}}"}}"""));

        bed.Live.OnToolCalls([new ToolCall("a", "one", "{}"), new ToolCall("b", "two", "{}")]);
        await bed.Journal.WhenAsync("answer", 2);

        Assert.Equal(["a", "b"], bed.Journal.Of<ToolAnswer>("answer").Select(answer => answer.Id).Order());
    }

    [Fact]
    public async Task Tool_WhenItHangs_IsAnsweredWithAnErrorAndAudioGoesOn()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(3000, "One moment.");
        var never = new TaskCompletionSource<ToolResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Events.Tool = _ => never.Task;
        bed.Live.OnToolCalls([new ToolCall("a", "slow", "{}")]);
        await bed.Clock.WhenArmedForAsync(TimeSpan.FromSeconds(10));

        bed.Pass(9980);
        Assert.Equal(3000, bed.Leg.HeardMilliseconds, 30.0);
        Assert.Empty(bed.Journal.Of("answer"));
        bed.Pass(40);
        await bed.Journal.WhenAsync("answer");

        Assert.Contains("\"error\"", bed.Journal.Of<ToolAnswer>("answer")[0].ResponseJson, StringComparison.Ordinal);
        never.SetResult(Then(LineAction.HangUpNow));
        bed.Session.Turn(100, "Sorry.");
        bed.Pass(500);
        Assert.Single(bed.Journal.Of("answer"));
        Assert.False(bed.Leg.IsClosed);
    }

    [Fact]
    public async Task Tool_WhenItThrows_IsAnsweredWithAnErrorThatTellsNothing()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => throw new InvalidOperationException("secret");

        var answer = await bed.CallToolAsync("x");

        Assert.StartsWith("{\"error\":", answer.ResponseJson, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer.ResponseJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_WhenItIsTakenBack_IsNeitherAnsweredNorActedUpon()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        var release = new TaskCompletionSource<ToolResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Events.Tool = call => call.Id == "a" ? release.Task : Task.FromResult(Then(LineAction.Continue));
        bed.Live.OnToolCalls([new ToolCall("a", "end_call", "{}")]);
        await bed.Journal.WhenAsync("tool");

        bed.Live.OnInterrupted();
        bed.Live.OnToolCallsCancelled(["a", "unknown"]);
        bed.Live.OnTurnComplete(null);
        release.SetResult(Then(LineAction.HangUpNow));
        var answer = await bed.CallToolAsync("other", id: "b");

        Assert.Equal("b", answer.Id);
        Assert.Single(bed.Journal.Of("answer"));
        Assert.False(bed.Leg.IsClosed);
    }

    [Fact]
    public async Task HangUpNow_EndsTheCallAtOnceWithItsAnswerSent()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(3000, "Let me tell you");
        bed.Pass(500);
        bed.Events.Tool = _ => Task.FromResult(Then(LineAction.HangUpNow));

        await bed.CallToolAsync("end_call");

        Assert.Equal(CallEndKind.AgentEnded, (await bed.EndAsync()).Kind);
        Assert.Equal(500, bed.Events.Turns.Single().HeardMilliseconds);
        Assert.True(bed.Session.IsClosed);
    }

    [Fact]
    public async Task HangUpAfterSpeech_WhenTheGoodbyeIsStillPlaying_HangsUpWhenItWasHeard()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(Then(LineAction.HangUpAfterSpeech));
        bed.Session.Say(2000, "Thank you. Goodbye.");
        await bed.CallToolAsync("end_call");
        bed.Live.OnTurnComplete(null);

        bed.Pass(1960);
        Assert.False(bed.Leg.IsClosed);
        bed.Pass(100);
        var end = await bed.EndAsync();

        Assert.Equal(CallEndKind.AgentEnded, end.Kind);
        var turn = bed.Events.Turns.Single();
        Assert.Equal(("Thank you. Goodbye.", false), (turn.HeardText, turn.Interrupted));
    }

    [Fact]
    public async Task HangUpAfterSpeech_WhenTheGoodbyeComesAfterTheTool_IsWaitedFor()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(Then(LineAction.HangUpAfterSpeech));
        await bed.CallToolAsync("end_call");
        bed.Live.OnGenerationComplete();
        bed.Pass(1000);
        Assert.False(bed.Leg.IsClosed);

        bed.Session.Say(800, "Goodbye.");
        bed.Live.OnGenerationComplete();
        bed.Pass(780);
        Assert.False(bed.Leg.IsClosed);
        bed.Pass(100);
        await bed.EndAsync();

        Assert.Equal("Goodbye.", bed.Events.Turns.Single().HeardText);
    }

    [Fact]
    public async Task HangUpAfterSpeech_WhenTheMarkComesEarly_HangsUpOnItsWord()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Leg.MarksReturn = false;
        bed.Events.Tool = _ => Task.FromResult(Then(LineAction.HangUpAfterSpeech));
        bed.Session.Say(150, "Bye.");
        await bed.CallToolAsync("end_call");
        bed.Live.OnTurnComplete(null);
        bed.Pass(40);
        Assert.False(bed.Leg.IsClosed);

        bed.Leg.Sink!.OnMark(bed.Journal.Of<string>("mark").Single());

        Assert.Equal(CallEndKind.AgentEnded, (await bed.EndAsync()).Kind);
    }

    [Fact]
    public async Task HangUpAfterSpeech_WhenTheModelNeverEndsItsTurn_HangsUpAfterAPause()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(Then(LineAction.HangUpAfterSpeech));
        bed.Session.Say(1010, "Goodbye.");
        await bed.CallToolAsync("end_call");

        bed.Pass(2400);
        Assert.False(bed.Leg.IsClosed);
        bed.Pass(200);

        await bed.EndAsync();
    }

    [Fact]
    public async Task HangUpAfterSpeech_WhenTheGoodbyeHasNoEnd_HangsUpAtTheLimit()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(Then(LineAction.HangUpAfterSpeech));
        await bed.CallToolAsync("end_call");
        bed.Session.Say(30_000, "And another thing");

        bed.Pass(9950);
        Assert.False(bed.Leg.IsClosed);
        bed.Pass(100);

        Assert.Equal(CallEndKind.AgentEnded, (await bed.EndAsync()).Kind);
        Assert.InRange(bed.Events.Turns.Single().HeardMilliseconds, 9950, 10_050);
    }

    [Fact]
    public async Task Closing_WhenThePersonCutsIn_TalksOn()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(Then(LineAction.HangUpAfterSpeech));
        bed.Session.Say(3000, "Thank you very much. Goodbye.");
        await bed.CallToolAsync("end_call");
        bed.Pass(1000);

        bed.Live.OnInterrupted();
        bed.Live.OnTurnComplete(null);
        bed.Speak(1000);
        bed.Pass(1000);
        bed.Live.OnHeard("Wait, one question.");
        bed.Session.Turn(1000, "Of course?");
        bed.Pass(2000);
        bed.Speak(500);
        bed.Pass(8000);

        Assert.False(bed.Leg.IsClosed);
    }

    [Fact]
    public async Task Closing_WhenThePersonCutsInAndSaysNothingMore_EndsAllTheSame()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(Then(LineAction.HangUpAfterSpeech));
        bed.Session.Say(3000, "Thank you very much. Goodbye.");
        await bed.CallToolAsync("end_call");
        bed.Pass(1000);
        bed.Live.OnInterrupted();
        bed.Live.OnTurnComplete(null);
        bed.Session.Turn(500, "Bye!");

        bed.Pass(5300);
        Assert.False(bed.Leg.IsClosed);
        bed.Pass(500);

        Assert.Equal(CallEndKind.AgentEnded, (await bed.EndAsync()).Kind);
    }

    [Fact]
    public async Task Closing_WhenTheGoodbyeWasHeardToItsEnd_EndsWhateverIsSaid()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(Then(LineAction.HangUpAfterSpeech));
        bed.Session.Say(1000, "Goodbye.");
        await bed.CallToolAsync("end_call");
        bed.Live.OnGenerationComplete();
        bed.Pass(1100);

        bed.Live.OnInterrupted();
        bed.Live.OnTurnComplete(null);

        Assert.Equal(CallEndKind.AgentEnded, (await bed.EndAsync()).Kind);
        Assert.Equal("Goodbye.", bed.Events.Turns.Single().HeardText);
    }

    [Fact]
    public async Task Transfer_WhenTheToolHangsUp_EndsAsTransferred()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(Then(LineAction.HangUpAfterSpeech));

        await bed.CallToolAsync("transfer_to_human");
        bed.Live.OnTurnComplete(null);
        bed.Pass(200);

        Assert.Equal(CallEndKind.Transferred, (await bed.EndAsync()).Kind);
    }

    [Fact]
    public async Task Tool_DuringPlayout_CutsNothing()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(1000, "Let me note that.");
        bed.Pass(200);

        await bed.CallToolAsync("update_campaign_contact");
        bed.Session.Say(500, " Noted.");
        bed.Live.OnTurnComplete(null);
        bed.Pass(2000);
        await bed.Journal.WhenAsync("turn");

        var turn = bed.Events.Turns.Single();
        Assert.Equal(("Let me note that. Noted.", false), (turn.Text, turn.Interrupted));
        Assert.InRange(turn.HeardMilliseconds, 1500, 1510);
        Assert.Empty(bed.Journal.Of("clear"));
    }

    [Fact]
    public async Task Tool_WhenTheConnectionIsLostMeanwhile_CountsButIsNotAnswered()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        var release = new TaskCompletionSource<ToolResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Events.Tool = _ => release.Task;
        bed.Live.OnToolCalls([new ToolCall("a", "end_call", "{}")]);
        await bed.Journal.WhenAsync("tool");
        bed.Live.OnReconnecting("dropped");
        bed.Live.OnReconnected(resumed: true);

        release.SetResult(Then(LineAction.HangUpNow));

        Assert.Equal(CallEndKind.AgentEnded, (await bed.EndAsync()).Kind);
        Assert.Empty(bed.Journal.Of("answer"));
    }
}
