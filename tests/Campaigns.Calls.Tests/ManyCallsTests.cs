using Campaigns.Calls.Tests.Bed;
using Campaigns.LiveModel;

namespace Campaigns.Calls.Tests;

/// <summary>A thousand calls of all fates, several at a time, leave nothing behind.</summary>
public sealed class ManyCallsTests
{
    private const int Calls = 1000;
    private const int AtOnce = 20;

    [Fact]
    public async Task Calls_OfAllFates_LeaveNothingOpen()
    {
        await using var bed = new CallBed(options => options.MaxPrepared = 2 * Calls);
        var random = new Random(7);
        for (var round = 0; round < Calls / AtOnce; round++)
        {
            var fates = Enumerable.Range(0, AtOnce).Select(_ => random.Next(8)).ToList();
            await Task.WhenAll(fates.Select(fate => LiveAsync(bed, fate, random.Next(2) == 0, random.Next(0, 400))));
        }

        bed.Clock.Advance(TimeSpan.FromMinutes(3));
        await bed.Journal.WhenAsync(_ => bed.Calls.Prepared == 0, "no prepared session");
        await bed.Calls.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, bed.Model.Live);
        Assert.Equal(0, bed.Calls.Clock.Count);
        Assert.Empty(bed.Calls.Live);
        Assert.DoesNotContain(bed.Clock.Armed, timer => timer.Period is not null);
    }

    private static async Task LiveAsync(CallBed bed, int fate, bool prepare, int milliseconds)
    {
        var session = Guid.NewGuid();
        if (prepare)
        {
            bed.Calls.Prepare(session);
        }

        if (fate == 0)
        {
            bed.Calls.Discard(session);
            return;
        }

        var journal = new Journal(bed.Clock);
        var leg = new FakeLeg(bed.Clock, journal);
        var events = new FakeEvents(journal);
        var line = bed.Calls.Add(session, leg)!;
        await leg.Running;
        if (fate == 1)
        {
            line.HangUp(CallEndKind.Refused, "refused");
            await line.Completion.WaitAsync(TimeSpan.FromSeconds(30));
            return;
        }

        Assert.Same(line, bed.Calls.Take(session));
        line.Begin(bed.Plan(bed.Brief(session), bed.Clock.GetUtcNow()), events);
        if (fate == 2)
        {
            leg.End();
            await events.Ended;
            await line.Completion;
            return;
        }

        await bed.Journal.WhenAsync(
            all => all.Any(entry => entry is { What: "attached", Data: FakeSession { Sink: not null } found } && found.Setup.SessionId == session),
            "the call's session attached");
        var live = bed.Journal.Of<FakeSession>("attached").Last(found => found.Setup.SessionId == session);
        live.Say(1000, "Hello there.");
        leg.Sink!.OnAudio(new byte[320]);
        bed.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        switch (fate)
        {
            case 3:
                leg.End();
                break;
            case 4:
                leg.End(Carrier.MediaEndKind.Lost);
                break;
            case 5:
                live.End();
                leg.End();
                break;
            case 6:
                events.Tool = _ => Task.FromResult(new ToolResult("{}", LineAction.HangUpNow));
                live.Sink!.OnToolCalls([new ToolCall("e", "end_call", "{}")]);
                break;
            default:
                live.Sink!.OnInterrupted();
                line.HangUp(CallEndKind.HostStopping, "stop");
                break;
        }

        await events.Ended;
        await line.Completion.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, events.Ends);
        Assert.True(leg.IsClosed);
        Assert.True(live.IsClosed);
        var turn = Assert.Single(events.Turns, turn => turn.Speaker == Speaker.Agent);
        Assert.InRange(turn.HeardMilliseconds, 0, turn.SpokenMilliseconds);
    }
}
