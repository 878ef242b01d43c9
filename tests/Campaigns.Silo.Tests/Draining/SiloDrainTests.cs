using Campaigns.Calls;
using Campaigns.Grains;
using Campaigns.Silo.Draining;
using Microsoft.Extensions.Options;

namespace Campaigns.Silo.Tests.Draining;

/// <summary>What a drain waits for, how long, and what it does about the rest.</summary>
public sealed class SiloDrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_WhenNothingIsLeft_EndsAtOnce()
    {
        using var bed = new DrainBed();

        var result = await bed.Drain.RunAsync(noticed: false, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(new DrainResult(TimeSpan.Zero, 0, false), result);
        Assert.Equal(SiloState.Drained, bed.Drain.State);
        Assert.Null(bed.CutOffBecause);
    }

    [Fact]
    public async Task Run_FromItsBeginning_TakesNoCampaignAndNoDialAndHandsOverWhatItHas()
    {
        using var bed = new DrainBed();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.True(bed.Work.TryDrive(first) && bed.Work.TryDrive(second) && bed.Work.TryDial());
        bed.HandOver = campaign => campaign == first ? Task.FromException(new IOException("the database is away")) : Task.CompletedTask;

        var drain = bed.Drain.RunAsync(noticed: false, CancellationToken.None);

        Assert.Equal(SiloState.Draining, bed.Drain.State);
        Assert.False(bed.Work.TryDrive(Guid.NewGuid()));
        Assert.False(bed.Work.TryDial());
        await bed.PassAsync(drain, TimeSpan.FromSeconds(5));
        Assert.False(drain.IsCompleted);
        Assert.Equivalent(new[] { first, second }, bed.HandedOver);
        bed.Work.EndDial();
        await bed.PassAsync(drain, TimeSpan.FromSeconds(6));
        await drain.WaitAsync(Patience);
        Assert.Contains("could not be handed over", bed.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhileACallIsHeld_WaitsForItAndThenTakesNoMore()
    {
        using var bed = new DrainBed();
        var call = bed.Work.TryEnter(CallDirection.Outbound)!;
        bed.Held = new HeldCalls(1, TimeSpan.FromMinutes(3));
        var drain = bed.Drain.RunAsync(noticed: false, CancellationToken.None);
        await bed.PassAsync(drain, TimeSpan.FromSeconds(25));
        Assert.False(drain.IsCompleted);

        var answered = bed.Work.TryEnter(CallDirection.Outbound);
        Assert.NotNull(answered);
        answered.Dispose();
        call.Dispose();
        call.Dispose();
        await bed.PassAsync(drain, TimeSpan.FromSeconds(26));

        Assert.Equal(0, (await drain.WaitAsync(Patience)).CutOff);
        Assert.Null(bed.Work.TryEnter(CallDirection.Outbound));
        Assert.Equal(0, bed.Work.Sockets);
        Assert.Contains("1 calls, the oldest 00:03:00", bed.Log.Text, StringComparison.Ordinal);
        Assert.Equal(2, bed.Log.Text.Split("until the limit").Length - 1);
    }

    [Fact]
    public async Task Run_WhileAPhoneRings_WaitsForIt()
    {
        using var bed = new DrainBed { Ringing = 1 };
        var drain = bed.Drain.RunAsync(noticed: false, CancellationToken.None);
        await bed.PassAsync(drain, TimeSpan.FromSeconds(5));
        Assert.False(drain.IsCompleted);
        Assert.Equal((SiloState.Draining, 1), await StateAsync(bed));

        bed.Ringing = 0;
        await bed.PassAsync(drain, TimeSpan.FromSeconds(6));

        await drain.WaitAsync(Patience);
    }

    [Fact]
    public async Task Run_WhenNobodyWhoAnswersComesHere_WaitsForNoPhone()
    {
        using var bed = new DrainBed(expectConversations: false) { Ringing = 1 };

        await bed.Drain.RunAsync(noticed: false, CancellationToken.None).WaitAsync(Patience);
    }

    [Fact]
    public async Task Run_WhenTheDatabaseIsAway_WaitsAsLongAsAPhoneRings()
    {
        using var bed = new DrainBed { Ringing = null };
        var ring = new DriveOptions().Timings.RingCheckAfter;
        var drain = bed.Drain.RunAsync(noticed: false, CancellationToken.None);
        await bed.PassAsync(drain, ring - SiloDrain.Step);
        Assert.False(drain.IsCompleted);

        await bed.PassAsync(drain, ring + SiloDrain.Step);

        Assert.Equal(ring, (await drain.WaitAsync(Patience)).Took);
    }

    [Fact]
    public async Task Run_UntilBalancersHaveNoticed_StaysAndTakesCallsThatComeIn()
    {
        using var bed = new DrainBed(o => o.DrainNotice = TimeSpan.FromSeconds(10));
        var drain = bed.Drain.RunAsync(noticed: false, CancellationToken.None);
        await bed.PassAsync(drain, TimeSpan.FromSeconds(9.5));
        Assert.False(drain.IsCompleted);
        var caller = bed.Work.TryEnter(CallDirection.Inbound);
        Assert.NotNull(caller);

        await bed.PassAsync(drain, TimeSpan.FromSeconds(10.5));

        Assert.False(drain.IsCompleted);
        Assert.Null(bed.Work.TryEnter(CallDirection.Inbound));
        using (bed.Work.TryEnter(CallDirection.Outbound))
        {
            caller.Dispose();
            await bed.PassAsync(drain, TimeSpan.FromSeconds(12));
            Assert.False(drain.IsCompleted);
        }

        await bed.PassAsync(drain, TimeSpan.FromSeconds(13));
        await drain.WaitAsync(Patience);
    }

    [Fact]
    public async Task Run_WhenTheLimitComes_CutsOffWhatIsLeftAndEnds()
    {
        using var bed = new DrainBed(o => o.DrainLimit = TimeSpan.FromSeconds(20)) { Held = new HeldCalls(2, TimeSpan.FromSeconds(60)) };
        using var call = bed.Work.TryEnter(CallDirection.Outbound);
        var drain = bed.Drain.RunAsync(noticed: false, CancellationToken.None);
        await bed.PassAsync(drain, TimeSpan.FromSeconds(20) - SiloDrain.Step);
        Assert.Null(bed.CutOffBecause);
        bed.Clock.Advance(SiloDrain.Step);

        await bed.Clock.WhenArmedForAsync(SiloDrain.CutOffPatience);
        Assert.NotNull(bed.CutOffBecause);
        Assert.Null(bed.Work.TryEnter(CallDirection.Outbound));
        Assert.False(drain.IsCompleted);
        bed.EndCutOff();

        Assert.Equal(new DrainResult(TimeSpan.FromSeconds(20), 2, false), await drain.WaitAsync(Patience));
    }

    [Fact]
    public async Task Run_WhenCallsThatAreCutOffDoNotEnd_EndsAllTheSame()
    {
        using var bed = new DrainBed(o => o.DrainLimit = TimeSpan.Zero) { Held = new HeldCalls(1, TimeSpan.Zero) };
        using var call = bed.Work.TryEnter(CallDirection.Outbound);
        var drain = bed.Drain.RunAsync(noticed: false, CancellationToken.None);

        await bed.Clock.WhenArmedForAsync(SiloDrain.CutOffPatience);
        bed.Clock.Advance(SiloDrain.CutOffPatience);

        Assert.Equal(1, (await drain.WaitAsync(Patience)).CutOff);
        Assert.Contains("did not end in time", bed.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenToldToHurry_EndsAtOnceAndCutsNobodyOffItself()
    {
        using var bed = new DrainBed { Held = new HeldCalls(1, TimeSpan.Zero) };
        using var call = bed.Work.TryEnter(CallDirection.Outbound);
        using var hurry = new CancellationTokenSource();
        var drain = bed.Drain.RunAsync(noticed: false, hurry.Token);
        await bed.PassAsync(drain, TimeSpan.FromSeconds(2));

        await hurry.CancelAsync();

        Assert.True((await drain.WaitAsync(Patience)).Hurried);
        Assert.Null(bed.CutOffBecause);
        Assert.Null(bed.Work.TryEnter(CallDirection.Outbound));
    }

    [Fact]
    public async Task Run_WhenAHandOverHangs_GoesOnWithoutIt()
    {
        using var bed = new DrainBed { HandOver = _ => new TaskCompletionSource().Task };
        Assert.True(bed.Work.TryDrive(Guid.NewGuid()));
        var drain = bed.Drain.RunAsync(noticed: false, CancellationToken.None);

        await bed.Clock.WhenArmedForAsync(SiloDrain.HandOverPatience);
        bed.Clock.Advance(SiloDrain.HandOverPatience);

        await drain.WaitAsync(Patience);
    }

    [Fact]
    public void Options_WhenTheyCannotWork_AreRefusedWithEveryError()
    {
        var validator = new SiloHostOptionsValidator();
        Assert.True(validator.Validate(null, new SiloHostOptions()).Succeeded);

        var result = validator.Validate(
            null, new SiloHostOptions { Name = " ", DrainLimit = TimeSpan.FromSeconds(-1), DrainNotice = TimeSpan.FromSeconds(1) });

        Assert.Equal(3, result.Failures!.Count());
    }

    private static async Task<(SiloState State, int? Ringing)> StateAsync(DrainBed bed)
    {
        var status = await bed.Drain.ReadAsync(CancellationToken.None);
        Assert.Equal(bed.Options.DrainLimit, status.DrainingUntil - status.DrainingSince);
        return (status.State, status.Ringing);
    }
}
