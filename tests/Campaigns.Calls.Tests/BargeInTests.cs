using Campaigns.Calls.Tests.Bed;

namespace Campaigns.Calls.Tests;

/// <summary>Who cuts in is heard at once, and what the agent had said by then is known to the millisecond.</summary>
public sealed class BargeInTests
{
    private const string Words = "one two three four five six seven eight nine ten";

    [Theory]
    [InlineData(20)]
    [InlineData(340)]
    [InlineData(1000)]
    [InlineData(2980)]
    public async Task Interrupted_WhileTheAgentSpeaks_ClearsAtOnceAndAccountsForWhatWasHeard(int after)
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(5000, Words);
        bed.Pass(after);

        bed.Live.OnInterrupted();

        Assert.Equal(TimeSpan.FromMilliseconds(after), bed.Journal.Of("clear").Single().At);
        Assert.Equal(0, bed.Leg.Unplayed);
        bed.Live.OnTurnComplete(null);
        bed.Pass(1000);
        await bed.Journal.WhenAsync("turn");
        var turn = Assert.Single(bed.Events.Turns);
        Assert.True(turn.Interrupted);
        Assert.Equal(after, turn.HeardMilliseconds);
        Assert.Equal(bed.Leg.HeardMilliseconds, turn.HeardMilliseconds, 0.01);
        Assert.Equal(5000, turn.SpokenMilliseconds, 5.0);
        Assert.Equal(HeardText.Estimate(Words, after, turn.SpokenMilliseconds), turn.HeardText);
        Assert.Equal(TimeSpan.FromMilliseconds(after), turn.EndedAt - turn.StartedAt);
    }

    [Fact]
    public async Task Interrupted_WhileASendIsUnderWay_IsClearedWithoutWaitingForIt()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Leg.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Session.Say(1000, Words);

        bed.Live.OnInterrupted();

        Assert.Single(bed.Journal.Of("clear"));
        var held = bed.Leg.Held;
        bed.Leg.Held = null;
        held.SetResult();
        bed.Live.OnTurnComplete(null);
        bed.Session.Turn(200, "Yes?");
        await bed.Journal.WhenAsync("audio", 2);
    }

    [Fact]
    public async Task AudioOfAnInterruptedTurn_WhenItComesLate_IsDroppedUntilTheNextTurn()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(1000, Words);
        bed.Pass(300);
        bed.Live.OnInterrupted();
        bed.Pass(60);

        bed.Session.Say(500, " eleven");
        bed.Pass(300);
        Assert.Equal(300, bed.Leg.HeardMilliseconds, 0.01);
        bed.Live.OnTurnComplete(null);
        bed.Session.Turn(400, "Sorry?");
        bed.Pass(1000);
        await bed.Journal.WhenAsync("turn", 2);

        Assert.Equal([Words, "Sorry?"], bed.Events.Turns.Select(turn => turn.Text));
        Assert.Equal([true, false], bed.Events.Turns.Select(turn => turn.Interrupted));
        Assert.Equal(700, bed.Leg.HeardMilliseconds, 20.0);
    }

    [Fact]
    public async Task Interrupted_WhenTheModelNeverEndsTheTurn_LetsTheNextOneBeHeard()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(1000, Words);
        bed.Pass(300);
        bed.Live.OnInterrupted();
        bed.Pass(1100);

        bed.Session.Turn(400, "Sorry?");
        bed.Pass(1000);
        await bed.Journal.WhenAsync("turn", 2);

        Assert.Equal("Sorry?", bed.Events.Turns[1].HeardText);
    }

    [Fact]
    public async Task Interrupted_WhenTheNextTurnComesAfterAPause_LetsItBeHeardFromItsBeginning()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(1000, Words);
        bed.Pass(300);
        bed.Live.OnInterrupted();
        bed.Pass(200);
        bed.Session.Say(100, " eleven");
        bed.Pass(450);

        bed.Session.Turn(400, "Sorry?");
        bed.Pass(1000);
        await bed.Journal.WhenAsync("turn", 2);

        Assert.Equal("Sorry?", bed.Events.Turns[1].HeardText);
        Assert.Equal(700, bed.Leg.HeardMilliseconds, 20.0);
    }

    [Fact]
    public async Task Interrupted_WithNoActiveTurn_ChangesNothingAndDropsNothing()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Turn(200, "Hello.");
        bed.Pass(1000);
        await bed.Journal.WhenAsync("turn");

        bed.Live.OnInterrupted();
        bed.Live.OnInterrupted();
        bed.Session.Turn(200, "Yes.");
        bed.Pass(1000);
        await bed.Journal.WhenAsync("turn", 2);

        Assert.Empty(bed.Journal.Of("clear"));
        Assert.Equal(["Hello.", "Yes."], bed.Events.Turns.Select(turn => turn.HeardText));
    }

    [Fact]
    public async Task Interrupted_AfterTheGenerationIsDone_CutsWhatIsStillPlaying()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Turn(2000, Words);
        bed.Pass(700);

        bed.Live.OnInterrupted();
        bed.Session.Turn(200, "Yes?");
        bed.Pass(1000);
        await bed.Journal.WhenAsync("turn", 2);

        Assert.Single(bed.Journal.Of("clear"));
        Assert.Equal((true, 700), (bed.Events.Turns[0].Interrupted, bed.Events.Turns[0].HeardMilliseconds));
        Assert.Equal((false, bed.Events.Turns[1].SpokenMilliseconds), (bed.Events.Turns[1].Interrupted, bed.Events.Turns[1].HeardMilliseconds));
    }

    [Fact]
    public async Task Interrupted_BeforeAnyAudio_WaitsForTheNextAnswer()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();

        bed.Live.OnInterrupted();
        bed.Live.OnTurnComplete(null);
        bed.Session.Turn(200, "Hello.");
        bed.Pass(500);
        await bed.Journal.WhenAsync("turn");

        Assert.Equal(("Hello.", 1), (bed.Events.Turns[0].HeardText, bed.Events.Turns[0].Position));
    }

    [Fact]
    public async Task Interrupted_WhenTheMarkOfAClearedChunkComesBack_IsNotMisled()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Turn(300, "Short.");
        bed.Pass(150);
        var mark = bed.Journal.Of<string>("mark").Single();
        bed.Live.OnInterrupted();

        bed.Leg.Sink!.OnMark(mark);
        bed.Leg.Sink!.OnMark("c999");
        bed.Leg.Sink!.OnMark("nonsense");
        bed.Pass(100);
        await bed.Journal.WhenAsync("turn");

        Assert.Equal(150, bed.Events.Turns[0].HeardMilliseconds);
    }

    [Theory]
    [InlineData("", 1, 2, "")]
    [InlineData("one two three", 0, 1000, "")]
    [InlineData("one two three", 1000, 1000, "one two three")]
    [InlineData("one two three", 1500, 1000, "one two three")]
    [InlineData("one two three", 999, 1000, "one two")]
    [InlineData("one two three", 300, 1000, "one")]
    [InlineData("one two three", 200, 1000, "")]
    [InlineData("one two three", 0, 0, "")]
    [InlineData("नमस्ते रवि जी", 900, 1000, "नमस्ते रवि")]
    [InlineData("unbroken", 900, 1000, "")]
    public void HeardText_Estimate_KeepsWholeWordsOnly(string text, double heard, double spoken, string expected)
        => Assert.Equal(expected, HeardText.Estimate(text, heard, spoken));
}
