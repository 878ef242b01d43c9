using Campaigns.Grains;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.Virtual;

namespace Campaigns.Simulation.World;

/// <summary>People at the API: they start, pause, resume and cancel campaigns through any silo, and ask again when no answer comes.</summary>
internal sealed class Operators(SimulatedWorld world, Dice dice)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(35);

    public void Begin()
    {
        foreach (var campaign in world.Database.Campaigns)
        {
            world.Kernel.After(dice.Seconds(0, 2), () => Start(campaign));
            for (var n = world.Scenario.Weather.Pauses; n > 0; n--)
            {
                world.Kernel.After(dice.Seconds(2, world.Scenario.Weather.Storm.TotalSeconds), () => Pause(campaign));
            }

            if (dice.Chance(world.Scenario.Weather.Cancel))
            {
                world.Kernel.After(dice.Seconds(2, world.Scenario.Weather.Storm.TotalSeconds), () => Cancel(campaign));
            }

            Patrol(campaign);
        }
    }

    private void Start(CampaignRow campaign) => Command(
        campaign, "start", grain => grain.StartAsync(CancellationToken.None),
        result =>
        {
            if (result is null)
            {
                world.Kernel.After(TimeSpan.FromSeconds(1), () => Start(campaign));
            }
        });

    private void Pause(CampaignRow campaign) => Command(
        campaign, "pause", grain => grain.PauseAsync("an operator", CancellationToken.None),
        result =>
        {
            if (result is { Kind: CommandResultKind.Applied or CommandResultKind.NoOp, Status: CampaignStatus.Paused })
            {
                world.Judge.OnStopped(campaign);
                world.Kernel.After(dice.Seconds(0.1, 15), () => Resume(campaign));
            }
        });

    private void Resume(CampaignRow campaign)
        => Command(campaign, "resume", grain => grain.ResumeAsync(CancellationToken.None), _ => { });

    private void Cancel(CampaignRow campaign) => Command(
        campaign, "cancel", grain => grain.CancelAsync(CancellationToken.None),
        result =>
        {
            if (result is { Status: CampaignStatus.Cancelled, Kind: CommandResultKind.Applied or CommandResultKind.NoOp })
            {
                world.Judge.OnStopped(campaign);
            }
            else if (result is null)
            {
                world.Kernel.After(TimeSpan.FromSeconds(2), () => Cancel(campaign));
            }
        });

    /// <summary>In calm weather somebody looks after campaigns that were paused: by the breaker, or by whoever never came back.</summary>
    private void Patrol(CampaignRow campaign) => world.Kernel.After(
        TimeSpan.FromSeconds(7),
        () =>
        {
            if (world.IsCalm && campaign.Status == CampaignStatus.Paused)
            {
                Resume(campaign);
            }
            else if (world.IsCalm && campaign.Status == CampaignStatus.Draft)
            {
                Start(campaign);
            }

            Patrol(campaign);
        });

    /// <summary>Sends a command through a silo; the answer is null when the silo failed, or none came in time.</summary>
    private void Command(CampaignRow campaign, string name, Func<ICampaignGrain, Task<CommandResult>> send, Action<CommandResult?> then)
    {
        if (world.AnyOpenSilo() is not { } silo)
        {
            world.Kernel.After(TimeSpan.FromSeconds(1), () => Command(campaign, name, send, then));
            return;
        }

        world.Trace.Say($"operator: {name} {campaign.Spec.Name} through {silo.Name}");
        var over = false;
        void End(CommandResult? result)
        {
            if (!over)
            {
                over = true;
                world.Trace.Say($"operator: {name} {campaign.Spec.Name}: {result?.Kind} {result?.Status} {result?.Message}");
                then(result);
            }
        }

        _ = silo.Tasks.Run(async () =>
        {
            CommandResult? result = null;
            try
            {
                result = await send(silo.Grains.GetGrain<ICampaignGrain>(campaign.Id));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                world.Trace.Say($"operator: {name} {campaign.Spec.Name} failed: {error.Message}");
            }

            world.Kernel.After(TimeSpan.Zero, () => End(result));
        });
        world.Kernel.After(Patience, () => End(null));
    }
}
