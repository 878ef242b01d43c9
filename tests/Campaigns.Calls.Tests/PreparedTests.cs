using Campaigns.Calls.Tests.Bed;
using Campaigns.LiveModel;

namespace Campaigns.Calls.Tests;

/// <summary>Sessions opened while the phone rings: bounded in number and time, and never left open.</summary>
public sealed class PreparedTests
{
    [Fact]
    public async Task Prepare_WhenPreparedAlready_DoesNothing()
    {
        await using var bed = new CallBed();
        bed.Calls.Prepare(bed.SessionId);
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opened");
        bed.Calls.Prepare(bed.SessionId);

        Assert.Equal(1, bed.Calls.Prepared);
        Assert.Equal(1, bed.Model.Opens);
    }

    [Fact]
    public async Task Prepare_OverTheCap_DoesNothingUntilOneIsGone()
    {
        await using var bed = new CallBed(options => options.MaxPrepared = 2);
        var sessions = Enumerable.Range(0, 3).Select(_ => Guid.NewGuid()).ToList();
        sessions.ForEach(bed.Calls.Prepare);
        await bed.Journal.WhenAsync("opened", 2);
        Assert.Equal(2, bed.Calls.Prepared);

        bed.Calls.Discard(sessions[0]);
        bed.Calls.Prepare(sessions[2]);
        await bed.Journal.WhenAsync("opened", 3);

        Assert.Equal(2, bed.Calls.Prepared);
    }

    [Fact]
    public async Task Prepared_WhenNobodyAnswers_IsClosedAfterItsLifetime()
    {
        await using var bed = new CallBed();
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opened");

        bed.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(1, bed.Calls.Prepared);
        bed.Clock.Advance(TimeSpan.FromSeconds(1));
        await bed.Journal.WhenAsync("session closed");

        Assert.Equal(0, bed.Calls.Prepared);
    }

    [Fact]
    public async Task Prepared_WhenTaken_OutlivesItsLifetime()
    {
        await using var bed = new CallBed();
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opened");
        await bed.JoinAsync();
        for (var i = 0; i < 13; i++)
        {
            bed.Session.Turn(200, "Still here.");
            bed.Pass(10_000);
        }

        Assert.Empty(bed.Journal.Of("session closed"));
    }

    [Fact]
    public async Task Discard_WhileItIsBeingOpened_ClosesItAllTheSame()
    {
        await using var bed = new CallBed();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Model.Opening = (_, _) => release.Task;
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opening");

        bed.Calls.Discard(bed.SessionId);
        Assert.Equal(0, bed.Calls.Prepared);
        release.SetResult();

        await bed.Journal.WhenAsync("session closed");
    }

    [Fact]
    public async Task Prepare_AfterAFailure_IsNotTriedAgainForAWhile()
    {
        await using var bed = new CallBed();
        bed.Model.Opening = (number, _) =>
            number == 1 ? Task.FromException(new LiveModelException(LiveFailure.Exhausted, "full")) : Task.CompletedTask;
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opening");
        await bed.Clock.WhenArmedForAsync(bed.Options.FailedPreparationMemory);
        Assert.Equal(0, bed.Calls.Prepared);
        bed.Calls.Prepare(bed.SessionId);
        Assert.Equal(1, bed.Model.Opens);

        bed.Clock.Advance(bed.Options.FailedPreparationMemory);
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opened");

        Assert.Equal(2, bed.Model.Opens);
    }

    [Fact]
    public async Task Prepare_ForAnUnknownSession_OpensNothing()
    {
        await using var bed = new CallBed();
        bed.Store.Brief = _ => null;

        bed.Calls.Prepare(bed.SessionId);
        await bed.Clock.WhenArmedForAsync(bed.Options.FailedPreparationMemory);

        Assert.Equal(0, bed.Model.Opens);
    }

    [Fact]
    public async Task Stop_ClosesWhatIsPreparedAndTakesNothingMore()
    {
        await using var bed = new CallBed();
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opened");

        await bed.Calls.StopAsync();
        bed.Calls.Prepare(Guid.NewGuid());

        Assert.Equal((0, 0), (bed.Model.Live, bed.Calls.Prepared));
        Assert.Equal(1, bed.Model.Opens);
        Assert.Null(bed.Calls.Add(bed.SessionId, bed.Leg));
    }
}
