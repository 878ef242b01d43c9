using Campaigns.Domain.Pacing;
using Campaigns.Grains.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>Promise 4: the caps hold at every instant, and dials are spaced by their slots.</summary>
public sealed class PacingTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Dials_WhenPeopleWait_AreSpacedBySlotsAndNeverEarly()
    {
        await using var bed = await GrainBed.DriveAsync(fixture, new SeedShape { Contacts = 60, CallsPerMinute = 130 });

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(12));

        var spacing = Pacing.Spacing(130);
        var dials = bed.Carrier.Ledger;
        Assert.Equal(12 * 130 * Pacing.Headroom / 60, dials.Count, 1.5);
        Assert.All(
            dials.Zip(dials.Skip(1)),
            pair => Assert.InRange(pair.Second.At - pair.First.At, spacing - TimeSpan.FromMilliseconds(1), spacing + TimeSpan.FromMilliseconds(2)));
        Assert.All(
            bed.Tape.Calls.Where(c => c.Method == "ContactStore.OpenSessionAsync"),
            c => Assert.True(c.BeganAt >= c.Argument<Stores.OpenSession>().Order.DialAt, $"{c} was before its slot."));
    }
}
