using Campaigns.Domain.Pacing;

namespace Campaigns.DomainTests;

public sealed class FairShareTests
{
    [Fact]
    public void Divide_WhenOneWantsLess_GivesTheRestToTheOthersByWeight()
        => Assert.Equal([10, 22.5, 67.5], FairShare.Divide(100, [new(2, 10), new(1, 1_000), new(3, 1_000)]));

    [Fact]
    public void Divide_WhenThereIsEnough_GivesEverybodyWhatTheyCanUse()
        => Assert.Equal([10, 0, 20], FairShare.Divide(100, [new(1, 10), new(5, 0), new(9, 20)]));

    [Fact]
    public void Divide_WhenAWeightIsZero_IsRefused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => FairShare.Divide(1, [new(0, 1)]));

    [Fact]
    public void Divide_WhenAnything_UsesAllThereIsAndFavoursNobody()
        => Law.Holds(dice =>
        {
            var capacity = dice.Int(0, 200);
            var claimants = Enumerable.Range(0, dice.Int(1, 8)).Select(_ => new Claimant(dice.Int(1, 100), dice.Int(0, 100))).ToArray();
            var shares = FairShare.Divide(capacity, claimants);

            Assert.Equal(Math.Min(capacity, claimants.Sum(c => c.Demand)), shares.Sum(), 6);
            var most = claimants.Select((c, i) => shares[i] / c.Weight).Max();
            for (var i = 0; i < claimants.Length; i++)
            {
                Assert.InRange(shares[i], 0, claimants[i].Demand);
                var isFull = shares[i] > claimants[i].Demand - 1e-6;
                Assert.True(isFull || shares[i] / claimants[i].Weight > most - 1e-6, "Somebody unsatisfied has less per weight than another.");
            }
        });

    [Fact]
    public void Whole_WhenSharesAreBroken_AddsUpAndIsFairOverTime()
        => Law.Holds(
            dice =>
            {
                var claimants = Enumerable.Range(0, dice.Int(1, 6)).Select(_ => new Claimant(dice.Int(1, 9), 1_000)).ToArray();
                var capacity = dice.Int(1, 20);
                var shares = FairShare.Divide(capacity, claimants);
                var sums = new double[shares.Length];
                const int Turns = 2_000;
                for (var turn = 0; turn < Turns; turn++)
                {
                    var whole = FairShare.Whole(shares, FairShare.Phase(PacingSimulation.Epoch.AddMinutes(turn)));
                    Assert.Equal(capacity, whole.Sum());
                    for (var i = 0; i < whole.Length; i++)
                    {
                        Assert.InRange(whole[i], (int)Math.Floor(shares[i] + 1e-6), (int)Math.Ceiling(shares[i] - 1e-6));
                        sums[i] += whole[i];
                    }
                }

                Assert.All(sums.Zip(shares), s => Assert.Equal(s.Second, s.First / Turns, 0.02));
            },
            cases: 50);
}
