using Campaigns.Domain.Pacing;

namespace Campaigns.DomainTests;

public sealed class PermitSharingTests
{
    private static readonly DateTimeOffset Epoch = PermitSimulation.Epoch;
    private static readonly AccountPermits Ample = new() { CallsPerMinute = 60_000 };

    [Fact]
    public void Rate_WhenWeightsAreOneAndThree_IsSharedOneToThreeAndUsedUp()
    {
        Law.Holds(
            dice =>
            {
                var rate = dice.Of(200, dice.Int(60, 6_000));
                var simulation = new PermitSimulation(new AccountPermits { CallsPerMinute = rate });
                var organization = simulation.AddOrganization(1_000_000);
                var one = simulation.Add(organization, 1, dice.Int(0, 99) / 100.0);
                var three = simulation.Add(organization, 3, dice.Int(0, 99) / 100.0);

                simulation.RunUntil(Epoch.AddMinutes(10));

                AssertShares(Epoch.AddMinutes(1), Epoch.AddMinutes(10), (one, 1), (three, 3));
                AssertUsed(simulation, rate, Epoch.AddMinutes(1), Epoch.AddMinutes(10));
                PacingSimulation.AssertRate(simulation.Slots, rate);
            },
            cases: 40);
    }

    [Fact]
    public void Rate_WhenOrganizationsShareAnAccount_IsSharedByTheirWeightsHoweverManyCampaignsTheyHave()
    {
        Law.Holds(
            dice =>
            {
                var simulation = new PermitSimulation(new AccountPermits { CallsPerMinute = dice.Int(200, 3_000) });
                var shares = new List<(PermitSimulation.Campaign, double)>();
                for (var o = dice.Int(2, 3); o > 0; o--)
                {
                    var organization = simulation.AddOrganization(1_000_000, dice.Int(1, 3));
                    var weights = Enumerable.Range(0, dice.Int(1, 3)).Select(_ => dice.Int(1, 4)).ToList();
                    shares.AddRange(weights.Select(w => (
                        simulation.Add(organization, w, dice.Int(0, 99) / 100.0), (double)organization.Weight * w / weights.Sum())));
                }

                simulation.RunUntil(Epoch.AddMinutes(12));

                AssertShares(Epoch.AddMinutes(1), Epoch.AddMinutes(12), [.. shares]);
            },
            cases: 30);
    }

    [Fact]
    public void Rate_WhenOneCannotUseItsShare_LeavesItToTheOthersAndHasWhatItAsksFor()
    {
        Law.Holds(
            dice =>
            {
                var simulation = new PermitSimulation(new AccountPermits { CallsPerMinute = 200 });
                var organization = simulation.AddOrganization(1_000_000);
                var modest = simulation.Add(organization, 3, dice.Int(0, 99) / 100.0, rate: dice.Int(10, 60));
                var greedy = simulation.Add(organization, 1, dice.Int(0, 99) / 100.0);

                simulation.RunUntil(Epoch.AddMinutes(10));

                var (from, to) = (Epoch.AddMinutes(1), Epoch.AddMinutes(10));

                // Its slots come up to a slot of the account after its own even spacing.
                Assert.True(Count(modest, from, to) >= 0.8 * 9 * modest.Rate, $"{Count(modest, from, to)} of {9 * modest.Rate}.");

                // Between two slots of its own even spacing up to one of the account's may be lost.
                var rest = (0.95 * 9 * 200) - (2 * Count(modest, from, to));
                Assert.True(Count(greedy, from, to) >= rest, $"The other had {Count(greedy, from, to)} where {rest} were left to it.");
            },
            cases: 30);
    }

    [Fact]
    public void Rate_WhenOneComesBack_HasItsShareWithinSeconds()
    {
        var simulation = new PermitSimulation(new AccountPermits { CallsPerMinute = 200 });
        var organization = simulation.AddOrganization(1_000_000);
        var one = simulation.Add(organization, 1, 0.3);
        var three = simulation.Add(organization, 3, 0.7);
        three.Waiting = 0;
        simulation.RunUntil(Epoch.AddMinutes(5));
        AssertUsed(simulation, 200, Epoch.AddMinutes(1), Epoch.AddMinutes(5));

        three.Waiting = int.MaxValue;
        simulation.RunUntil(Epoch.AddMinutes(10));

        AssertShares(Epoch.AddMinutes(5).AddSeconds(5), Epoch.AddMinutes(10), (one, 1), (three, 3));
    }

