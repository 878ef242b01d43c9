using Campaigns.Carrier;
using Campaigns.Domain.Pacing;
using Campaigns.Grains.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>Promise 4: the caps hold at every instant, and dials are spaced by their slots.</summary>
public sealed class PacingTests
{
    [PostgresFact]
    public async Task Dials_WhenPeopleWait_AreSpacedBySlotsAndNeverEarly()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 60, CallsPerMinute = 130 });

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(12));

        var spacing = Pacing.Spacing(130);
        var dials = bed.Carrier.Ledger;
        Assert.Equal(12 * 130 * Pacing.Headroom / 60, dials.Count, 1.5);
        Assert.All(
            dials.Zip(dials.Skip(1)),
            pair => Assert.InRange(pair.Second.At - pair.First.At, spacing - TimeSpan.FromMilliseconds(1), spacing + TimeSpan.FromMilliseconds(2)));
        Assert.All(
            bed.Tape.Calls.Where(c => c.Method == "ContactStore.OpenSessionAsync"),
            c => Assert.True(c.BeganAt >= c.Argument<OpenSession>().Order.DialAt, $"{c} was before its slot."));
    }

    [PostgresTheory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Dials_WhenCallsEndAtRandom_NeverExceedACapAtAnyInstant(int seed)
    {
        var random = new Random(seed);
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 60, MaxConcurrent = 4, OrganizationCap = 6, CallsPerMinute = 600 }, silos: 2);
        var sibling = await bed.Seed.CreateSiblingAsync(new SeedShape { Contacts = 60, MaxConcurrent = 5, CallsPerMinute = 600, FirstNumber = 1000 });
        bed.Carrier.Answer = dial => random.Next(6) == 0 ? new PlaceCallResult.RejectedForNow(null, "429") : new PlaceCallResult.Accepted(dial.Sid);
        await bed.DriveAsync();
        await bed.DriveAsync(sibling);
        var most = 0;

        for (var step = 0; step < 60; step++)
        {
            await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(0.35));
            await InFlightAsync(bed, sibling);
            var running = await bed.Seed.ScalarAsync<string[]>(
                "SELECT coalesce(array_agg(carrier_sid), '{}') FROM sessions WHERE state = 'RINGING' AND organization_id = $1", bed.Seed.OrganizationId);
            most = Math.Max(most, running.Length);
            foreach (var sid in running.Where(_ => random.Next(3) == 0))
            {
                await bed.EndAsync(bed.Carrier.Ledger.Single(d => d.Sid == sid), CallOutcome.Completed);
            }
        }

        Assert.Equal(6, most);
        Assert.True(bed.Carrier.Ledger.Count > 30, $"Only {bed.Carrier.Ledger.Count} dials: the bed did not press against the caps.");
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
        Assert.Null(await sibling.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Claims_WhileAnswersAreOutstanding_CountThemAgainstTheCap()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 10, MaxConcurrent = 3, CallsPerMinute = 6000 });
        var answers = Enumerable.Range(0, 3).Select(_ => bed.Tape.HoldAfter("Carrier.PlaceCallAsync")).ToList();
        await bed.DriveAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(8));

        Assert.Equal(3, bed.Carrier.Ledger.Count);
        answers.ForEach(a => a.Release());
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(3, bed.Carrier.Ledger.Count);
        await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(4, bed.Carrier.Ledger.Count);
    }

    [PostgresFact]
    public async Task Dial_WhenItsSlotHasPassed_IsGivenBackAndNotMadeLate()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 4, CallsPerMinute = 240 });
        var claim = bed.Tape.HoldAfter("CampaignStore.ClaimAsync");
        await bed.Campaign.DriveAsync(CancellationToken.None);
        await claim.ReachedAsync();

        // The machine stands still between the claim and the dials.
        bed.Clock.Advance(TimeSpan.FromSeconds(2));
        claim.Release();
        await bed.Driver.SettleAsync();

        Assert.Empty(bed.Carrier.Ledger);
        Assert.All(await bed.Seed.ContactsAsync(), c => Assert.Equal((ContactStatus.Pending, 0), (c.Status, c.Attempts)));
        Assert.Contains("RELEASED slot_missed", await bed.Seed.DecisionsAsync((await bed.Seed.ContactsAsync())[0].Id));
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));
        var spacing = Pacing.Spacing(240) - TimeSpan.FromMilliseconds(1);
        Assert.Equal(4, bed.Carrier.Ledger.Count);
        Assert.All(bed.Carrier.Ledger.Zip(bed.Carrier.Ledger.Skip(1)), p => Assert.True(p.Second.At - p.First.At >= spacing, $"{p} bunch up."));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Dials_AfterAPause_StillKeepTheirDistance()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 20, CallsPerMinute = 60 });
        for (var i = 0; i < 4; i++)
        {
            await bed.StopAsync(bed.Campaign.PauseAsync("again", CancellationToken.None));
            await bed.Campaign.ResumeAsync(CancellationToken.None);
            await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2.2));
        }

        var spacing = Pacing.Spacing(60) - TimeSpan.FromMilliseconds(1);
        Assert.True(bed.Carrier.Ledger.Count >= 4, $"Only {bed.Carrier.Ledger.Count} dials.");
        Assert.All(bed.Carrier.Ledger.Zip(bed.Carrier.Ledger.Skip(1)), p => Assert.True(p.Second.At - p.First.At >= spacing, $"{p} bunch up."));
    }

    private static async Task InFlightAsync(GrainBed bed, CampaignSeed sibling)
    {
        var counts = await bed.Seed.ScalarAsync<int[]>(
            """
            SELECT ARRAY[count(*) FILTER (WHERE campaign_id = $1), count(*) FILTER (WHERE campaign_id = $2)]::int[]
            FROM campaign_contacts WHERE status IN ('DISPATCHED', 'IN_PROGRESS')
            """,
            bed.Seed.CampaignId, sibling.CampaignId);
        Assert.True(counts[0] <= 4 && counts[1] <= 5 && counts.Sum() <= 6, $"In flight: {counts[0]} and {counts[1]}.");
    }
}
