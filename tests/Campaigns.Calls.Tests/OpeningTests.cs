using Campaigns.Calls.Tests.Bed;
using Campaigns.LiveModel;

namespace Campaigns.Calls.Tests;

/// <summary>From the answer to the first word, also when the model is late or away.</summary>
public sealed class OpeningTests
{
    private static readonly LiveModelException Passing = new(LiveFailure.Transient, "busy");
    private static readonly LiveModelException Final = new(LiveFailure.Fatal, "wrong key");

    [Fact]
    public async Task Answered_WhenPrepared_UsesThePreparedSession()
    {
        await using var bed = new CallBed();
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opened");

        await bed.JoinAsync();

        Assert.Equal(1, bed.Model.Opens);
        Assert.Equal(0, bed.Calls.Prepared);
    }

    [Fact]
    public async Task Answered_WhileStillBeingPrepared_WaitsForThatSession()
    {
        await using var bed = new CallBed();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Model.Opening = (_, _) => release.Task;
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opening");
        await bed.AnswerAsync();
        bed.Begin();

        release.SetResult();
        await bed.Journal.WhenAsync("prompt");

        Assert.Equal(1, bed.Model.Opens);
    }

    [Theory]
    [InlineData(LiveFailure.Transient)]
    [InlineData(LiveFailure.Fatal)]
    public async Task Answered_WhenThePreparationFailed_IsTriedOnceMore(LiveFailure failure)
    {
        await using var bed = new CallBed();
        bed.Model.Opening = (number, _) => number == 1 ? Task.FromException(new LiveModelException(failure, "no")) : Task.CompletedTask;
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opening");
        await bed.AnswerAsync();
        bed.Begin();

        await bed.Clock.WhenArmedForAsync(bed.Options.ModelRetryPause);
        bed.Clock.Advance(bed.Options.ModelRetryPause);
        await bed.Journal.WhenAsync("prompt");

        Assert.Equal(2, bed.Model.Opens);
    }

    [Fact]
    public async Task Answered_WhenThePreparedSessionDiedWhileItRang_OpensAnother()
    {
        await using var bed = new CallBed();
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opened");
        bed.Journal.Of<FakeSession>("opened")[0].End();
        await bed.AnswerAsync();
        bed.Begin();

        await bed.Clock.WhenArmedForAsync(bed.Options.ModelRetryPause);
        bed.Clock.Advance(bed.Options.ModelRetryPause);
        await bed.Journal.WhenAsync("prompt");

        Assert.Equal(1, bed.Model.Live);
    }

    [Fact]
    public async Task Model_WhenItFailsTwice_IsApologisedForAndTheCallEnds()
    {
        await using var bed = new CallBed();
        bed.Model.Opening = (_, _) => Task.FromException(Passing);
        await bed.AnswerAsync();
        bed.Begin();
        await bed.Clock.WhenArmedForAsync(bed.Options.ModelRetryPause);
        bed.Clock.Advance(bed.Options.ModelRetryPause);
        await bed.Journal.WhenAsync("audio");

        bed.Pass(5500);
        var end = await bed.EndAsync();

        Assert.Equal(CallEndKind.ModelUnavailable, end.Kind);
        Assert.Equal("busy", end.Detail);
        Assert.Null(end.FirstAudio);
        Assert.Equal(2, bed.Model.Opens);
        Assert.Equal(Apology.For("en").Length / 16.0, bed.Leg.HeardMilliseconds, 30.0);
        Assert.True(bed.Leg.IsClosed);
    }

