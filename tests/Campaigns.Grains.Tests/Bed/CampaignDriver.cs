using Campaigns.Silo.Supervision;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests.Bed;

/// <summary>
/// The one who moves the clock. It goes from due time to due time and lets everything that began there come to its end, or to where the
/// test holds it, before it goes on: so every dial is made at its own fake time, and nothing depends on how fast the machine is.
/// </summary>
internal sealed class CampaignDriver(FakeClock clock, Tape tape, Progress progress)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Completes when nothing moves any more before the clock does.</summary>
    public Task SettleAsync() => tape.WhenAsync(progress.IsSettled, "everything that began has come to an end or is held");

    /// <summary>Moves the clock on by so much, settling at every due time on the way.</summary>
    public Task AdvanceAsync(TimeSpan span) => AdvanceToAsync(Now + span);

    /// <summary>The same up to a moment.</summary>
    public async Task AdvanceToAsync(DateTimeOffset end)
    {
        await SettleAsync();
        while (clock.NextDue is { } due && due <= end)
        {
            clock.AdvanceTo(due);
            await SettleAsync();
        }

        clock.AdvanceTo(end);
    }

    /// <summary>Moves the clock on in one go, as a machine that stood still would see it.</summary>
    public async Task JumpAsync(TimeSpan span)
    {
        await SettleAsync();
        clock.Advance(span);
        await SettleAsync();
    }

    /// <summary>One look of the silo's supervisor; what it set going has settled.</summary>
    public Task SuperviseAsync(IServiceProvider silo) => LookAsync<CampaignSupervisor>(silo);

    /// <summary>One look of the silo's rescuer; what it set going has settled.</summary>
    public Task RescueAsync(IServiceProvider silo) => LookAsync<CallRescuer>(silo);

    private async Task LookAsync<TService>(IServiceProvider silo)
        where TService : PeriodicService
    {
        var service = (TService)silo.GetService(typeof(TService))!;
        await service.LookAsync(CancellationToken.None).WaitAsync(Tape.Patience);
        await SettleAsync();
    }
}
