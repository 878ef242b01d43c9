using Campaigns.Calls.Tests.Bed;
using Campaigns.LiveModel;

namespace Campaigns.Calls.Tests;

/// <summary>What is done when a machine answers, told by the model or made out by the line.</summary>
public sealed class MachineTests
{
    private const string Leave = """{"output":{"status":"ok","action":"leave_message","message":"Please call us."}}""";
    private const string Report = """{"kind":"voicemail","said":"leave a message"}""";

    private static async Task<CallBed> ReportedAsync()
    {
        var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(new ToolResult(Leave, LineAction.LeaveMessage, "Please call us."));
        bed.Session.Say(10_000, "Hello, this is Asha");
        bed.Speak(3000);
        bed.Live.OnToolCalls([new ToolCall("m", "report_answering_machine", Report)]);
        await bed.Journal.WhenAsync("tool");
        await bed.HeldAsync();
        return bed;
    }

    private static CallTurn Agent(CallBed bed) => bed.Events.Turns.Last(turn => turn.Speaker == Speaker.Agent);

    [Fact]
    public async Task LeaveMessage_HoldsTheAnswerUntilTheBeepAndHangsUpWhenTheMessageWasHeard()
    {
        await using var bed = await ReportedAsync();
        bed.Speak(1500);
        bed.Pass(300);
        Assert.Empty(bed.Journal.Of("answer"));

        bed.Hear(Voices.Tone(500));
        bed.Pass(200);
        await bed.Journal.WhenAsync("answer");
        Assert.Equal(new ToolAnswer("m", "report_answering_machine", Leave), bed.Journal.Of<ToolAnswer>("answer").Single());
        bed.Session.Turn(2000, "Please call us.");
        bed.Pass(1900);
        Assert.False(bed.Leg.IsClosed);
        bed.Pass(200);
        var end = await bed.EndAsync();

        Assert.Equal((CallEndKind.MachineDone, MachineKind.Voicemail, true), (end.Kind, end.Machine, end.MessageLeft));
        Assert.Equal("Please call us.", Agent(bed).HeardText);
    }

    [Fact]
    public async Task LeaveMessage_WithoutABeep_IsSaidAfterTwoSecondsOfSilence()
    {
        await using var bed = await ReportedAsync();
        bed.Speak(1000);
        bed.Pass(1900);
        Assert.Empty(bed.Journal.Of("answer"));

        bed.Pass(300);

        Assert.Single(bed.Journal.Of("answer"));
    }

    [Fact]
    public async Task LeaveMessage_WhenTheMachineTalksOnAndOn_IsSaidAtTheLimit()
    {
        await using var bed = await ReportedAsync();
        bed.Speak(29_800);
        Assert.Empty(bed.Journal.Of("answer"));

        bed.Speak(400);

        Assert.Single(bed.Journal.Of("answer"));
    }

    [Fact]
    public async Task LeaveMessage_WhenTheBeepCameJustBefore_IsSaidAtOnce()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(new ToolResult(Leave, LineAction.LeaveMessage, "Please call us."));
        bed.Speak(2000);
        bed.Pass(300);
        bed.Hear(Voices.Tone(500));
        bed.Pass(200);