    [Fact]
    public async Task Model_WhenItRefusesForGood_IsNotTriedAgain()
    {
        await using var bed = new CallBed();
        bed.Model.Opening = (_, _) => Task.FromException(Final);
        await bed.AnswerAsync();
        bed.Begin();
        await bed.Journal.WhenAsync("audio");

        bed.Pass(5500);

        Assert.Equal(CallEndKind.ModelUnavailable, (await bed.EndAsync()).Kind);
        Assert.Equal(1, bed.Model.Opens);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Model_WhenItIsNotReadyInTime_IsApologisedForAndClosedWhenItComesAfterAll(bool obeysCancellation)
    {
        await using var bed = new CallBed();
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Model.Opening = (_, cancellation) => obeysCancellation ? never.Task.WaitAsync(cancellation) : never.Task;
        await bed.AnswerAsync();
        bed.Pass(1000);
        bed.Begin();
        await bed.Clock.WhenArmedForAsync(TimeSpan.FromSeconds(5));

        bed.Pass(4900);
        Assert.Empty(bed.Journal.Of("audio"));
        bed.Pass(100);
        await bed.Journal.WhenAsync("audio");
        never.TrySetResult();
        bed.Pass(5500);

        Assert.Equal(CallEndKind.ModelUnavailable, (await bed.EndAsync()).Kind);
        Assert.Equal(0, bed.Model.Live);
    }

    [Fact]
    public async Task PersonHangsUp_WhileTheModelIsBeingOpened_LeavesNothingOpen()
    {
        await using var bed = new CallBed();
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Model.Opening = (_, cancellation) => never.Task.WaitAsync(cancellation);
        await bed.AnswerAsync();
        bed.Begin();
        await bed.Journal.WhenAsync("opening");

        bed.Leg.End();

        Assert.Equal(CallEndKind.PersonHungUp, (await bed.EndAsync()).Kind);
        Assert.Equal(0, bed.Model.Live);
    }

    [Fact]
    public async Task Hello_WhenAwaited_IsKeptFromTheModelAndFollowedByTheGreeting()
    {
        await using var bed = new CallBed(voice: new VoicePolicy { AgentSpeaksFirst = false });
        await bed.JoinAsync();
        bed.Pass(500);
        bed.Speak(700);
        Assert.Empty(bed.Journal.Of("prompt"));

        bed.Pass(900);

        Assert.Equal(["Greet."], bed.Journal.Of<string>("prompt"));
        lock (bed.Session.Heard)
        {
            Assert.All(bed.Session.Heard, sample => Assert.Equal(0, sample));
        }

        bed.Speak(500);
        lock (bed.Session.Heard)
        {
            Assert.Contains(bed.Session.Heard, sample => sample > 1000);
        }
    }

    [Fact]
    public async Task Hello_WhenItDoesNotCome_IsWaitedForAsLongAsThePolicySays()
    {
        await using var bed = new CallBed(voice: new VoicePolicy { AgentSpeaksFirst = false });
        await bed.JoinAsync();
        bed.Pass(2900);
        Assert.Empty(bed.Journal.Of("prompt"));

        bed.Pass(150);

        Assert.Single(bed.Journal.Of("prompt"));
    }

    [Fact]
    public async Task Hello_WhenItGoesOnAndOn_IsCutShort()
    {
        await using var bed = new CallBed(voice: new VoicePolicy { AgentSpeaksFirst = false });
        await bed.JoinAsync();
        bed.Speak(5900);
        Assert.Empty(bed.Journal.Of("prompt"));

        bed.Speak(200);

        Assert.Single(bed.Journal.Of("prompt"));
    }

    [Fact]
    public async Task Leg_WhenNobodyTakesItOver_IsClosed()
    {
        await using var bed = new CallBed();
        await bed.AnswerAsync();

        bed.Pass(15_200);
        await bed.Line.Completion.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(bed.Leg.IsClosed);
        Assert.Empty(bed.Calls.Live);
    }

    [Fact]
    public async Task PersonHangsUp_BeforeTheCallIsTakenOver_IsToldToWhoeverComes()
    {
        await using var bed = new CallBed();
        await bed.AnswerAsync();
        bed.Speak(500);
        bed.Leg.End();
        await bed.Line.Completion.WaitAsync(TimeSpan.FromSeconds(30));

        bed.Begin();

        Assert.Equal(CallEndKind.PersonHungUp, (await bed.EndAsync()).Kind);
        Assert.Single(bed.Events.Turns);
        Assert.Equal(0, bed.Model.Opens);
    }

    [Fact]
    public async Task Begin_WhenCalledTwice_Throws()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();

        Assert.Throws<InvalidOperationException>(() => bed.Line.Begin(bed.Plan(bed.Brief(bed.SessionId), default), bed.Events));
    }

    [Theory]
    [InlineData("hi-IN", "hi")]
    [InlineData("mr-IN", "hi")]
    [InlineData("ta-IN", "en")]
    [InlineData("en", "en")]
    [InlineData("HI_in", "hi")]
    [InlineData("", "en")]
    [InlineData(null, "en")]
    public void Apology_ForALanguage_IsTheNearestThereIs(string? language, string expected) => Assert.Equal(expected, Apology.Key(language));

    [Theory]
    [InlineData("en")]
    [InlineData("hi")]
    public void Apology_IsAudibleAndShort(string language)
    {
        var clip = Apology.For(language).ToArray();

        Assert.InRange(clip.Length, 8000 * 2, 8000 * 2 * 5);
        Assert.True(Enumerable.Range(0, clip.Length / 2).Max(i => Math.Abs((int)BitConverter.ToInt16(clip, i * 2))) > 8000);
    }
}