    [Fact]
    public void Rate_WhenTheOwnerOfOneDies_GoesToTheOthers()
    {
        var simulation = new PermitSimulation(new AccountPermits { CallsPerMinute = 200 });
        var organization = simulation.AddOrganization(1_000_000);
        var alive = simulation.Add(organization, 1, 0.5);
        var dead = simulation.Add(organization, 3);
        simulation.RunUntil(Epoch.AddMinutes(2));

        dead.Drives = false;
        simulation.RunUntil(Epoch.AddMinutes(6));

        Assert.True(Count(alive, Epoch.AddMinutes(2).AddSeconds(6), Epoch.AddMinutes(6)) >= 0.95 * 200 * (234 / 60.0));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(3)]
    public void Lines_WhenWeightsAreOneAndThree_AreSharedOneToThreeAndUsedUp(int lines)
    {
        Law.Holds(
            dice =>
            {
                var simulation = new PermitSimulation(Ample);
                var organization = simulation.AddOrganization(lines);
                var one = simulation.Add(organization, 1, dice.Int(0, 99) / 100.0);
                var three = simulation.Add(organization, 3, dice.Int(0, 99) / 100.0);
                var random = dice.Random();
                simulation.CallLength = _ => TimeSpan.FromSeconds(2 + (10 * random.NextDouble()));
                simulation.RunUntil(Epoch.AddMinutes(2));
                one.Talked = three.Talked = TimeSpan.Zero;
                simulation.RunUntil(Epoch.AddMinutes(122));

                var all = one.Talked + three.Talked;
                Assert.InRange(one.Talked / all, 0.25 - 0.0125, 0.25 + 0.0125);

                // A line is empty from the end of a call to the next tick of somebody.
                Assert.True(all >= 0.85 * lines * TimeSpan.FromHours(2), $"{all} on {lines} lines.");
            },
            cases: 5);
    }

    [Fact]
    public void Lines_WhenOneCannotUseItsShare_AreTheOthersAndComeBackAsCallsEnd()
    {
        var simulation = new PermitSimulation(Ample);
        var organization = simulation.AddOrganization(40);
        var one = simulation.Add(organization, 1, 0.2);
        var three = simulation.Add(organization, 3, 0.9);
        three.Waiting = 0;
        simulation.RunUntil(Epoch.AddMinutes(2));
        Assert.Equal(40, one.InFlight);

        three.Waiting = int.MaxValue;
        simulation.RunUntil(Epoch.AddMinutes(2).AddSeconds(32));
        Assert.Equal((10, 30), (one.InFlight, three.InFlight));

        three.Waiting = 0;
        simulation.RunUntil(Epoch.AddMinutes(4));
        Assert.Equal(40, one.InFlight);
    }

    [Fact]
    public void Lines_WhenTheAccountHasACap_AreSharedBetweenOrganizations()
    {
        var simulation = new PermitSimulation(Ample with { MaxConcurrent = 60 });
        var (small, big) = (simulation.AddOrganization(100), simulation.AddOrganization(100, weight: 2));
        var campaigns = new[] { simulation.Add(small), simulation.Add(big, 1, 0.4), simulation.Add(big, 3, 0.6) };

        simulation.RunUntil(Epoch.AddMinutes(3));

        Assert.Equal([20, 10, 30], campaigns.Select(c => c.InFlight));
    }

    [Fact]
    public void Promised_WhenLinesAreShort_OvertakeEverybodysOrdinaryContacts()
    {
        var simulation = new PermitSimulation(Ample);
        var organization = simulation.AddOrganization(20);
        var light = simulation.Add(organization, 1, 0.5);
        var heavy = simulation.Add(organization, 9);
        simulation.RunUntil(Epoch.AddMinutes(2));
        var before = (light.InFlight, heavy.InFlight);

        light.Promised = 6;
        light.Waiting = 0;
        simulation.RunUntil(Epoch.AddMinutes(2).AddSeconds(33));

        Assert.Equal((2, 18), before);
        Assert.Equal(6, light.PromisedDialled);
    }

