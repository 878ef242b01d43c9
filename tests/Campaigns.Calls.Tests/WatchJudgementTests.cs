namespace Campaigns.Calls.Tests;

/// <summary>The watch's judgement by itself: each threshold to the instant, and what goes before what.</summary>
public sealed class WatchJudgementTests
{
    private static readonly CallOptions Options = new();

    private static readonly WatchFacts Calm = new(S(60), S(600), S(20), S(60));

    [Fact]
    public void Judge_WhenNothingIsWrong_SaysNothing() => Assert.Equal(WatchAction.None, CallWatch.Judge(Calm, Options));

    public static TheoryData<string, double, string> Thresholds => new()
    {
        { nameof(WatchFacts.LongestCall), 60, nameof(WatchAction.EndTooLong) },
        { nameof(WatchFacts.LastFrame), 40, nameof(WatchAction.EndLegStalled) },
        { nameof(WatchFacts.ReconnectingSince), 45, nameof(WatchAction.GiveUpReconnecting) },
        { nameof(WatchFacts.OwedSince), 52, nameof(WatchAction.Nudge) },
        { nameof(WatchFacts.TurnDrainedAt), 55, nameof(WatchAction.CloseTurn) },
        { nameof(WatchFacts.QuietSince), 40, nameof(WatchAction.EndSilence) },
    };

    [Theory]
    [MemberData(nameof(Thresholds))]
    public void Judge_AtAThreshold_ActsAndNotAnInstantBefore(string fact, double seconds, string expected)
    {
        var before = S(seconds) + TimeSpan.FromTicks(1);
        WatchFacts With(TimeSpan at) => fact switch
        {
            nameof(WatchFacts.LongestCall) => Calm with { LongestCall = at },
            nameof(WatchFacts.LastFrame) => Calm with { LastFrame = at },
            nameof(WatchFacts.ReconnectingSince) => Calm with { ReconnectingSince = at },
            nameof(WatchFacts.OwedSince) => Calm with { OwedSince = at },
            nameof(WatchFacts.TurnDrainedAt) => Calm with { TurnDrainedAt = at },
            _ => Calm with { QuietSince = at },
        };

        Assert.Equal(expected, CallWatch.Judge(With(S(seconds)), Options).ToString());
        Assert.Equal(WatchAction.None, CallWatch.Judge(With(before), Options));
    }

    [Fact]
    public void Judge_WhenTheModelWasNudged_GivesItUp()
        => Assert.Equal(WatchAction.GiveUpStalled, CallWatch.Judge(Calm with { OwedSince = S(52), Nudged = true }, Options));

    [Fact]
    public void Judge_OfATurnThatIsTooLongOrWithoutWords_GivesItUp()
    {
        Assert.Equal(WatchAction.GiveUpDroning, CallWatch.Judge(Calm with { TurnHeard = S(90) }, Options));
        Assert.Equal(WatchAction.None, CallWatch.Judge(Calm with { TurnHeard = S(89.99) }, Options));
        Assert.Equal(WatchAction.GiveUpTone, CallWatch.Judge(Calm with { Untranscribed = S(30) }, Options));
        Assert.Equal(WatchAction.None, CallWatch.Judge(Calm with { Untranscribed = S(29.99) }, Options));
    }

    [Fact]
    public void Judge_WhileReconnecting_BlamesNothingElseOnTheModel()
        => Assert.Equal(
            WatchAction.None,
            CallWatch.Judge(Calm with { ReconnectingSince = S(59), OwedSince = S(1), QuietSince = S(1), TurnDrainedAt = S(1) }, Options));

    [Fact]
    public void Judge_WhenEverythingIsWrong_TakesTheGravestFirst()
    {
        var bad = Calm with { LongestCall = S(60), LastFrame = S(0), ReconnectingSince = S(0), OwedSince = S(0), QuietSince = S(0) };

        Assert.Equal(WatchAction.EndTooLong, CallWatch.Judge(bad, Options));
        Assert.Equal(WatchAction.EndLegStalled, CallWatch.Judge(bad with { LongestCall = S(600) }, Options));
        Assert.Equal(WatchAction.GiveUpReconnecting, CallWatch.Judge(bad with { LongestCall = S(600), LastFrame = S(60) }, Options));
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);
}
