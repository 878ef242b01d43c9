using Campaigns.Domain.Eligibility;
using Campaigns.Domain.Windows;

namespace Campaigns.DomainTests;

public sealed class EligibilityTests
{
    // 11:30 in Kolkata.
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);
    private static readonly CandidateFacts Facts = new();
    private static readonly EligibilityRules Rules = new()
    {
        OrganizationTimeZone = "Asia/Kolkata",
        Window = new CallingWindow(new(9, 0), new(20, 0)),
        AttemptsPerDay = 2,
    };

    [Fact]
    public void Evaluate_WhenNothingSpeaksAgainstIt_Calls() => Assert.IsType<Verdict.Call>(Eligibility.Evaluate(Facts, Rules, Now));

    [Fact]
    public void Evaluate_WhenOnDoNotCall_Skips() =>
        Assert.Equal(new Verdict.Skip("do_not_call"), Eligibility.Evaluate(Facts with { DoNotCall = true }, Rules, Now));

    [Theory]
    [InlineData(ConsentState.Unknown, false)]
    [InlineData(ConsentState.Denied, false)]
    [InlineData(ConsentState.Granted, true)]
    public void Evaluate_WhenConsentIsNeeded_CallsOnlyWhoGrantedIt(ConsentState consent, bool called)
    {
        var verdict = Eligibility.Evaluate(Facts with { Consent = consent }, Rules with { RequiresConsent = true }, Now);

        Assert.Equal(called, verdict is Verdict.Call);
        Assert.True(called || verdict == new Verdict.Skip("no_consent"), verdict.ToString());
    }

    [Fact]
    public void Evaluate_WhenTheZoneDoesNotExist_Skips()
    {
        Assert.Equal(new Verdict.Skip("invalid_time_zone"), Eligibility.Evaluate(Facts with { TimeZone = "Mars/Olympus" }, Rules, Now));
        Assert.Equal(
            new Verdict.Skip("invalid_time_zone"), Eligibility.Evaluate(Facts, Rules with { OrganizationTimeZone = "Mars/Olympus" }, Now));
    }

    [Fact]
    public void Evaluate_WhenItIsNightThere_WaitsForTheWindowOnThePersonsClock() =>
        Assert.Equal(
            new Verdict.Defer(Now.AddHours(8), "outside_calling_window"),
            Eligibility.Evaluate(Facts with { TimeZone = "America/New_York" }, Rules, Now));

    [Fact]
    public void Evaluate_WhenTriedOftenEnoughToday_WaitsForTomorrowsWindow() =>
        Assert.Equal(
            new Verdict.Defer(new DateTimeOffset(2026, 3, 3, 3, 30, 0, TimeSpan.Zero), "attempts_per_day"),
            Eligibility.Evaluate(Facts with { RecentAttempts = [Now.AddHours(-1), Now.AddHours(-2)] }, Rules, Now));

    [Fact]
    public void Evaluate_WhenTheAttemptsWereYesterdayThere_Calls() =>
        Assert.IsType<Verdict.Call>(
            Eligibility.Evaluate(Facts with { RecentAttempts = [Now.AddHours(-12), Now.AddHours(-13), Now.AddHours(-14)] }, Rules, Now));

    [Fact]
    public void Evaluate_WhenThereIsALiveCall_LooksAgainSoon() =>
        Assert.Equal(new Verdict.Defer(Now.AddSeconds(15), "live_call"), Eligibility.Evaluate(Facts with { LiveCall = true }, Rules, Now));

    [Fact]
    public void Evaluate_WhenAnything_CallsOnlyWhomEveryRuleAllows()
    {
        Law.Holds(
            dice =>
            {
                var (facts, rules, now) = Case(dice);

                var verdict = Eligibility.Evaluate(facts, rules, now);

                var known = CallingWindows.ResolveZone(facts.TimeZone, rules.OrganizationTimeZone) as ZoneResult.Found;
                var excluded = facts.DoNotCall || known is null || (rules.RequiresConsent && facts.Consent != ConsentState.Granted);
                Assert.Equal(excluded, verdict is Verdict.Skip);
                if (known is not null && !excluded)
                {
                    var today = facts.RecentAttempts.Count(a => CallingWindows.Day(known.Zone, a) == CallingWindows.Day(known.Zone, now));
                    var free = today < rules.AttemptsPerDay && !facts.LiveCall && CallingWindows.IsOpen(rules.Window, known.Zone, now);
                    Assert.Equal(free, verdict is Verdict.Call);
                }
            },
            cases: 1_000);
    }

    [Fact]
    public void Evaluate_WhenDeferred_TheReasonIsGoneAtTheTimeItNames()
    {
        Law.Holds(
            dice =>
            {
                var (facts, rules, now) = Case(dice);
                if (Eligibility.Evaluate(facts, rules, now) is Verdict.Defer deferred)
                {
                    Assert.True(deferred.Until > now, $"{deferred}");
                    Assert.IsType<Verdict.Call>(Eligibility.Evaluate(facts with { LiveCall = false }, rules, Later(deferred, facts, rules)));
                }
            },
            cases: 1_000);
    }

    // After fifteen seconds of a live call the window may have closed: then the next deferral counts.
    private static DateTimeOffset Later(Verdict.Defer deferred, CandidateFacts facts, EligibilityRules rules) =>
        Eligibility.Evaluate(facts with { LiveCall = false }, rules, deferred.Until) is Verdict.Defer next
        && deferred.Reason == EligibilityReasons.LiveCall
            ? next.Until
            : deferred.Until;

    private static (CandidateFacts Facts, EligibilityRules Rules, DateTimeOffset Now) Case(Dice dice)
    {
        var now = Now.AddMinutes(dice.Int(0, 400_000));
        var facts = new CandidateFacts
        {
            DoNotCall = dice.Int(0, 9) == 0,
            Consent = dice.Any<ConsentState>(),
            TimeZone = dice.Of(null, "", "Asia/Kolkata", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "Mars/Olympus"),
            LiveCall = dice.Int(0, 3) == 0,
            RecentAttempts = [.. Enumerable.Range(0, dice.Int(0, 4)).Select(_ => now.AddMinutes(-dice.Int(0, 2_880)))],
        };
        var rules = new EligibilityRules
        {
            RequiresConsent = dice.Bool(),
            AttemptsPerDay = dice.Int(1, 3),
            Window = dice.Of(null, new CallingWindow(new(dice.Int(0, 23), 0), new(dice.Int(0, 23), 30))),
            OrganizationTimeZone = "Europe/Berlin",
        };
        return (facts, rules, now);
    }
}
