using Campaigns.Domain.Pacing;

namespace Campaigns.DomainTests;

public sealed class LineBackoffTests
{
    private static readonly DateTimeOffset Now = PacingSimulation.Epoch;

    [Fact]
    public void Current_WhenTheModelNeverRefused_IsNoLimit() => Assert.Null(LineBackoff.Current(null, null, Now));

    [Fact]
    public void Refused_WhenManyAtOnceAreRefused_DropsToSevenTenthsOfWhatWasInUseOnce()
    {
        var (lines, since) = LineBackoff.Refused(null, null, 50, Now);
        Assert.Equal((35, Now), (lines, since));
        Assert.Equal((35, Now), LineBackoff.Refused(lines, since, 50, Now.AddSeconds(2.9)));
        Assert.Equal((24, Now.AddSeconds(3)), LineBackoff.Refused(lines, since, 40, Now.AddSeconds(3)));
        Assert.Equal(7, LineBackoff.Refused(lines, since, 10, Now.AddMinutes(10)).Lines);
    }

    [Theory]
    [InlineData(9, 35)]
    [InlineData(10, 36)]
    [InlineData(150, 50)]
    public void Current_WhenTimePasses_ComesBackStepByStep(int seconds, int expected)
        => Assert.Equal(expected, LineBackoff.Current(35, Now, Now.AddSeconds(seconds)));

    [Fact]
    public void Refused_WhenAnything_LeavesAtLeastOneLineAndNeverMoreThanBefore()
        => Law.Holds(dice =>
        {
            int? lines = dice.Bool() ? dice.Int(1, 1_000) : null;
            var after = LineBackoff.Refused(lines, lines is null ? null : Now, dice.Int(0, 1_000), Now.AddSeconds(dice.Int(0, 10_000)));
            Assert.InRange(after.Lines, 1, LineBackoff.Current(lines, Now, Now.AddSeconds(10_000)) ?? 1_000);
            Assert.True(LineBackoff.Current(after.Lines, after.RefusedAt, after.RefusedAt.AddYears(100)) >= after.Lines);
        });
}
