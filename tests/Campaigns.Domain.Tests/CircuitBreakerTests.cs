using Campaigns.Domain.Pacing;
using Campaigns.Stores;

namespace Campaigns.DomainTests;

public sealed class CircuitBreakerTests
{
    private static readonly CircuitBreakerRules Rules = new();

    [Fact]
    public void Judge_WhenHalfFailed_NamesTheFailures()
    {
        var attempts = Attempts([.. Enumerable.Repeat(CallOutcome.Failed, 5), .. Enumerable.Repeat(CallOutcome.Completed, 5)]);

        var trip = CircuitBreaker.Judge(attempts, Rules);

        Assert.NotNull(trip);
        Assert.Equal(attempts.Take(5).Select(a => a.SessionId), trip.Sessions);
        Assert.Equal(10, trip.Samples);
        Assert.Contains("5 of the last 10", trip.Message, StringComparison.Ordinal);
        Assert.Contains(attempts[0].SessionId.ToString(), trip.Message, StringComparison.Ordinal);
        Assert.EndsWith("and 2 more", trip.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_WhenLessThanHalfFailed_GoesOn() =>
        Assert.Null(CircuitBreaker.Judge(Attempts([.. Enumerable.Repeat(CallOutcome.Failed, 4), .. Enumerable.Repeat(CallOutcome.Busy, 6)]), Rules));

    [Fact]
    public void Judge_WhenTooFewSamples_GoesOn() => Assert.Null(CircuitBreaker.Judge(Attempts([.. Enumerable.Repeat(CallOutcome.Failed, 9)]), Rules));

    [Fact]
    public void Judge_WhenOldFailuresLieBeyondTheWindow_ForgetsThem() =>
        Assert.Null(CircuitBreaker.Judge(
            Attempts([.. Enumerable.Repeat(CallOutcome.Completed, 20), .. Enumerable.Repeat(CallOutcome.Failed, 100)]), Rules));

    [Theory]
    [InlineData(CallOutcome.NotPlaced)]
    [InlineData(CallOutcome.RejectedForNow)]
    [InlineData(CallOutcome.CarrierUnavailable)]
    public void Judge_WhenNoPhoneRang_DoesNotCountIt(CallOutcome outcome) =>
        Assert.Null(CircuitBreaker.Judge(Attempts([.. Enumerable.Repeat(outcome, 50), .. Enumerable.Repeat(CallOutcome.Failed, 9)]), Rules));

    [Theory]
    [InlineData(CallOutcome.Failed, true)]
    [InlineData(CallOutcome.Rejected, true)]
    [InlineData(CallOutcome.Unknown, true)]
    [InlineData(CallOutcome.InterruptedByUs, true)]
    [InlineData(CallOutcome.NoAnswer, false)]
    [InlineData(CallOutcome.Busy, false)]
    [InlineData(CallOutcome.Canceled, false)]
    [InlineData(CallOutcome.Machine, false)]
    [InlineData(CallOutcome.Completed, false)]
    public void Judge_WhenAllEndedAlike_TripsOnFailuresOnly(CallOutcome outcome, bool trips) =>
        Assert.Equal(trips, CircuitBreaker.Judge(Attempts([.. Enumerable.Repeat(outcome, 20)]), Rules) is not null);

    [Fact]
    public void Judge_WhenAnyOutcomes_TripsExactlyAtTheShare()
    {
        Law.Holds(dice =>
        {
            var attempts = Attempts([.. Enumerable.Range(0, dice.Int(0, 40)).Select(_ => dice.Any<CallOutcome>())]);
            CallOutcome[] uncounted = [CallOutcome.NotPlaced, CallOutcome.RejectedForNow, CallOutcome.CarrierUnavailable];
            CallOutcome[] failures =
                [CallOutcome.Failed, CallOutcome.Rejected, CallOutcome.Unknown, CallOutcome.InterruptedByUs, CallOutcome.ModelUnavailable];
            var judged = attempts.Where(a => !uncounted.Contains(a.Outcome)).Take(20).ToList();
            var failed = judged.Where(a => failures.Contains(a.Outcome)).Select(a => a.SessionId).ToList();

            var trip = CircuitBreaker.Judge(attempts, Rules);

            Assert.Equal(judged.Count >= 10 && failed.Count * 2 >= judged.Count, trip is not null);
            Assert.Equal(trip is null ? [] : failed, trip is null ? [] : [.. trip.Sessions]);
        });
    }

    private static List<AttemptOutcome> Attempts(IReadOnlyList<CallOutcome> newestFirst) =>
        [.. newestFirst.Select((o, i) => new AttemptOutcome(new Guid(i + 1, 0, 0, new byte[8]), o, PacingSimulation.Epoch.AddSeconds(-i)))];
}
