using Campaigns.Chaos.Troubles;

namespace Campaigns.Chaos.Tests;

/// <summary>What is drawn from a seed.</summary>
public sealed class ScheduleTests
{
    private static readonly int Kinds = Enum.GetValues<Trouble>().Length;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-77)]
    public void Next_ComesAgainWithItsSeed_AndBringsEveryTroubleOnceAtFirst(int seed)
    {
        var (one, two) = (Draw(seed), Draw(seed));
        Assert.Equal(one, two);
        Assert.Equal(Kinds, one.Take(Kinds).Select(plan => plan.Trouble).Distinct().Count());
        Assert.NotEqual(one, Draw(seed + 1));
        Assert.All(one, plan => Assert.True(plan.PastLease > TimeSpan.Zero && plan.Away > TimeSpan.Zero));
    }

    [Fact]
    public void Options_AreRead_AndWrongOnesAreRefused()
    {
        Assert.Equal((12, 7, 1.5, "x.txt"), Parse("--rounds", "12", "--seed", "7", "--minutes", "1.5", "--logs", "x.txt"));
        Assert.Equal(10, ChaosOptions.Parse([])!.Rounds);
        Assert.All(
            new string[][] { ["--rounds"], ["--rounds", "0"], ["--rounds", "many"], ["--minutes", "-1"], ["--seeds", "1"] },
            arguments => Assert.Null(ChaosOptions.Parse(arguments)));
    }

    private static (int, int, double?, string?) Parse(params string[] arguments)
        => ChaosOptions.Parse(arguments) is { } options ? (options.Rounds, options.Seed, options.Minutes, options.Logs) : default;

    private static RoundPlan[] Draw(int seed)
    {
        var schedule = new Schedule(seed);
        return [.. Enumerable.Range(0, 3 * Kinds).Select(_ => schedule.Next())];
    }
}
