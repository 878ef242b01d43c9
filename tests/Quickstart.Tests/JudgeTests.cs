using System.Collections.Immutable;
using Campaigns;
using Campaigns.Calls;
using Campaigns.Stores;
using CarrierSimulator;
using Quickstart.Judge;
using Quickstart.Operate;

namespace Quickstart.Tests;

public sealed class JudgeTests
{
    private static readonly CampaignView Campaign = Of(new VoicePolicy(), new DispositionSpec { Code = "interested" }, new DispositionSpec { Code = "not_interested" });

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
    public void Promise_FollowsTheDigitsAndThePolicy(string number, ContactStatus status, int attempts)
    {
        var promise = Promise.For(number, Campaign);

        Assert.Equal((status, attempts), (promise.Status, promise.Attempts));
        Assert.Equal(status == ContactStatus.Completed ? "interested" : null, promise.Disposition);
    }

    [Theory]
    [InlineData("00", ContactStatus.Completed, CallOutcome.Completed, "interested")]
    [InlineData("10", ContactStatus.Completed, CallOutcome.Completed, "not_interested")]
    [InlineData("11", ContactStatus.Completed, CallOutcome.Completed, "interested")]
    [InlineData("12", ContactStatus.NoAnswer, CallOutcome.NoSpeech, null)]
    [InlineData("13", ContactStatus.Completed, CallOutcome.Completed, null)]
    [InlineData("14", ContactStatus.Pending, CallOutcome.Completed, null)]
    [InlineData("15", ContactStatus.Completed, CallOutcome.Completed, null)]
    [InlineData("16", ContactStatus.Completed, CallOutcome.Machine, null)]
    [InlineData("17", ContactStatus.Completed, CallOutcome.Completed, "interested")]
    [InlineData("22", ContactStatus.Completed, CallOutcome.Machine, null)]
    [InlineData("23", ContactStatus.Completed, CallOutcome.Machine, null)]
    [InlineData("24", ContactStatus.Completed, CallOutcome.Machine, null)]
    public void Promise_FollowsWhoAnswers(string person, ContactStatus status, CallOutcome outcome, string? disposition) =>
        Assert.Equal(new Promise(status, 1, outcome, disposition), Promise.For($"+91555500{person}03", Campaign));

    [Fact]
    public void Promise_WhenMachinesAreTriedAgain_IsOfEveryTry()
    {
        var campaign = Campaign with { Retry = new RetryPolicy { Rules = Campaign.Retry.Rules.Add(CallOutcome.Machine, new RetryRule(2, [])) } };

        Assert.Equal(new Promise(ContactStatus.NoAnswer, 2, CallOutcome.Machine, null), Promise.For("+915555001603", campaign));
    }

    [Fact]
    public void Promise_WhenScreenersAreHungUpOn_IsAMachine() =>
        Assert.Equal(CallOutcome.Machine, Promise.For("+915555001703", Of(new VoicePolicy { Screener = ScreenerPolicy.HangUp })).Outcome);

    /// <summary>The simulated agent gives the number of years and nothing else; a campaign may take it, ignore it, or ask for more.</summary>
    [Theory]
    [InlineData("interested", "years", "interested")]
    [InlineData("interested", "colour", null)]
    [InlineData("keen", null, null)]
    public void Promise_KnowsWhichResultsTheCampaignTakes(string code, string? required, string? recorded)
    {
        var disposition = new DispositionSpec
        {
            Code = code,
            Fields = required is null ? [] : [new DispositionField { Name = required, Required = true }],
        };

        Assert.Equal(recorded, Promise.For("+915555000003", Of(new VoicePolicy(), disposition)).Disposition);
    }

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
        var mismatches = Judge().Mismatches([
            Contact("+915555000003", ContactStatus.Completed, 1, "COMPLETED", "interested"),
            Contact("+915555000052", ContactStatus.Completed, 1, "COMPLETED", "interested"),
            Contact("+915555000004", ContactStatus.Completed, 1, "COMPLETED", "not_interested"),
            Contact("+915555000005", ContactStatus.Completed, 2, "COMPLETED", "interested"),
            Contact("+915555001206", ContactStatus.NoAnswer, 1, "NO_ANSWER", null),
        ]);

