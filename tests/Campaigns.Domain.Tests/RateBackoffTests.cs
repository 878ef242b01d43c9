using Campaigns.Domain.Pacing;

namespace Campaigns.DomainTests;

public sealed class RateBackoffTests
{
    private static readonly DateTimeOffset Now = PacingSimulation.Epoch;

    [Theory]
    [InlineData(0, 0.7)]
    [InlineData(9, 0.7)]
    [InlineData(10, 0.75)]
    [InlineData(59, 0.95)]
    [InlineData(60, 1)]
    [InlineData(86_400, 1)]
    [InlineData(-5, 0.7)]
    public void Current_WhenTimePasses_RecoversInSteps(int seconds, double expected) =>
        Assert.Equal(expected, RateBackoff.Current(0.7, Now, Now.AddSeconds(seconds)), 9);

    [Fact]
    public void Current_WhenNeverThrottled_IsTheFactor() => Assert.Equal(1, RateBackoff.Current(1, null, Now));

    [Fact]
    public void Throttled_WhenRepeated_StopsAtATenth()
    {
        var factor = 1.0;
        for (var i = 0; i < 20; i++)
        {
            factor = RateBackoff.Throttled(factor);
        }

        Assert.Equal(0.7, RateBackoff.Throttled(1), 9);
        Assert.Equal(0.1, factor, 9);
    }

    [Fact]
    public void Current_WhenAnything_IsAShareThatOnlyGrows()
    {
        Law.Holds(dice =>
        {
            var factor = dice.Of(double.NaN, -1, 0, dice.Int(0, 1_000) / 1_000.0, 7);
            var (early, late) = (dice.Int(-100, 200), dice.Int(0, 200));
            var before = RateBackoff.Current(factor, Now, Now.AddSeconds(early));
            Assert.InRange(before, 0.1, 1);
            Assert.InRange(RateBackoff.Current(factor, Now, Now.AddSeconds(early + late)), before, 1);
            Assert.InRange(RateBackoff.Throttled(factor), 0.1, 0.7);
        });
    }

    [Fact]
    public void Refused_WhenAStormOfRefusalsComes_DropsOncePerRoundTripAndComesBack()
    {
        var (factor, since) = (1.0, (DateTimeOffset?)null);
        var drops = 0;
        for (var at = Now; at < Now.AddSeconds(9); at += TimeSpan.FromMilliseconds(50))
        {
            var before = factor;
            (factor, since) = RateBackoff.Refused(factor, since, at);
            drops += factor < before ? 1 : 0;
        }

        Assert.Equal(3, drops);
        Assert.Equal(0.343, factor, 9);
        Assert.Equal(1, RateBackoff.Current(factor, since, Now.AddSeconds(6 + 140)), 9);
    }
}
