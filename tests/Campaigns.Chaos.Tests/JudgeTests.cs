using Campaigns.Chaos.Bed;
using Campaigns.Chaos.Judging;
using CarrierSimulator;

namespace Campaigns.Chaos.Tests;

/// <summary>A clean ledger is clean, and each breach that is planted in it is found, and found by its own judge alone.</summary>
public sealed class JudgeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 6, 0, 0, TimeSpan.Zero);
    private static readonly Guid Campaign = Guid.NewGuid();
    private static readonly Caps Caps = new() { Campaign = 2, Organization = 2, CampaignPerMinute = 12, AccountPerMinute = 12 };

    [Fact]
    public void Verdict_OnACleanRun_IsClean()
    {
        var verdict = Verdict.Of(Clean(), []);
        Assert.Empty(verdict.Complaints);
        Assert.Equal(4, verdict.Playout.Calls);
    }

    [Fact]
    public void Dial_OfOneSessionTwice_IsFound()
    {
        var facts = Clean();
        var again = facts.Dials[1] with
        {
            Sequence = 5,
            CallSid = "sid-5",
            ReceivedAt = Start.AddSeconds(40),
            AnsweredAt = Start.AddSeconds(41),
            EndedAt = Start.AddSeconds(45),
            PlacedEvent = 9,
            EndedEvent = 10,
        };
        var complaint = Assert.Single(Only(facts with { Dials = [.. facts.Dials, again] }).Duplicates, c => c.Text.Contains("session", StringComparison.Ordinal));
        Assert.Equal((facts.Dials[1].Number, again.ReceivedAt), (complaint.Phone, complaint.At!.Value));
    }

    [Fact]
    public void Dial_OfOneAttemptInTwoSessions_IsFound()
    {
        var facts = Clean();
        var (session, second) = (facts.Sessions[1], Guid.NewGuid());
        var again = facts.Dials[1] with
        {
            Sequence = 5,
            CallSid = "sid-5",
            CustomField = $"{second}",
            ReceivedAt = Start.AddSeconds(40),
            EndedAt = Start.AddSeconds(45),
            PlacedEvent = 9,
            EndedEvent = 10,
        };
        var verdict = Only(facts with { Dials = [.. facts.Dials, again], Sessions = [.. facts.Sessions, session with { Id = second }] });
        Assert.Contains("attempt 1 was dialled more than once", Assert.Single(verdict.Duplicates).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_ToSomebodyOnThePhone_IsFound()
    {
        var facts = Clean();
        var second = Guid.NewGuid();
        var first = facts.Dials[3];
        var again = first with
        {
            Sequence = 5,
            CallSid = "sid-5",
            CustomField = $"{second}",
            ReceivedAt = Start.AddSeconds(16),
            EndedAt = Start.AddSeconds(25),
            PlacedEvent = 8,
            EndedEvent = 10,
        };
        var verdict = Only(facts with
        {
            Dials = [.. facts.Dials.Take(3), first with { EndedEvent = 9 }, again],
            Sessions = [.. facts.Sessions, facts.Sessions[3] with { Id = second, Attempt = 2 }],
        });
        Assert.Contains("while on the phone", Assert.Single(verdict.Duplicates).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_ThatIsOnNoRecord_IsFound()
    {
        var facts = Clean();
        var verdict = Only(facts with { Sessions = [.. facts.Sessions.Skip(1)] });
        Assert.Contains("on no record", Assert.Single(verdict.Duplicates).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PENDING", null)]
    [InlineData("DISPATCHED", null)]
    [InlineData("IN_PROGRESS", null)]
    [InlineData("CANCELLED", null)]
    public void Contact_ThatHasNotComeToAnEnd_IsLost(string status, string? outcome)
    {
        var facts = Clean();
        var verdict = Only(facts with { Contacts = [facts.Contacts[0] with { Status = status, Outcome = outcome }, .. facts.Contacts.Skip(1)] });
        Assert.Equal(facts.Contacts[0].Phone, Assert.Single(verdict.Lost).Phone);
    }

    [Fact]
    public void Contact_ThatNobodyDialled_IsLost_UnlessThatCannotBeKnown()
    {
        var facts = Clean();
        var stranger = new ContactRow(Campaign, "+919009990000", "COMPLETED", "COMPLETED", 1);
        Assert.Contains("never dialled", Assert.Single(Only(facts with { Contacts = [.. facts.Contacts, stranger] }).Lost).Text, StringComparison.Ordinal);
        Assert.Empty(Only(facts with { Contacts = [.. facts.Contacts, stranger with { Status = "FAILED", Outcome = "UNKNOWN" }] }).Complaints);
    }

    [Fact]
    public void Session_ThatIsLeftOpen_AndCountsThatDiffer_AreFound()
    {
        var facts = Clean();
        Assert.Single(Only(facts with { Sessions = [facts.Sessions[0] with { State = "UNKNOWN" }, .. facts.Sessions.Skip(1)] }).Lost);
        Assert.Single(Only(facts with { CounterDifferences = ["campaign 1: one too many"] }).Lost);
    }

    [Fact]
    public void Lines_MoreThanAllowed_AreFound()
    {
        // The third call begins before the first has ended.
        var facts = Clean();
        var dials = facts.Dials.ToArray();
        (dials[0], dials[1], dials[2]) = (dials[0] with { EndedEvent = 4 }, dials[1] with { PlacedEvent = 2, EndedEvent = 5 }, dials[2] with { PlacedEvent = 3, EndedEvent = 6 });
        var verdict = Only(facts with { Dials = dials });
        Assert.Equal(2, verdict.Exceeded.Count);
        Assert.All(verdict.Exceeded, c => Assert.Contains("3 calls at once, 2 are allowed", c.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Rate_HigherThanAllowed_IsFound_AlsoWhereTheCarrierRefused()
    {
        // Nine requests that were refused and four that were not, within one minute.
        var facts = Clean();
        var refused = Enumerable.Range(5, 9).Select(i => facts.Dials[0] with
        {
            Sequence = i,
            Placed = false,
            CallSid = null,
            HttpStatus = 429,
            ReceivedAt = Start.AddSeconds(20 + i),
            AnsweredAt = null,
            EndedAt = null,
            FinalStatus = null,
            PlacedEvent = 0,
            EndedEvent = 0,
            Conversation = null,
        });
        var verdict = Only(facts with { Dials = [.. facts.Dials, .. refused] });
        Assert.Equal(2, verdict.Exceeded.Count);
        Assert.All(verdict.Exceeded, c => Assert.Contains("13 dials in a minute, 12 are allowed", c.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Gap_InASentence_IsOurs()
    {
        var facts = Planted(talk => talk with { Gaps = [new GapRecord(1000, 300)] });
        var complaint = Assert.Single(Only(facts).Playout.Ours);
        Assert.Equal(Start.AddSeconds(2), complaint.At);
    }

    [Fact]
    public void Gap_WhileTheMachineHadNothingLeft_IsTheMachines_ButIsTold()
    {
        var asked = new List<(DateTimeOffset From, DateTimeOffset To)>();
        var facts = Planted(talk => talk with { Gaps = [new GapRecord(1000, 300)] }) with
        {
            WasStarved = (from, to) =>
            {
                asked.Add((from, to));
                return true;
            },
        };
        var verdict = Verdict.Of(facts, []);
        Assert.True(verdict.IsClean);
        Assert.Single(verdict.Playout.Machines);
        Assert.Equal([(Start.AddSeconds(2), Start.AddMilliseconds(2300))], asked);
    }

    [Fact]
    public void Gap_WhereThePersonCutIn_OrOnAHostThatWasHarmed_IsNone()
    {
        Assert.Empty(Only(Planted(talk => talk with { Gaps = [new GapRecord(1000, 300)], Clears = [new ClearRecord(1100, 400, 200)] })).Complaints);
        var harmed = Planted(talk => talk with { Gaps = [new GapRecord(1000, 300)] }) with
        {
            Disturbances = [new Disturbance(7001, Start.AddSeconds(4), DateTimeOffset.MaxValue)],
        };
        var verdict = Only(harmed);
        Assert.Empty(verdict.Complaints);
        Assert.Equal(0, verdict.Playout.Calls);
    }

    [Fact]
    public void Underruns_ByTheHostsOwnCount_AreOurs()
    {
        var facts = Clean();
        var verdict = Only(facts with { Sessions = [facts.Sessions[0] with { Underruns = 2 }, .. facts.Sessions.Skip(1)] });
        Assert.Contains("2 underruns", Assert.Single(verdict.Playout.Ours).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_ThatWasCutOff_OrLeftAlone_IsOurs()
    {
        Assert.Contains("cut off", Assert.Single(Only(Planted(t => t with { ClosedBy = "bot", CloseCode = 1006 })).Playout.Ours).Text, StringComparison.Ordinal);
        Assert.Contains(
            "left alone",
            Assert.Single(Only(Planted(t => t with { ClosedBy = "person", Said = [new SaidLine("hello", 0, 500, false)] })).Playout.Ours).Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(15.1, true)]
    [InlineData(15.0, false)]
    public void Resumption_ThatIsLateOrNever_IsFound(double? seconds, bool isFound)
        => Assert.Equal(isFound, ResumeJudge.Complaint(seconds is { } s ? TimeSpan.FromSeconds(s) : null, "campaign 1") is not null);

    [Fact]
    public void WhatWasSeenOnTheWay_MakesARunUnclean()
        => Assert.Equal(["round 1, Kill: health"], Verdict.Of(Clean(), ["round 1, Kill: health"]).Complaints);

    /// <summary>The verdict, no more than one of whose judges has something to say.</summary>
    private static Verdict Only(RunFacts facts)
    {
        var verdict = Verdict.Of(facts, []);
        Assert.InRange(
            new[] { verdict.Duplicates.Count, verdict.Lost.Count, verdict.Exceeded.Count, verdict.Playout.Ours.Count }.Count(count => count > 0), 0, 1);
        return verdict;
    }

    private static RunFacts Planted(Func<Conversation, Conversation> change)
    {
        var facts = Clean();
        return facts with { Dials = [facts.Dials[0] with { Conversation = change(facts.Dials[0].Conversation!) }, .. facts.Dials.Skip(1)] };
    }

    /// <summary>Four people, called one every five seconds, each call six seconds long.</summary>
    private static RunFacts Clean()
    {
        var sessions = Enumerable.Range(0, 4)
            .Select(i => new SessionRow(Guid.NewGuid(), Guid.NewGuid(), 1, $"+91900100{i}000", "ENDED", "COMPLETED", 0)).ToArray();
        return new RunFacts
        {
            Sessions = sessions,
            Contacts = [.. sessions.Select(s => new ContactRow(Campaign, s.Phone, "COMPLETED", "COMPLETED", 1))],
            Dials = [.. sessions.Select((s, i) => Dial(s, i))],
            CounterDifferences = [],
            Disturbances = [],
            Caps = Caps,
            WasStarved = (_, _) => false,
        };
    }

    private static LedgerEntry Dial(SessionRow session, int index)
    {
        // Placed and ended in the order p1 p2 e1 p3 e2 p4 e3 e4.
        var (placed, ended) = (new[] { 1, 2, 4, 6 }[index], new[] { 3, 5, 7, 8 }[index]);
        var received = Start.AddSeconds(5 * index);
        return new LedgerEntry
        {
            Sequence = index + 1,
            ReceivedAt = received,
            Number = session.Phone,
            CallerId = "+918047191234",
            CustomField = $"{session.Id}",
            CallSid = $"sid-{index + 1}",
            Placed = true,
            HttpStatus = 200,
            StreamUrl = "ws://127.0.0.1:7001/media",
            Media = true,
            AnsweredAt = received.AddSeconds(1),
            EndedAt = received.AddSeconds(6),
            FinalStatus = "completed",
            PlacedEvent = placed,
            EndedEvent = ended,
            Conversation = new Conversation
            {
                CallSid = $"sid-{index + 1}",
                Number = session.Phone,
                Person = "brief",
                StreamSid = "stream",
                SampleRate = 8000,
                StartedMs = 5,
                ClosedBy = "bot",
                CloseCode = 1000,
                EndedMs = 5000,
            },
        };
    }
}