        bed.Live.OnToolCalls([new ToolCall("m", "report_answering_machine", Report)]);
        await bed.Journal.WhenAsync("answer");
    }

    [Fact]
    public async Task LeaveMessage_KeepsTheMachineFromTheModel()
    {
        await using var bed = await ReportedAsync();
        int before;
        lock (bed.Session.Heard)
        {
            before = bed.Session.Heard.Count;
        }

        bed.Speak(1000);
        bed.Hear(Voices.Tone(500));
        bed.Pass(200);
        bed.Session.Say(1000, "Please");
        bed.Speak(500);

        lock (bed.Session.Heard)
        {
            Assert.All(bed.Session.Heard.Skip(before), sample => Assert.Equal(0, sample));
            Assert.Equal(before + (2200 * 16), bed.Session.Heard.Count);
        }
    }

    [Fact]
    public async Task LeaveMessage_WhenTheModelIsInterruptedAllTheSame_IsHeardButNotCalledLeft()
    {
        await using var bed = await ReportedAsync();
        bed.Hear(Voices.Tone(500));
        bed.Pass(200);
        bed.Session.Say(1000, "Please call");

        bed.Live.OnInterrupted();
        Assert.Single(bed.Journal.Of("clear"));
        bed.Pass(1200);
        var end = await bed.EndAsync();

        Assert.Equal((CallEndKind.MachineDone, false), (end.Kind, end.MessageLeft));
        Assert.InRange(Agent(bed).HeardMilliseconds, 990, 1010);
    }

    [Fact]
    public async Task LeaveMessage_WhenTheMachineHangsUpInIt_IsNotCalledLeft()
    {
        await using var bed = await ReportedAsync();
        bed.Hear(Voices.Tone(500));
        bed.Pass(200);
        bed.Session.Turn(3000, "Please call us.");
        bed.Pass(1000);

        bed.Leg.End();
        var end = await bed.EndAsync();

        Assert.Equal((CallEndKind.PersonHungUp, MachineKind.Voicemail, false), (end.Kind, end.Machine, end.MessageLeft));
    }

    [Fact]
    public async Task LeaveMessage_WhenTheModelTookItsReportBack_IsSaidByPrompt()
    {
        await using var bed = await ReportedAsync();
        bed.Live.OnToolCallsCancelled(["m"]);
        bed.Hear(Voices.Tone(500));
        bed.Pass(300);

        Assert.Empty(bed.Journal.Of("answer"));
        Assert.Contains("\"Please call us.\"", bed.Journal.Of<string>("prompt")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeaveMessage_WhenTheModelReconnectsInIt_IsSaidAgain()
    {
        await using var bed = await ReportedAsync();
        bed.Hear(Voices.Tone(500));
        bed.Pass(200);
        bed.Session.Say(300, "Please");
        bed.Live.OnReconnecting("dropped");
        bed.Live.OnReconnected(resumed: true);

        Assert.Contains("Please call us.", bed.Journal.Of<string>("prompt")[^1], StringComparison.Ordinal);
        bed.Session.Turn(1000, "Please call us.");
        bed.Pass(1500);

        Assert.True((await bed.EndAsync()).MessageLeft);
    }

    [Fact]
    public async Task LeaveMessage_WhenTheModelSaysNothing_IsRemindedAndGivenUp()
    {
        await using var bed = await ReportedAsync();
        bed.Hear(Voices.Tone(500));
        bed.Pass(8300);
        Assert.Contains("Please call us.", bed.Journal.Of<string>("prompt")[^1], StringComparison.Ordinal);

        bed.Pass(8300);
        var end = await bed.EndAsync();

        Assert.Equal((CallEndKind.ModelStuck, false), (end.Kind, end.MessageLeft));
        Assert.Single(bed.Events.Turns, turn => turn.Speaker == Speaker.Agent);
    }

    [Theory]
    [InlineData(MachineKind.Voicemail)]
    [InlineData(MachineKind.Menu)]
    public async Task Verdict_WhenThePolicySaysHangUp_EndsTheCall(MachineKind kind)
    {
        await using var bed = new CallBed();
        bed.Ear.Phrase = "switched off";
        bed.Ear.Kind = kind;
        await bed.JoinAsync();
        bed.Events.Machine = _ => Task.FromResult(new ToolResult("{}", LineAction.HangUpNow));
        bed.Session.Say(2000, "Hello");
        bed.Pass(500);

        bed.Live.OnHeard("The number is switched off.");
        var end = await bed.EndAsync();

        Assert.Equal((CallEndKind.MachineDone, kind), (end.Kind, end.Machine));
        Assert.Single(bed.Journal.Of("machine"));
    }

    [Fact]
    public async Task Verdict_WhenThePolicySaysContinue_ChangesNothingAndIsNotAskedAgain()
    {
        await using var bed = new CallBed();
        bed.Ear.Phrase = "voicemail";
        await bed.JoinAsync();
        bed.Live.OnHeard("voicemail");
        await bed.Journal.WhenAsync("machine");
        bed.Live.OnHeard("voicemail");
        bed.Session.Turn(300, "Hello?");
        bed.Pass(1000);

        bed.Line.HangUp(CallEndKind.AgentEnded, "done");
        Assert.Null((await bed.EndAsync()).Machine);
        Assert.Single(bed.Journal.Of("machine"));
    }

    [Fact]
    public async Task Verdict_WhenThePolicyLeavesAMessage_PromptsItAtTheBeep()
    {
        await using var bed = new CallBed();
        bed.Ear.Phrase = "voicemail";
        await bed.JoinAsync();
        bed.Events.Machine = _ => Task.FromResult(new ToolResult("{}", LineAction.LeaveMessage, "Say \"hi\" [now]."));
        bed.Session.Say(5000, "Hello");
        bed.Speak(2000);
        bed.Live.OnHeard("voicemail");
        await bed.Journal.WhenAsync("machine");
        await bed.HeldAsync();
        bed.Hear(Voices.Tone(500));
        bed.Pass(300);
        Assert.Contains("\"Say 'hi' (now).\"", bed.Journal.Of<string>("prompt")[^1], StringComparison.Ordinal);

        bed.Session.Turn(500, "Say hi now.");
        bed.Pass(1000);

        Assert.True((await bed.EndAsync()).MessageLeft);
    }

    [Fact]
    public async Task Verdict_WhenTheModelReportsTheSame_LeavesOneMessage()
    {
        await using var bed = await ReportedAsync();
        bed.Hear(Voices.Tone(500));
        bed.Pass(300);
        bed.Live.OnToolCalls([new ToolCall("n", "report_answering_machine", Report)]);
        await bed.Journal.WhenAsync("answer", 2);

        Assert.Contains("\"continue\"", bed.Journal.Of<ToolAnswer>("answer")[1].ResponseJson, StringComparison.Ordinal);
        bed.Session.Turn(500, "Please call us.");
        bed.Pass(1000);
        Assert.True((await bed.EndAsync()).MessageLeft);
    }

    [Fact]
    public async Task Verdict_WhenTheModelReportsItAfterItsPrompt_TellsItTheMessageOnceMore()
    {
        await using var bed = new CallBed();
        bed.Ear.Phrase = "voicemail";
        await bed.JoinAsync();
        bed.Events.Machine = _ => Task.FromResult(new ToolResult("{}", LineAction.LeaveMessage, "Please call us."));
        bed.Events.Tool = _ => Task.FromResult(new ToolResult("""{"output":{"action":"leave_message"}}""", LineAction.LeaveMessage, "Please call us."));
        bed.Speak(2000);
        bed.Live.OnHeard("voicemail");
        await bed.Journal.WhenAsync("machine");
        bed.Hear(Voices.Tone(500));
        bed.Pass(2500);
        Assert.Contains("Please call us.", bed.Journal.Of<string>("prompt")[^1], StringComparison.Ordinal);

        bed.Live.OnToolCalls([new ToolCall("n", "report_answering_machine", Report)]);
        await bed.Journal.WhenAsync("answer");

        Assert.Contains("leave_message", bed.Journal.Of<ToolAnswer>("answer")[0].ResponseJson, StringComparison.Ordinal);
        bed.Session.Turn(500, "Please call us.");
        bed.Pass(1000);
        Assert.True((await bed.EndAsync()).MessageLeft);
    }

    [Fact]
    public async Task Screener_WhenExplainedTo_IsForgottenOnceAPersonTalks()
    {
        await using var bed = new CallBed();
        bed.Ear.Phrase = "who is calling";
        bed.Ear.Kind = MachineKind.Screener;
        await bed.JoinAsync();
        bed.Events.Machine = _ => Task.FromResult(new ToolResult("{}", LineAction.Explain, "Acme, about your policy."));
        bed.Live.OnHeard("State who is calling");
        await bed.Journal.WhenAsync("prompt", 2);
        bed.Session.Turn(500, "Acme, about your policy.");
        bed.Pass(1000);
        bed.Speak(500);
        bed.Pass(500);
        bed.Live.OnHeard("Hello?");
        bed.Session.Turn(500, "Hello, this is Asha.");
        bed.Pass(1000);
        bed.Speak(500);
        bed.Pass(500);
        bed.Live.OnHeard("Yes.");

        bed.Line.HangUp(CallEndKind.AgentEnded, "done");

        Assert.Null((await bed.EndAsync()).Machine);
    }

    [Fact]
    public async Task Screener_WhenItHangsUp_IsTheMachineOfTheCall()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Events.Tool = _ => Task.FromResult(new ToolResult("{}", LineAction.Explain, "Acme."));
        await bed.CallToolAsync("report_answering_machine", """{"kind":"screener"}""");
        bed.Session.Turn(500, "Acme.");
        bed.Pass(1000);

        bed.Leg.End();

        Assert.Equal(MachineKind.Screener, (await bed.EndAsync()).Machine);
    }

    [Theory]
    [InlineData("""{"kind":"menu"}""", MachineKind.Menu)]
    [InlineData("""{"kind":"screener"}""", MachineKind.Screener)]
    [InlineData("""{"kind":7}""", MachineKind.Voicemail)]
    [InlineData("[]", MachineKind.Voicemail)]
    [InlineData("not json", MachineKind.Voicemail)]
    public void Report_IsRead(string arguments, MachineKind expected)
        => Assert.Equal(expected, MachineReport.Read(new ToolCall("x", "report_answering_machine", arguments)));

    [Fact]
    public async Task Ear_HearsBeepsAndMonologues()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Speak(4000);
        bed.Pass(1000);
        bed.Hear(Voices.Tone(400, 1400));
        bed.Pass(300);

        Assert.InRange(bed.Ear.Longest.TotalSeconds, 3.8, 4.1);
        Assert.InRange(bed.Ear.Beep!.Value.TotalSeconds, 5.35, 5.45);
    }
}
