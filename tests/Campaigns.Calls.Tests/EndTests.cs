using Campaigns.Carrier;
using Campaigns.Calls.Tests.Bed;
using Campaigns.LiveModel;

namespace Campaigns.Calls.Tests;

/// <summary>However a call ends, everything is closed and its end is told once.</summary>
public sealed class EndTests
{
    [Theory]
    [InlineData(MediaEndKind.Stopped, CallEndKind.PersonHungUp)]
    [InlineData(MediaEndKind.Lost, CallEndKind.MediaLost)]
    [InlineData(MediaEndKind.Violated, CallEndKind.MediaLost)]
    public async Task Leg_WhenItEndsMidSentence_EndsTheCallWithTheLastTurnsTold(MediaEndKind media, CallEndKind expected)
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Session.Say(3000, "one two three four five six");
        bed.Pass(1500);
        bed.Speak(300);

        bed.Leg.End(media);
        var end = await bed.EndAsync();

        Assert.Equal(expected, end.Kind);
        Assert.Equal(TimeSpan.FromMilliseconds(1800), end.Duration);
        Assert.Equal([Speaker.Agent, Speaker.Person], bed.Events.Turns.Select(turn => turn.Speaker));
        Assert.Equal((true, 1800), (bed.Events.Turns[0].Interrupted, bed.Events.Turns[0].HeardMilliseconds));
        Assert.Equal("ended", bed.Journal.Entries[^1].What);
        Assert.True(bed.Session.IsClosed);
        Assert.Equal(0, bed.Model.Live);
        Assert.Empty(bed.Calls.Live);
    }

    [Fact]
    public async Task Events_WhenAllOfThemThrow_AreStillAllToldOnce()
    {
        await using var bed = new CallBed();
        bed.Events.Turn = _ => throw new InvalidOperationException("turn");
        bed.Events.End = _ => throw new InvalidOperationException("end");
        await bed.JoinAsync();
        bed.Session.Turn(200, "One.");
        bed.Pass(500);
        bed.Session.Turn(200, "Two.");
        bed.Pass(500);

        bed.Leg.End();
        await bed.EndAsync();

        Assert.Equal(2, bed.Journal.Of("turn").Count);
        Assert.Equal(3, bed.Logs.Entries.Count(entry => entry.Event.Id == 6111));
    }

    [Fact]
    public async Task Events_WhenOneHangs_AreToldAfterItsTimeOut()
    {
        await using var bed = new CallBed();
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Events.Turn = turn => turn.Position == 1 ? never.Task : Task.CompletedTask;
        await bed.JoinAsync();
        bed.Session.Turn(200, "One.");
        bed.Pass(500);
        await bed.Journal.WhenAsync("turn");
        await bed.Clock.WhenArmedAsync(
            armed => armed.Any(timer => timer.Due > bed.Clock.GetUtcNow() + TimeSpan.FromSeconds(9)), "the event's time-out");
        bed.Session.Turn(200, "Two.");
        bed.Pass(300);
        bed.Leg.End();
        await bed.Journal.WhenAsync("session closed");
        Assert.Single(bed.Journal.Of("turn"));

        bed.Clock.Advance(bed.Options.EventTimeout);
        await bed.EndAsync();

        Assert.Equal(["One.", "Two."], bed.Events.Turns.Select(turn => turn.Text));
    }

    [Fact]
    public async Task End_FromManySidesAtOnce_IsToldOnce()
    {
        for (var round = 0; round < 50; round++)
        {
            await using var bed = new CallBed();
            await bed.JoinAsync();
            bed.Session.Say(1000, "Hello");
            bed.Events.Tool = _ => Task.FromResult(new ToolResult("{}", LineAction.HangUpNow));

            await Task.WhenAll(
                Task.Run(() => bed.Leg.End()),
                Task.Run(() => bed.Session.End()),
                Task.Run(() => bed.Line.HangUp(CallEndKind.AgentEnded, "us")),
                Task.Run(() => bed.Live.OnToolCalls([new ToolCall("a", "end_call", "{}")])),
                Task.Run(() => bed.Live.OnInterrupted()),
                Task.Run(() => bed.Pass(200)));

            await bed.EndAsync();
            Assert.Single(bed.Events.Turns);
            Assert.Equal(0, bed.Model.Live);
        }
    }

    [Fact]
    public async Task AfterTheEnd_WhateverIsStillHeard_IsIgnored()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        var (live, media, session) = (bed.Live, bed.Leg.Sink!, bed.Session);
        bed.Line.HangUp(CallEndKind.AgentEnded, "done");
        await bed.EndAsync();
        var before = bed.Journal.Entries.Count;

        media.OnAudio(new byte[320]);
        media.OnMark("c0");
        media.OnDtmf('1');
        session.Say(1000, "Hello?");
        live.OnGenerationComplete();
        live.OnTurnComplete(null);
        live.OnInterrupted();
        live.OnHeard("x");
        live.OnToolCalls([new ToolCall("a", "x", "{}")]);
        live.OnToolCallsCancelled(["a"]);
        live.OnReconnecting("x");
        live.OnReconnected(resumed: true);
        bed.Clock.Advance(TimeSpan.FromMinutes(2));
        bed.Line.HangUp(CallEndKind.AgentEnded, "again");

        Assert.Equal(before, bed.Journal.Entries.Count);
        Assert.Equal(1, bed.Events.Ends);
    }

    [Fact]
    public async Task Send_WhenTheLegIsBroken_LeavesTheEndToTheLeg()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Leg.IsBroken = true;

        bed.Session.Turn(1000, "Hello");
        bed.Pass(500);
        bed.Live.OnInterrupted();
        bed.Leg.End(MediaEndKind.Lost);

        Assert.Equal(CallEndKind.MediaLost, (await bed.EndAsync()).Kind);
    }

    [Fact]
    public async Task Send_WhenItFailsLater_LeavesTheEndToTheLeg()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        var held = bed.Leg.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Session.Turn(1000, "Hello");

        held.SetException(new MediaClosedException("took nothing for 5 s"));
        bed.Leg.End(MediaEndKind.Lost);

        Assert.Equal(CallEndKind.MediaLost, (await bed.EndAsync()).Kind);
    }

    [Fact]
    public async Task HostStop_EndsEveryCall()
    {
        await using var bed = new CallBed();
        using var stop = new CancellationTokenSource();
        var ran = bed.Calls.RunAsync(
            bed.SessionId, bed.Leg,
            _ =>
            {
                bed.Calls.Take(bed.SessionId)!.Begin(bed.Plan(bed.Brief(bed.SessionId), default), bed.Events);
                return Task.FromResult<string?>(null);
            },
            stop.Token);
        await bed.Journal.WhenAsync("prompt");
        Assert.Equal([bed.SessionId], bed.Calls.Live);

        await bed.Calls.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Null(await ran);
        Assert.Equal(CallEndKind.HostStopping, (await bed.Events.Ended).Kind);
        Assert.Empty(bed.Calls.Live);
    }

    [Fact]
    public async Task InterruptAll_WhileTheyTalk_ApologisesAndEndsAsTheHostStops()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Pass(2000);
        Assert.Equal(new HeldCalls(1, TimeSpan.FromSeconds(2)), ((IHeldCalls)bed.Calls).Held);

        var interrupted = bed.Calls.InterruptAllAsync("time is up", CancellationToken.None);
        await bed.Journal.WhenAsync("audio");
        bed.Pass(5500);

        var end = await bed.EndAsync();
        await interrupted.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((CallEndKind.HostStopping, "time is up"), (end.Kind, end.Detail));
        Assert.Equal(Apology.For("en").Length / 16.0, bed.Leg.HeardMilliseconds, 60.0);
        Assert.Equal(default, ((IHeldCalls)bed.Calls).Held);
        Assert.Equal(0, bed.Model.Live);
    }

    [Fact]
    public async Task InterruptAll_WhileTheAgentSaysGoodbye_LetsItEnd()
    {
        await using var bed = new CallBed();
        bed.Events.Tool = _ => Task.FromResult(new ToolResult("""{"output":{"status":"ok"}}""", LineAction.HangUpAfterSpeech));
        await bed.JoinAsync();
        await bed.CallToolAsync("end_call");

        var interrupted = bed.Calls.InterruptAllAsync("time is up", CancellationToken.None);
        bed.Pass(bed.Options.ClosingLimit.TotalMilliseconds + 500);

        await interrupted.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(CallEndKind.AgentEnded, (await bed.EndAsync()).Kind);
        Assert.Equal(0, bed.Leg.HeardMilliseconds);
    }

    [Fact]
    public async Task InterruptAll_BeforeTheCallIsTakenOver_EndsItAtOnce()
    {
        await using var bed = new CallBed();
        await bed.AnswerAsync();

        await bed.Calls.InterruptAllAsync("time is up", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(bed.Leg.IsClosed);
        Assert.Empty(bed.Calls.Live);
    }

    [Fact]
    public async Task Run_WhenCancelled_EndsTheCallAsInterruptedByUs()
    {
        await using var bed = new CallBed();
        using var stop = new CancellationTokenSource();
        var ran = bed.Calls.RunAsync(
            bed.SessionId, bed.Leg,
            _ =>
            {
                bed.Calls.Take(bed.SessionId)!.Begin(bed.Plan(bed.Brief(bed.SessionId), default), bed.Events);
                return Task.FromResult<string?>(null);
            },
            stop.Token);
        await bed.Journal.WhenAsync("prompt");

        await stop.CancelAsync();

        Assert.Null(await ran.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(CallEndKind.HostStopping, (await bed.Events.Ended).Kind);
    }

    [Fact]
    public async Task Run_WhenTheCallIsRefused_ClosesTheLegAndSaysWhy()
    {
        await using var bed = new CallBed();
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opened");

        var refusal = await bed.Calls.RunAsync(bed.SessionId, bed.Leg, _ => Task.FromResult<string?>("over"), CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("over", refusal);
        Assert.True(bed.Leg.IsClosed);
        await bed.Journal.WhenAsync("session closed");
        Assert.Null(bed.Calls.Take(bed.SessionId));
    }

    [Fact]
    public async Task Run_WhenTheGrainCannotBeReached_IsRefused()
    {
        await using var bed = new CallBed();

        var refusal = await bed.Calls.RunAsync(bed.SessionId, bed.Leg, _ => throw new TimeoutException(), CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(30));

        Assert.NotNull(refusal);
        Assert.True(bed.Leg.IsClosed);
    }

    [Fact]
    public async Task SecondLeg_OfALiveSession_IsRefused()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();

        Assert.Null(bed.Calls.Add(bed.SessionId, new FakeLeg(bed.Clock, bed.Journal)));
        Assert.NotNull(await bed.Calls.RunAsync(
            bed.SessionId, new FakeLeg(bed.Clock, bed.Journal), _ => throw new InvalidOperationException(), CancellationToken.None));
        Assert.False(bed.Leg.IsClosed);
    }

    [Fact]
    public async Task HangUp_OfASession_EndsItsCallAndIsHarmlessOtherwise()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();

        bed.Calls.HangUp(Guid.NewGuid(), "nobody");
        bed.Calls.HangUp(bed.SessionId, "cancelled");
        var end = await bed.EndAsync();
        bed.Calls.HangUp(bed.SessionId, "again");

        Assert.Equal((CallEndKind.AgentEnded, "cancelled"), (end.Kind, end.Detail));
    }

    [Fact]
    public async Task Take_GivesALineAwayOnce()
    {
        await using var bed = new CallBed();
        await bed.AnswerAsync();

        Assert.NotNull(bed.Calls.Take(bed.SessionId));
        Assert.Null(bed.Calls.Take(bed.SessionId));
    }
}
