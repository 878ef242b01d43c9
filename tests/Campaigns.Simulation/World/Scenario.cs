using System.Collections.Immutable;
using Campaigns.Domain.Contacts;
using Campaigns.Domain.Pacing;
using Campaigns.Grains;
using Campaigns.Simulation.Faults;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.Virtual;

namespace Campaigns.Simulation.World;

/// <summary>What one run is made of, drawn from its seed.</summary>
internal sealed record Scenario
{
    /// <summary>Silos of each cluster. Several clusters share the database and know nothing of each other.</summary>
    public required ImmutableArray<int> Clusters { get; init; }

    /// <summary>Campaigns of each organization.</summary>
    public required ImmutableArray<int> Campaigns { get; init; }

    public required Weather Weather { get; init; }

    public required DriveOptions Drive { get; init; }

    /// <summary>How soon an idle activation is collected.</summary>
    public required TimeSpan CollectionAge { get; init; }

    /// <summary>How long a silo may stand still before its cluster takes it for dead.</summary>
    public TimeSpan Membership { get; init; } = TimeSpan.FromSeconds(5);

    public PlantedBugs Bugs { get; init; }

    /// <summary>When failures have stopped, everything is terminal within this time.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromMinutes(8);

    public static Scenario Draw(Dice dice, PlantedBugs bugs)
    {
        ImmutableArray<int> clusters = dice.Below(4) switch
        {
            0 => [1, 1],
            1 => [dice.Between(2, 3)],
            2 => [dice.Between(1, 2), dice.Between(1, 2)],
            _ => [1, 1, 1],
        };
        return new Scenario
        {
            Clusters = clusters,
            Campaigns = dice.Below(3) switch { 0 => [1], 1 => [2], _ => [2, 1] },
            Weather = Weather.Draw(dice),
            CollectionAge = dice.Chance(0.3) ? TimeSpan.FromSeconds(20) : TimeSpan.FromMinutes(15),
            Bugs = bugs,
            Drive = new DriveOptions
            {
                // Everything in the proportions of the defaults, and shorter where nothing but patience is lost.
                LeaseDuration = dice.Seconds(4, 10),
                SupervisorPeriod = dice.Seconds(1.5, 3),
                RescuePeriod = dice.Seconds(1.5, 3),
                ReconcilePeriod = dice.Seconds(3, 10),
                StaleClaimAfter = TimeSpan.FromSeconds(20),
                RescueBatch = dice.Chance(0.2) ? 2 : 100,
                MaxBatch = dice.Chance(0.2) ? 2 : 100,
                Breaker = new CircuitBreakerRules { Window = 20, MinimumSamples = dice.Chance(0.3) ? 5 : 10 },
                Timings = new CallTimings
                {
                    ExpectConversations = false,
                    RingCheckAfter = TimeSpan.FromSeconds(15),
                    CheckEvery = TimeSpan.FromSeconds(10),
                    UnknownDeadline = TimeSpan.FromSeconds(60),
                    LongestCall = TimeSpan.FromSeconds(150),
                    ReleaseDelay = TimeSpan.FromSeconds(3),
                },
            },
        };
    }

    /// <summary>A campaign of the run over some of an organization's people; they may stand in several.</summary>
    public static CampaignSpec DrawSpec(Dice dice, string name, List<PersonRow> people)
    {
        var chosen = people.Where(_ => dice.Chance(0.8)).Select(p => p.Id).ToImmutableArray();
        var backoff = ImmutableArray.Create(dice.Seconds(1, 6), dice.Seconds(5, 15));
        return new CampaignSpec
        {
            Name = name,
            AgentId = Guid.Empty,
            Audience = new AudienceSpec { ContactIds = chosen.IsEmpty ? [people[0].Id] : chosen },
            MaxConcurrent = dice.Between(1, 4),
            CallsPerMinute = dice.Pick([30, 60, 120, 600]),
            Weight = dice.Pick([1, 1, 3, 10]),
            RequiresConsent = dice.Chance(0.2),
            AttemptsPerDay = 20,
            StartAt = dice.Chance(0.15) ? VirtualClock.Start + dice.Seconds(3, 15) : null,
            Retry = new RetryPolicy
            {
                // The last two are refused when a campaign is written; should such a policy get in all the same, nobody is dialled again by it.
                Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty
                    .Add(CallOutcome.NoAnswer, new RetryRule(dice.Between(1, 3), backoff))
                    .Add(CallOutcome.Busy, new RetryRule(dice.Between(1, 3), backoff))
                    .Add(CallOutcome.Failed, new RetryRule(dice.Between(1, 2), backoff))
                    .Add(CallOutcome.Unknown, new RetryRule(3, backoff))
                    .Add(CallOutcome.Completed, new RetryRule(3, backoff)),
            },
        };
    }
}