        Assert.Collection(
            mismatches,
            m => Assert.StartsWith("+915555000052 (no-answer; polite)", m, StringComparison.Ordinal),
            m => Assert.StartsWith("+915555000004", m, StringComparison.Ordinal),
            m => Assert.StartsWith("+915555000005", m, StringComparison.Ordinal),
            m => Assert.StartsWith("+915555001206 (answered; silent)", m, StringComparison.Ordinal));
    }

    [Fact]
    public void Outcomes_WhenOnDoNotCall_MustBeSkipped()
    {
        var judge = Judge(blocked: [Blocked("+915555000003", "API")]);

        Assert.Empty(judge.Mismatches([Contact("+915555000003", ContactStatus.Skipped, 0, null, null)]));
        Assert.Single(judge.Mismatches([Contact("+915555000003", ContactStatus.Completed, 1, "COMPLETED", "interested")]));
    }

    [Fact]
    public void Outcomes_WhenSomebodyOptedOut_MustBeOnDoNotCall()
    {
        CampaignContactDetails[] contacts = [Contact("+915555001503", ContactStatus.Completed, 1, "COMPLETED", null)];

        Assert.Empty(Judge(blocked: [Blocked("+915555001503", "CALL")]).Mismatches(contacts));
        Assert.Single(Judge().Mismatches(contacts));
    }

    [Fact]
    public void Outcomes_WhenACallbackWasPromised_MustWaitForIt()
    {
        Assert.Empty(Judge().Mismatches([Contact("+915555001403", ContactStatus.Pending, 1, "COMPLETED", null)]));
        Assert.Empty(Judge().Mismatches([Contact("+915555001403", ContactStatus.Pending, 2, "COMPLETED", null)]));
        Assert.Single(Judge().Mismatches([Contact("+915555001403", ContactStatus.Completed, 1, "COMPLETED", null)]));
    }

    /// <summary>An attempt that the end of the process spoiled is made again, and comes on top of those that the number promises.</summary>
    [Theory]
    [InlineData(true, 2, true)]
    [InlineData(true, 1, false)]
    [InlineData(true, 3, false)]
    [InlineData(false, 2, false)]
    public void Outcomes_WhenAnAttemptWasSpoiled_AllowOneMoreAfterAnInterruptionOnly(bool interrupted, int attempts, bool allowed)
    {
        var contact = Contact("+915555000003", ContactStatus.Completed, attempts, "COMPLETED", "interested");
        var judge = Judge(sessions: [Spoiled(contact)], interrupted: interrupted);

        Assert.Equal(allowed ? 0 : 1, judge.Mismatches([contact]).Count);
    }

    [Fact]
    public void Outcomes_WhenTheCallOfAnOptOutWasSpoiled_MayBeSkipped()
    {
        var contact = Contact("+915555001503", ContactStatus.Skipped, 1, "INTERRUPTED_BY_US", null);

        Assert.Empty(Judge(blocked: [Blocked(contact.Phone, "CALL")], sessions: [Spoiled(contact)], interrupted: true).Mismatches([contact]));
        Assert.Single(Judge(blocked: [Blocked(contact.Phone, "CALL")], interrupted: true).Mismatches([contact]));
    }

    /// <summary>A process that dies between its record of a dial and the request leaves an attempt that nobody can tell from a lost answer.</summary>
    [Theory]
    [InlineData(true, 0, true)]
    [InlineData(true, 1, false)]
    [InlineData(false, 0, false)]
    public void Outcomes_WhenUnknownAndNeverDialled_AreExcusedAfterAnInterruptionOnly(bool interrupted, int dials, bool excused)
    {
        var ledger = Enumerable.Range(1, dials).Select(i => Dial(i, "+915555000003", "s1", i, 0)).ToList();
        var judge = Judge(ledger: ledger, interrupted: interrupted);
        CampaignContactDetails[] contacts = [Contact("+915555000003", ContactStatus.Failed, 1, "UNKNOWN", null)];

        Assert.Equal(excused ? 0 : 1, judge.Mismatches(contacts).Count);
        Assert.Equal(excused ? 1 : 0, judge.CutOff(contacts).Count);
    }

    /// <summary>A carrier whose call broke off just after the answer reports one that the person hung up.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Outcomes_WhenAnsweredAndNeverHeard_AreExcusedAfterAnInterruptionOnly(bool interrupted, bool excused)
    {
        var contact = Contact("+915555000003", ContactStatus.Completed, 1, "COMPLETED", null);
        var judge = Judge(sessions: [Spoiled(contact) with { Outcome = CallOutcome.Completed }], interrupted: interrupted);

        Assert.Equal(excused ? 0 : 1, judge.Mismatches([contact]).Count);
        Assert.Equal(excused ? 1 : 0, judge.CutOff([contact]).Count);
    }

    [Fact]
    public void Result_WritesTheFieldsThatScriptsRead() =>
        Assert.Equal(
            """{"total":60,"completed":45,"noAnswer":9,"failed":5,"skipped":1,"promised":3,"attempts":79,"carrierDials":76,"duplicateDials":0"""
            + ""","conversations":41,"dispositions":{"interested":28,"not_interested":7},"optOuts":1,"callbacks":3,"recordings":46"""
            + ""","answerToFirstAudioMsP95":316,"seconds":53.4,"engine":"packages"}""",
            Sixty.ToJson());

    [Fact]
    public void Result_AddsUp_WhenEverybodyIsSomewhere()
    {
        Assert.True(Sixty.AddsUp);
        Assert.False((Sixty with { Completed = 44 }).AddsUp);
    }

    private static Result Sixty => new()
    {
        Total = 60,
        Completed = 45,
        NoAnswer = 9,
        Failed = 5,
        Skipped = 1,
        Promised = 3,
        Attempts = 79,
        CarrierDials = 76,
        DuplicateDials = 0,
        Conversations = 41,
        Dispositions = ImmutableSortedDictionary<string, int>.Empty.Add("interested", 28).Add("not_interested", 7),
        OptOuts = 1,
        Callbacks = 3,
        Recordings = 46,
        AnswerToFirstAudioMsP95 = 316,
        Seconds = 53.4,
        Engine = "packages",
    };

    private static CampaignView Of(VoicePolicy voice, params DispositionSpec[] dispositions) => new(
        Guid.Empty,
        CampaignStatus.Running,
        "Renewals",
        new RetryPolicy
        {
            Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty
                .Add(CallOutcome.NoAnswer, new RetryRule(3, []))
                .Add(CallOutcome.Busy, new RetryRule(2, []))
                .Add(CallOutcome.Failed, new RetryRule(2, [])),
        },
        voice,
        dispositions,
        1,
        null);

    private static OutcomeJudge Judge(
        IReadOnlyList<DoNotCallEntry>? blocked = null,
        IReadOnlyList<LedgerEntry>? ledger = null,
        IReadOnlyList<SessionDetails>? sessions = null,
        bool interrupted = false) => new(Campaign, blocked ?? [], ledger ?? [], sessions ?? [], interrupted);

    private static DoNotCallEntry Blocked(string phone, string source) => new(phone, "", source, DateTimeOffset.UnixEpoch);

    private static SessionDetails Spoiled(CampaignContactDetails contact) => new(
        Guid.NewGuid(), 1, SessionState.Ended, CallOutcome.InterruptedByUs, null, DateTimeOffset.UnixEpoch, null, null, null, null, null,
        CallDirection.Outbound, contact.Phone, Guid.NewGuid(), Guid.NewGuid(), contact.Id, contact.ContactId, null, null,
        ImmutableDictionary<string, string>.Empty, null, null, null, false, null, false, null, null, null, null, false);

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

    private static CampaignContactDetails Contact(string phone, ContactStatus status, int attempts, string? outcome, string? disposition) => new(
        Guid.NewGuid(), Guid.NewGuid(), 1, phone, "Somebody", status, attempts, outcome, disposition, null, null, DateTimeOffset.UnixEpoch, null,
        ImmutableDictionary<string, string>.Empty);
}
