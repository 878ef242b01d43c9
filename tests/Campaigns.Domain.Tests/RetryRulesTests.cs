using System.Collections.Immutable;
using Campaigns.Domain.Contacts;
using Campaigns.Domain.Windows;
using Campaigns.Stores;

namespace Campaigns.DomainTests;

public sealed class RetryRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(3, 5)]
    [InlineData(9, 5)]
    public void NextAttempt_WhenTheListOfWaitsEnds_RepeatsTheLast(int attempts, int minutes) =>
        Assert.Equal(
            Now.AddMinutes(minutes),
            RetryRules.NextAttempt(
                Rules(CallOutcome.Busy, new RetryRule(10, [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)])), CallOutcome.Busy, attempts, Now));

    [Fact]
    public void NextAttempt_WhenThereAreNoWaits_IsAtOnce() =>
        Assert.Equal(Now, RetryRules.NextAttempt(Rules(CallOutcome.Busy, new RetryRule(2, default)), CallOutcome.Busy, 1, Now));

    [Fact]
    public void NextAttempt_WhenAnyRule_KeepsAttemptsWaitAndWindow()
    {
        Law.Holds(
            dice =>
            {
                var outcome = dice.Any<CallOutcome>();
                var waits = Enumerable.Range(0, dice.Int(0, 3)).Select(_ => TimeSpan.FromMinutes(dice.Int(0, 3_000))).ToImmutableArray();
                var rule = new RetryRule(dice.Int(1, 5), waits);
                var attempts = dice.Int(1, 6);
                var zone = dice.Of("Asia/Kolkata", "America/New_York");
                var window = new CallingWindow(new(dice.Int(0, 23), 0), new(dice.Int(0, 23), 30));
                var campaign = dice.Any<CampaignStatus>();

                var due = RetryRules.NextAttempt(
                    Rules(outcome, rule) with { Window = window, TimeZone = zone, CampaignStatus = campaign }, outcome, attempts, Now);

                var over = campaign is CampaignStatus.Cancelled or CampaignStatus.Completed;
                Assert.Equal(RetryRules.MayRetry(outcome) && attempts < rule.MaxAttempts && !over, due is not null);
                if (due is { } at)
                {
                    var wait = waits.IsEmpty ? TimeSpan.Zero : waits[Math.Min(attempts - 1, waits.Length - 1)];
                    var clock = TimeZoneInfo.FindSystemTimeZoneById(zone);
                    Assert.Equal(CallingWindows.NextOpening(window, clock, Now + wait), at);
                    Assert.True(at >= Now + wait && CallingWindows.IsOpen(window, clock, at), $"{at:O}");
                }
            },
            cases: 500);
    }

    private static ContactRules Rules(CallOutcome outcome, RetryRule rule) => new(
        CampaignStatus.Running,
        new RetryPolicy { Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty.Add(outcome, rule) },
        null,
        null,
        "Asia/Kolkata");
}
