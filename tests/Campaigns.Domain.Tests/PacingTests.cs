using Campaigns.Domain.Pacing;

namespace Campaigns.DomainTests;

public sealed class PacingTests
{
    private static readonly DateTimeOffset Now = PacingSimulation.Epoch;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly PacingInput Free = new()
    {
        MaxConcurrent = 100,
        OrganizationCap = 100,
        InFlight = 0,
        OrganizationInFlight = 0,
        CallsPerMinute = 60,
        Dispatched = 0,
        RanFor = TimeSpan.Zero,
        AccountCallsPerMinute = 200,
        Now = Now,
        Horizon = Now + TimeSpan.FromSeconds(3),
        MaxBatch = 50,
    };

    [Fact]
    public void Plan_WhenFree_SpacesTheSlotsEvenlyUpToTheHorizon()
    {
        var plan = Pacing.Plan(Free);

        Assert.Equal([0, 1.030928, 2.061856], plan.Slots.Select(s => (s - Now).TotalSeconds));
        Assert.Equal(PacingLimit.CampaignRate, plan.LimitedBy);
    }

    [Theory]
    [InlineData(98, 50, 2, PacingLimit.MaxConcurrent)]
    [InlineData(50, 99, 1, PacingLimit.OrganizationCap)]
    [InlineData(100, 100, 0, PacingLimit.MaxConcurrent)]
    [InlineData(103, 103, 0, PacingLimit.MaxConcurrent)]
    public void Plan_WhenLinesAreBusy_FillsWhatIsFree(int inFlight, int organizationInFlight, int slots, PacingLimit limit)
    {
        var plan = Pacing.Plan(Free with { InFlight = inFlight, OrganizationInFlight = organizationInFlight });

        Assert.Equal(slots, plan.Slots.Length);
        Assert.Equal(limit, plan.LimitedBy);
    }

    [Fact]
    public void Plan_WhenTheBatchIsSmall_SaysSo() =>
        Assert.Equal(PacingLimit.Batch, Pacing.Plan(Free with { MaxBatch = 1 }).LimitedBy);

    [Fact]
    public void Plan_WhenTheAccountIsSlower_KeepsTheAccountsSpacing()
    {
        var plan = Pacing.Plan(Free with { AccountCallsPerMinute = 30 });

        Assert.Equal([0, 2.061856], plan.Slots.Select(s => (s - Now).TotalSeconds));
        Assert.Equal(PacingLimit.AccountRate, plan.LimitedBy);
    }

    [Fact]
    public void Plan_WhenTheCarrierAskedToBeLeftAlone_WaitsForIt()
    {
        Assert.Equal(PacingLimit.AccountBlocked, Pacing.Plan(Free with { AccountBlockedUntil = Now.AddMinutes(1) }).LimitedBy);
        Assert.Equal(Now.AddSeconds(2), Pacing.Plan(Free with { AccountBlockedUntil = Now.AddSeconds(2) }).Slots[0]);
    }

    [Fact]
    public void Plan_WhenAheadOfTheRunningAverage_Stops()
    {
        var twoMinutes = Free with { RanFor = TimeSpan.FromMinutes(2) };

        Assert.Equal(PacingLimit.CampaignRate, Pacing.Plan(twoMinutes with { Dispatched = 179 }).LimitedBy);
        Assert.Equal(PacingLimit.RunningAverage, Pacing.Plan(twoMinutes with { Dispatched = 180 }).LimitedBy);
        Assert.Empty(Pacing.Plan(twoMinutes with { Dispatched = 180 }).Slots);
    }

    [Fact]
    public void Plan_WhenThrottled_WidensBothSpacings()
    {
        var plan = Pacing.Plan(Free with { AccountRateFactor = 0.5 });

        Assert.Equal(TimeSpan.FromSeconds(2.061856), plan.Slots[1] - plan.Slots[0]);
        var (next, accountNext) = Pacing.After(Free with { AccountRateFactor = 0.5 }, plan.Slots.AsSpan()[..1]);
        Assert.Equal(Now + TimeSpan.FromSeconds(2.061856), next);
        Assert.Equal(Now + Pacing.Spacing(200, 0.5), accountNext);
    }

    [Fact]
    public void Plan_WhenTimePassedUnused_EarnsNothing()
    {
        var plan = Pacing.Plan(Free with { NextSlotAt = Now.AddHours(-1), AccountNextSlotAt = Now.AddHours(-1) });

        Assert.Equal(3, plan.Slots.Length);
    }

