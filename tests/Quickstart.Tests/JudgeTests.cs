using System.Collections.Immutable;
using Campaigns;
using Campaigns.Stores;
using CarrierSimulator;
using Quickstart.Judge;

namespace Quickstart.Tests;

public sealed class JudgeTests
{
    private static readonly RetryPolicy Retry = new()
    {
        Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty
            .Add(CallOutcome.NoAnswer, new RetryRule(3, []))
            .Add(CallOutcome.Busy, new RetryRule(2, []))
            .Add(CallOutcome.Failed, new RetryRule(2, [])),
    };

    [Theory]
    [InlineData("+915555000003", ContactStatus.Completed, 1)]
    [InlineData("+915555000052", ContactStatus.NoAnswer, 3)]
    [InlineData("+915555000061", ContactStatus.NoAnswer, 2)]
    [InlineData("+915555000068", ContactStatus.Failed, 2)]
    [InlineData("+915555000072", ContactStatus.Failed, 1)]
    [InlineData("+915555000073", ContactStatus.Completed, 1)]
    [InlineData("+915555000076", ContactStatus.Failed, 1)]
    [InlineData("+915555000089", ContactStatus.NoAnswer, 1)]
    [InlineData("+915555000090", ContactStatus.Completed, 2)]
    [InlineData("+915555000091", ContactStatus.Completed, 3)]
    public void Promise_FollowsTheDigitsAndThePolicy(string number, ContactStatus status, int attempts) =>
        Assert.Equal(new Promise(status, attempts), Promise.For(number, Retry));

    [Fact]
    public void Dials_WhenEveryDialHasItsAttempt_AreNoDuplicates()
    {
        var judge = LedgerJudge.Of([Dial(1, "+91a", "s1", 1, 2), Dial(2, "+91a", "s2", 3, 4), Dial(3, "+91b", "s3", 5, 0)], Attempts(("+91a", 2), ("+91b", 1)));

        Assert.Equal(3, judge.Dials);
        Assert.Equal(0, judge.Duplicates);
        Assert.Empty(judge.Faults);
    }

    [Fact]
    public void Dials_WhenRequestsRangNoPhone_DoNotCount()
    {
        var refused = Dial(1, "+91a", "s1", 0, 0) with { Placed = false };
        var judge = LedgerJudge.Of([refused, Dial(2, "+91a", "s1", 1, 2)], Attempts(("+91a", 1)));

        Assert.Equal(1, judge.Dials);
        Assert.Equal(0, judge.Duplicates);
    }

    [Fact]
    public void Dials_WhenOneSessionIsDialledTwice_AreDuplicates() =>
        Assert.Equal(1, LedgerJudge.Of([Dial(1, "+91a", "s1", 1, 2), Dial(2, "+91a", "s1", 3, 4)], Attempts(("+91a", 2))).Duplicates);

    [Fact]
    public void Dials_WhenBeyondTheAttempts_AreDuplicates() =>
        Assert.Equal(1, LedgerJudge.Of([Dial(1, "+91a", "s1", 1, 2), Dial(2, "+91a", "s2", 3, 4)], Attempts(("+91a", 1))).Duplicates);

    [Fact]
    public void Dials_WhenTheNumberIsNoContactOfTheCampaign_AreDuplicates() =>
        Assert.Equal(1, LedgerJudge.Of([Dial(1, "+91x", "s1", 1, 2)], Attempts(("+91a", 1))).Duplicates);

    [Fact]
    public void Dials_WhenSomebodyIsCalledOnThePhone_AreDuplicates()
    {
        var judge = LedgerJudge.Of([Dial(1, "+91a", "s1", 1, 3), Dial(2, "+91a", "s2", 2, 4)], Attempts(("+91a", 2)));

        Assert.Equal(1, judge.Duplicates);
        Assert.Contains("while on the phone", Assert.Single(judge.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Outcomes_WhenAnotherThanPromised_AreNamed()
    {
        var judge = new OutcomeJudge(Retry, new HashSet<string>(), [], interrupted: false);

        var mismatch = Assert.Single(judge.Mismatches([
            Contact("+915555000003", ContactStatus.Completed, 1, "COMPLETED"), Contact("+915555000052", ContactStatus.Completed, 1, "COMPLETED")]));
        Assert.Contains("+915555000052", mismatch, StringComparison.Ordinal);
    }

    [Fact]
    public void Outcomes_WhenOnDoNotCall_MustBeSkipped()
    {
        var judge = new OutcomeJudge(Retry, new HashSet<string> { "+915555000003" }, [], interrupted: false);

        Assert.Empty(judge.Mismatches([Contact("+915555000003", ContactStatus.Skipped, 0, null)]));
        Assert.Single(judge.Mismatches([Contact("+915555000003", ContactStatus.Completed, 1, "COMPLETED")]));
    }

    /// <summary>A process that dies between its record of a dial and the request leaves an attempt that nobody can tell from a lost answer.</summary>
    [Theory]
    [InlineData(true, 0, true)]
    [InlineData(true, 1, false)]
    [InlineData(false, 0, false)]
    public void Outcomes_WhenUnknownAndNeverDialled_AreExcusedAfterAnInterruptionOnly(bool interrupted, int dials, bool excused)
    {
        var ledger = Enumerable.Range(1, dials).Select(i => Dial(i, "+915555000003", "s1", i, 0)).ToList();
        var judge = new OutcomeJudge(Retry, new HashSet<string>(), ledger, interrupted);
        CampaignContactDetails[] contacts = [Contact("+915555000003", ContactStatus.Failed, 1, "UNKNOWN")];

        Assert.Equal(excused ? 0 : 1, judge.Mismatches(contacts).Count);
        Assert.Equal(excused ? 1 : 0, judge.CutOff(contacts).Count);
    }

    [Fact]
    public void Result_WritesTheFieldsThatScriptsRead() =>
        Assert.Equal(
            """{"total":60,"completed":46,"noAnswer":8,"failed":5,"skipped":1,"attempts":79,"carrierDials":76,"duplicateDials":0,"seconds":43.4,"engine":"packages"}""",
            new Result(60, 46, 8, 5, 1, 79, 76, 0, 43.4, "packages").ToJson());

    private static Dictionary<string, int> Attempts(params (string Number, int Count)[] attempts) =>
        attempts.ToDictionary(a => a.Number, a => a.Count, StringComparer.Ordinal);

    private static LedgerEntry Dial(long sequence, string number, string session, long placed, long ended) => new()
    {
        Sequence = sequence,
        ReceivedAt = DateTimeOffset.UnixEpoch.AddSeconds(sequence),
        Number = number,
        CallerId = "+918047191234",
        CustomField = session,
        CallSid = $"sid{sequence}",
        Placed = true,
        PlacedEvent = placed,
        EndedEvent = ended,
        EndedAt = ended > 0 ? DateTimeOffset.UnixEpoch.AddSeconds(ended) : null,
    };

    private static CampaignContactDetails Contact(string phone, ContactStatus status, int attempts, string? outcome) => new(
        Guid.NewGuid(), Guid.NewGuid(), 1, phone, "Somebody", status, attempts, outcome, null, null, null, DateTimeOffset.UnixEpoch, null,
        ImmutableDictionary<string, string>.Empty);
}
