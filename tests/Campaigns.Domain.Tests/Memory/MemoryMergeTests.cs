using Campaigns.Calls;
using Campaigns.Domain.Memory;
using Campaigns.LiveModel;

namespace Campaigns.DomainTests.Memory;

public sealed class MemoryMergeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 4, 30, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 11, 18);

    [Fact]
    public void Decide_WhenNothingIsKnown_AddsTheMostCertainFirst()
    {
        var changes = MemoryMerge.Decide(default, [Said("a", "1", 0.5), Said("Renewal Month", "  March\n", 0.9), Said("c", "3", 0.39)], Now);

        Assert.Equal([("renewal_month", "March"), ("a", "1")], changes.Add.Select(f => (f.Key, f.Value)));
        Assert.Empty(changes.Superseded);
        Assert.Empty(changes.Confirmed);
    }

    [Theory]
    [InlineData("March")]
    [InlineData(" march. ")]
    public void Decide_WhenSaidAgain_Confirms(string value)
    {
        var old = Known("renewal_month", "March", 0.6);

        var changes = MemoryMerge.Decide([old], [Said("renewal_month", value, 0.8)], Now);

        Assert.Empty(changes.Add);
        Assert.Equal([KeyValuePair.Create(old.Id, 0.76)], changes.Confirmed);
    }

    [Theory]
    [InlineData(0.9, 0.61, true)]
    [InlineData(0.9, 0.6, false)]
    [InlineData(0.5, 0.4, true)]
    [InlineData(0.5, 1, true)]
    public void Decide_WhenContradicted_SupersedesUnlessMuchLessCertain(double before, double after, bool superseded)
    {
        var old = Known("renewal_month", "March", before);

        var changes = MemoryMerge.Decide([old], [Said("x", "y", 1), Said("renewal_month", "April", after)], Now);

        Assert.Equal(superseded, changes.Superseded.ContainsKey(old.Id));
        if (superseded)
        {
            Assert.Equal("April", changes.Add[changes.Superseded[old.Id]].Value);
        }
    }

    [Fact]
    public void Decide_WhenOneThingIsSaidTwice_TheLastAndMostCertainHolds()
    {
        var changes = MemoryMerge.Decide([], [Said("a", "1", 0.8, 2), Said("A", "2", 0.8, 6), Said("a", "3", 0.5, 9)], Now);

        Assert.Equal("2", Assert.Single(changes.Add).Value);
    }

    [Fact]
    public void Decide_WhenAFactHasExpired_ItGivesWay()
    {
        var expired = Known("trip", "Goa", 0.99, Today.AddDays(-1));
        var lasting = Known("visit", "Goa", 0.99, Today);

        var changes = MemoryMerge.Decide(
            [expired, lasting], [Said("trip", "Goa", 0.5), Said("visit", "Pune", 0.5), Said("past", "x", 1) with { ValidUntil = Today.AddDays(-1) }], Now);

        Assert.Equal("trip", Assert.Single(changes.Add).Key);
        Assert.Equal([expired.Id], changes.Superseded.Keys);
    }

    [Fact]
    public void Decide_WhenTheSameLastsLonger_ReplacesIt()
    {
        var old = Known("visit", "Goa", 0.6, Today);

        var changes = MemoryMerge.Decide([old], [Said("visit", "goa", 0.6) with { ValidUntil = Today.AddDays(9) }], Now);

        Assert.Equal(Today.AddDays(9), Assert.Single(changes.Add).ValidUntil);
        Assert.Equal([old.Id], changes.Superseded.Keys);
    }

    [Fact]
    public void Decide_WhenThereIsNoRoom_StillReplaces()
    {
        var known = Enumerable.Range(0, MemoryMerge.MostFacts).Select(i => Known($"k{i}", "old", 0.5)).ToArray();

        var changes = MemoryMerge.Decide([.. known], [Said("new", "x", 1), Said("k7", "changed", 0.6)], Now);

        Assert.Equal("k7", Assert.Single(changes.Add).Key);
        Assert.Equal([known[7].Id], changes.Superseded.Keys);
    }

    [Theory]
    [InlineData("", "x", 0.9)]
    [InlineData("!?", "x", 0.9)]
    [InlineData("a", " ", 0.9)]
    [InlineData("a", "x", double.NaN)]
    [InlineData("a", "x", -1)]
    public void Decide_OfWhatIsNoFact_ChangesNothing(string key, string value, double confidence) =>
        Assert.Empty(MemoryMerge.Decide([], [Said(key, value, confidence), null!], Now).Add);

    [Fact]
    public void Decide_WhateverIsKnownAndFound_LeavesOneFactPerKeyWithinTheBound()
    {
        Law.Holds(
            dice =>
            {
                var known = Enumerable.Range(0, dice.Int(0, 60)).Select(i => Known($"k{i}", dice.Of("a", "b"), dice.Int(0, 10) / 10.0, Until(dice))).ToArray();
                var found = Enumerable.Range(0, dice.Int(0, 40)).Select(_ =>
                    Said(dice.Of("k", "K ", "n") + dice.Int(0, 70), dice.Of("a", "A.", "b", ""), dice.Int(-1, 12) / 10.0, dice.Int(1, 9)) with { ValidUntil = Until(dice) });

                var changes = MemoryMerge.Decide([.. known], [.. found], Now);

                var left = known.Where(k => !changes.Superseded.ContainsKey(k.Id)).ToArray();
                var keys = left.Select(k => k.Key).Concat(changes.Add.Select(f => f.Key)).ToArray();
                Assert.Equal(keys.Length, keys.Distinct().Count());
                var before = known.Count(k => !(k.ValidUntil < Today));
                var after = left.Count(k => !(k.ValidUntil < Today)) + changes.Add.Length;
                Assert.True(after <= Math.Max(MemoryMerge.MostFacts, before), $"{before} → {after}");
                Assert.All(changes.Add, f => Assert.Matches("^[a-z0-9][a-z0-9_]{0,59}$", f.Key));
                Assert.All(changes.Add, f => Assert.InRange(f.Confidence, MemoryMerge.LeastConfidence, 1));
                Assert.Equal(changes.Superseded.Count, changes.Superseded.Values.Distinct().Count());
                Assert.All(changes.Superseded.Values, i => Assert.InRange(i, 0, changes.Add.Length - 1));
                Assert.All(changes.Superseded.Keys.Concat(changes.Confirmed.Keys), id => Assert.Contains(known, k => k.Id == id));
                Assert.Empty(changes.Superseded.Keys.Intersect(changes.Confirmed.Keys));
                Assert.All(changes.Confirmed, c => Assert.InRange(c.Value, known.Single(k => k.Id == c.Key).Confidence - 0.01, 1));
            },
            throws: 200);

        static DateOnly? Until(Dice dice) => dice.Of<DateOnly?>(null, null, Today.AddDays(-3), Today, Today.AddDays(3));
    }

    private static MemoryFact Known(string key, string value, double confidence, DateOnly? until = null) =>
        new(Guid.NewGuid(), key, value, confidence, null, null, Now.AddDays(-9), until);

    private static ExtractedFact Said(string key, string value, double confidence, int turn = 2) => new(key, value, confidence, turn);
}