    [Fact]
    public void Promised_WhenSlotsAreShort_OvertakeEverybodysOrdinaryContacts()
    {
        var simulation = new PermitSimulation(new AccountPermits { CallsPerMinute = 30 });
        var organization = simulation.AddOrganization(1_000);
        var light = simulation.Add(organization, 1, 0.5);
        var heavy = simulation.Add(organization, 99);
        simulation.RunUntil(Epoch.AddMinutes(2));
        light.Promised = 4;

        simulation.RunUntil(Epoch.AddMinutes(2).AddSeconds(14));

        Assert.Equal(4, light.PromisedDialled);
        Assert.True(Count(heavy, Epoch.AddMinutes(2).AddSeconds(4), Epoch.AddMinutes(2).AddSeconds(10)) <= 1, "Nobody ordinary goes before them.");
    }

    [Fact]
    public void Promised_WhenTheCampaignItselfIsFull_HoldNobodyUp()
    {
        var simulation = new PermitSimulation(Ample);
        var organization = simulation.AddOrganization(20);
        var full = simulation.Add(organization, 1, 0.5, maxConcurrent: 2);
        var other = simulation.Add(organization, 1);
        full.Promised = 10;
        simulation.CallLength = c => c == full ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(10);

        simulation.RunUntil(Epoch.AddMinutes(2));

        Assert.Equal((2, 18), (full.InFlight, other.InFlight));
    }

    [Fact]
    public void Everything_WhenAnythingHappens_NeverExceedsACapOrARate()
    {
        Law.Holds(
            dice =>
            {
                var rate = dice.Int(1, 600);
                var simulation = new PermitSimulation(new AccountPermits { CallsPerMinute = rate, MaxConcurrent = dice.Bool() ? dice.Int(1, 60) : null });
                var campaigns = new List<PermitSimulation.Campaign>();
                for (var o = dice.Int(1, 3); o > 0; o--)
                {
                    var organization = simulation.AddOrganization(dice.Int(1, 60), dice.Int(1, 3));
                    campaigns.AddRange(Enumerable.Range(0, dice.Int(1, 3)).Select(_ => simulation.Add(
                        organization, dice.Int(1, 100), dice.Int(0, 99) / 100.0, dice.Int(1, 60), dice.Int(1, 600))));
                }

                var random = dice.Random();
                simulation.CallLength = _ => TimeSpan.FromSeconds(random.Next(0, 90));
                for (var second = 0; second < 900; second += random.Next(1, 20))
                {
                    var one = campaigns[random.Next(campaigns.Count)];
                    one.Waiting = random.Next(3) switch { 0 => 0, 1 => random.Next(50), _ => int.MaxValue };
                    one.Promised = random.Next(4) == 0 ? random.Next(6) : one.Promised;
                    one.Drives = random.Next(6) != 0;
                    simulation.Account = simulation.Account with
                    {
                        RateFactor = random.Next(5) == 0 ? Math.Max(0.1, random.NextDouble()) : 1,
                        ModelLines = random.Next(5) == 0 ? random.Next(1, 40) : null,
                    };
                    simulation.RunUntil(Epoch.AddSeconds(second));
                }

                PacingSimulation.AssertRate(simulation.Slots, rate);
                campaigns.ForEach(c => PacingSimulation.AssertRate(c.Dials, c.Rate));
            },
            cases: 60);
    }

    private static int Count(PermitSimulation.Campaign campaign, DateTimeOffset from, DateTimeOffset to)
        => campaign.Dials.Count(d => d >= from && d < to);

    private static void AssertShares(DateTimeOffset from, DateTimeOffset to, params (PermitSimulation.Campaign Campaign, double Weight)[] shares)
    {
        var all = shares.Sum(s => Count(s.Campaign, from, to));
        var weight = shares.Sum(s => s.Weight);
        Assert.All(shares, s =>
        {
            var (share, due) = ((double)Count(s.Campaign, from, to) / all, s.Weight / weight);
            Assert.True(Math.Abs(share - due) <= 0.05 * due, $"A share of {share:F4} where {due:F4} is due, of {all} dials.");
        });
    }

    private static void AssertUsed(PermitSimulation simulation, int rate, DateTimeOffset from, DateTimeOffset to)
    {
        var (used, allowed) = (simulation.Slots.Count(s => s >= from && s < to), rate * (to - from).TotalMinutes);
        Assert.True(used >= (0.95 * allowed) - 1, $"{used} of {allowed:F0} dials.");
    }
}
