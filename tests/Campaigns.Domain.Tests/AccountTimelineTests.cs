using Campaigns.Domain.Pacing;

namespace Campaigns.DomainTests;

public sealed class AccountTimelineTests
{
    private static readonly DateTimeOffset Now = PacingSimulation.Epoch;
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(0.3);

    [Fact]
    public void Take_WhenALaterSlotIsTaken_LeavesThoseBeforeItOpen()
    {
        var timeline = new AccountTimeline(Now, []).Take(Now.AddSeconds(1), Spacing, Now);

        Assert.Equal([Now, Now.AddSeconds(0.3), Now.AddSeconds(0.6)], timeline.Open.AsEnumerable());
        Assert.Equal(Now.AddSeconds(1.3), timeline.NextSlotAt);
        Assert.Equal(Now.AddSeconds(0.3), timeline.Earliest(Now.AddSeconds(0.1)));
        Assert.Equal(Now.AddSeconds(1.3), timeline.Earliest(Now.AddSeconds(0.7)));
    }

    [Fact]
    public void Take_WhenAnOpenSlotIsTaken_IsNotOpenAnyMore()
    {
        var timeline = new AccountTimeline(null, []).Take(Now.AddSeconds(1), Spacing, Now).Take(Now.AddSeconds(0.3), Spacing, Now);

        Assert.Equal([Now, Now.AddSeconds(0.6)], timeline.Open.AsEnumerable());
        Assert.Equal(Now.AddSeconds(1.3), timeline.NextSlotAt);
    }

    [Fact]
    public void Take_WhenTimesAreRandom_KeepsEveryTwoSlotsApartAndForgetsThePast()
        => Law.Holds(dice =>
        {
            var random = dice.Random();
            var (timeline, now, taken) = (new AccountTimeline(null, default), Now, new List<DateTimeOffset>());
            for (var i = 0; i < 300; i++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(0, 400));
                var slot = timeline.Earliest(now + TimeSpan.FromMilliseconds(random.Next(0, 3_000)));
                timeline = timeline.Take(slot, Spacing, now);
                taken.Add(slot);
                Assert.True(timeline.Open.Length <= AccountTimeline.MaxOpen);
                Assert.Equal(timeline.Open.Order(), timeline.Open);
            }

            taken.Sort();
            Assert.All(taken.Zip(taken.Skip(1)), p => Assert.True(p.Second - p.First >= Spacing, $"{p.First:O} and {p.Second:O}."));
        });
}