    [Fact]
    public void Plan_WhenARateIsZero_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Pacing.Plan(Free with { CallsPerMinute = 0 }));

    [Fact]
    public void After_WhenNothingWasUsed_ChangesNothing()
    {
        var input = Free with { NextSlotAt = Now.AddSeconds(4), AccountNextSlotAt = Now.AddSeconds(2) };

        Assert.Equal((input.NextSlotAt, input.AccountNextSlotAt), Pacing.After(input, []));
    }

    [Fact]
    public void Pacing_WhenCallsTicksPausesAndThrottlesAreRandom_NeverExceedsRateOrCaps()
    {
        Law.Holds(
            dice =>
            {
                var (rate, accountRate) = (dice.Int(1, 400), dice.Int(1, 400));
                var simulation = new PacingSimulation(accountRate, organizationCap: dice.Int(1, 60));
                var campaign = simulation.Add(dice.Int(1, 60), rate);
                var random = dice.Random();
                var now = PacingSimulation.Epoch;
                for (var tick = 0; tick < 1_500; tick++)
                {
                    var elapsed = TimeSpan.FromMilliseconds(random.Next(1, 2_500));
                    var paused = random.Next(40) == 0;
                    now += paused ? TimeSpan.FromSeconds(random.Next(1, 200)) : elapsed;
                    campaign.RanFor += paused ? TimeSpan.Zero : elapsed;
                    simulation.Factor = random.Next(10) == 0 ? random.NextDouble() : simulation.Factor;
                    simulation.BlockedUntil = random.Next(50) == 0 ? now.AddSeconds(random.Next(0, 60)) : simulation.BlockedUntil;
                    var ahead = TimeSpan.FromMilliseconds(random.Next(0, 3_000));
                    simulation.Tick(
                        campaign, now, ahead, random.Next(0, 30), random.Next(1, 30), () => TimeSpan.FromSeconds(random.Next(0, 120)));
                }

                PacingSimulation.AssertRate(campaign.Slots, rate);
                PacingSimulation.AssertRate(campaign.Slots, accountRate);
            },
            cases: 40);
    }

    [Fact]
    public void Pacing_WhenContactsWait10000Seconds_UsesAtLeast95PerCentOfTheRateAndNeverMore()
    {
        Law.Holds(
            dice =>
            {
                var (rate, accountRate) = (dice.Int(1, 300), dice.Int(1, 300));
                var simulation = new PacingSimulation(accountRate, organizationCap: dice.Int(1, 500));
                var campaign = simulation.Add(dice.Int(1, 500), rate);
                var longest = dice.Int(1, 180);
                var random = dice.Random();
                var freeSeconds = 0;
                for (var second = 0; second < 10_000; second++)
                {
                    campaign.RanFor = TimeSpan.FromSeconds(second);
                    var plan = simulation.Tick(
                        campaign,
                        PacingSimulation.Epoch.AddSeconds(second),
                        Second,
                        int.MaxValue,
                        100,
                        () => TimeSpan.FromSeconds(random.NextDouble() * longest));
                    freeSeconds += plan.LimitedBy is PacingLimit.CampaignRate or PacingLimit.AccountRate ? 1 : 0;
                    Assert.True(campaign.Slots.Count < (rate * ((second / 60.0) + 1)) + (rate / 60.0), "Ahead of the running average.");
                    Assert.NotEqual(PacingLimit.Batch, plan.LimitedBy);
                }

                // While all lines are busy there is nothing to use; every other second counts.
                var allowed = Math.Min(rate, accountRate) * freeSeconds / 60.0;
                Assert.True(campaign.Slots.Count >= (0.95 * allowed) - 1, $"{campaign.Slots.Count} of {allowed:F0} at {rate}/{accountRate}.");
                PacingSimulation.AssertRate(campaign.Slots, Math.Min(rate, accountRate));
            },
            cases: 40);
    }

    [Fact]
    public void Pacing_WhenLinesAreAmple_UsesAtLeast95PerCentOfTheWholeTime()
    {
        Law.Holds(
            dice =>
            {
                var rate = dice.Int(1, 1_000);
                var simulation = new PacingSimulation(accountRate: 60_000, organizationCap: 10_000);
                var campaign = simulation.Add(10_000, rate);
                var random = dice.Random();
                for (var second = 0; second < 10_000; second++)
                {
                    campaign.RanFor = TimeSpan.FromSeconds(second);
                    simulation.Tick(
                        campaign, PacingSimulation.Epoch.AddSeconds(second), Second, int.MaxValue, 100, () => Second * random.Next(1, 120));
                }

                var allowed = rate * 10_000 / 60.0;
                Assert.InRange(campaign.Slots.Count, (0.95 * allowed) - 1, allowed);
            },
            cases: 10);
    }

    [Fact]
    public void Pacing_WhenCampaignsShareAnAccount_KeepTheAccountsRateAndTheOrganizationsCapTogether()
    {
        Law.Holds(
            dice =>
            {
                var (accountRate, cap) = (dice.Int(1, 300), dice.Int(1, 60));
                var simulation = new PacingSimulation(accountRate, cap);
                var campaigns = Enumerable.Range(0, dice.Int(2, 4)).Select(_ => simulation.Add(dice.Int(1, 60), dice.Int(1, 300))).ToList();
                var random = dice.Random();
                var now = PacingSimulation.Epoch;
                for (var tick = 0; tick < 1_500; tick++)
                {
                    var elapsed = TimeSpan.FromMilliseconds(random.Next(1, 1_000));
                    now += elapsed;
                    campaigns.ForEach(c => c.RanFor += elapsed);
                    simulation.Tick(
                        campaigns[random.Next(campaigns.Count)],
                        now,
                        Second,
                        random.Next(0, 30),
                        random.Next(1, 30),
                        () => TimeSpan.FromSeconds(random.Next(0, 60)));
                }

                PacingSimulation.AssertRate(simulation.AccountSlots, accountRate);
                campaigns.ForEach(c => PacingSimulation.AssertRate(c.Slots, c.Rate));
            },
            cases: 40);
    }
}
