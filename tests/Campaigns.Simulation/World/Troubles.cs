using Campaigns.Grains;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.Virtual;
using Orleans;
using Orleans.Runtime;

namespace Campaigns.Simulation.World;

/// <summary>What happens to the processes and their surroundings at times of its own, while the storm lasts.</summary>
internal sealed class Troubles(SimulatedWorld world, Dice dice)
{
    public void Begin()
    {
        var weather = world.Scenario.Weather;
        Often(weather.ClockJumps, JumpClock);
        Often(weather.DatabaseRestarts, RestartDatabase);
        Often(weather.CarrierOutages, CarrierOutage);
        Often(weather.Storms429, Throttle);
        Often(weather.ModelRefusals, RefuseSession);
        Often(weather.Duplicates, Duplicate);
        Often(weather.Joins, () => world.Join(dice.Pick(world.Clusters)));
        Often(weather.Drains, Drain);
        Often(weather.OptOuts, OptOut);
        Often(weather.Edits, Edit);

        // Whatever has been going on ends with the storm.
        world.Kernel.At(weather.Storm.Ticks, (Action)Calm, null, null, 0);
    }

    private void Often(int times, Action trouble)
    {
        for (; times > 0; times--)
        {
            world.Kernel.After(dice.Seconds(0.5, world.Scenario.Weather.Storm.TotalSeconds - 1), trouble);
        }
    }

    private void Calm()
    {
        (world.IsDatabaseDown, world.IsCarrierDown, world.IsThrottling) = (false, false, false);
        foreach (var silo in world.Silos)
        {
            silo.Clock.Skew = silo.SteadySkew;
        }

        world.Trace.Say($"the storm is over");
        if (world.Silos.TrueForAll(s => !s.IsOpen))
        {
            world.Join(world.Clusters[0]);
        }
    }

    private void JumpClock()
    {
        var silo = dice.Pick(world.Silos);
        silo.Clock.Skew = silo.SteadySkew + (world.Scenario.Weather.Jump * ((2 * dice.Share()) - 1));
        world.Trace.Say($"{silo.Name}'s clock jumps: skew {silo.Clock.Skew.TotalSeconds:F3} s");
    }

    private void RestartDatabase()
    {
        world.Trace.Say($"the database goes down");
        world.IsDatabaseDown = true;
        world.DatabaseIncarnation++;
        world.Kernel.After(dice.Seconds(0.1, 12), () =>
        {
            world.Trace.Say($"the database is up");
            world.IsDatabaseDown = false;
        });
    }

    private void CarrierOutage()
    {
        world.Trace.Say($"the carrier's look-ups go down");
        world.IsCarrierDown = true;
        world.Kernel.After(dice.Seconds(1, 25), () => world.IsCarrierDown = false);
    }

    private void Throttle()
    {
        world.Trace.Say($"the carrier refuses everything for now");
        world.IsThrottling = true;
        world.Kernel.After(dice.Seconds(2, 15), () => world.IsThrottling = false);
    }

    /// <summary>Conversations are not simulated; what a refused one does to everybody's lines is.</summary>
    private void RefuseSession()
    {
        if (!world.IsDatabaseDown && world.AnyOpenSilo() is { } silo)
        {
            world.Trace.Say($"the live model refuses a session of {silo.Name}");
            new ModelCarrierPermits(world.Database).ReportExhausted(SimulatedWorld.Account, silo.Clock.GetUtcNow());
        }
    }

    /// <summary>A second activation of a grain that is active, on another silo of the cluster, as while membership is split.</summary>
    private void Duplicate()
    {
        var clusters = world.Clusters.FindAll(c => c.Silos.Count(s => s.IsOpen) > 1);
        if (clusters.Count == 0)
        {
            return;
        }

        var cluster = dice.Pick(clusters);
        var silos = cluster.Silos.FindAll(s => s.IsOpen);
        var campaign = dice.Pick(world.Database.Campaigns);
        var grain = dice.Chance(0.5) || campaign.Contacts.Count == 0
            ? (IAddressable)silos[0].Grains.GetGrain<ICampaignGrain>(campaign.Id)
            : silos[0].Grains.GetGrain<IContactGrain>(dice.Pick(campaign.Contacts).Id);
        var id = grain.GetGrainId();
        var elsewhere = cluster.Engine.TryFind(id) is { } first ? silos.FindAll(s => s.Engine != first.Silo) : silos;
        var silo = dice.Pick(elsewhere);
        if (elsewhere.Count == 0 || silo.Engine.Duplicates.ContainsKey(id))
        {
            return;
        }

        world.Trace.Say($"{id} is active on {silo.Name} as well");
        world.Tally.Duplicates++;
        var duplicate = cluster.Engine.Duplicate(id, silo.Engine);
        world.Kernel.After(
            dice.Seconds(0.5, 20),
            () => duplicate.Deactivate(new DeactivationReason(DeactivationReasonCode.DuplicateActivation, "The split is over.")));
    }

    private void Drain()
    {
        if (world.AnyOpenSilo() is not { } silo)
        {
            return;
        }

        silo.Drain();
        if (dice.Chance(0.7))
        {
            world.Kernel.After(dice.Seconds(0, 5), () => world.Join(silo.Cluster));
        }
    }

    private void OptOut()
    {
        var organization = dice.Pick(world.Database.Organizations);
        if (dice.Pick(organization.People).Phone is { } phone && organization.DoNotCall.Add(phone))
        {
            world.Database.Wrote();
            world.Judge.OnOptOut(organization, phone);
        }
    }

    /// <summary>Somebody works on the contacts: a new number, a new person. No campaign that runs may notice.</summary>
    private void Edit()
    {
        var people = dice.Pick(world.Database.Organizations).People;
        dice.Pick(people).Phone = $"+9180000{dice.Between(10_000, 99_999)}";
        people.Add(new Model.PersonRow(dice.Guid(), $"+9170000{dice.Between(10_000, 99_999)}"));
        world.Trace.Say($"somebody edits the contacts");
    }
}
