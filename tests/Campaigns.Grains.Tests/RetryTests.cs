using System.Collections.Immutable;
using Campaigns.Grains.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>What did not reach the person is tried again as the policy says, never outside their hours.</summary>
public sealed class RetryTests
{
    private static readonly CallingWindow Daytime = new(new TimeOnly(10, 0), new TimeOnly(21, 0));

    /// <summary>No answer is tried a second time, at once.</summary>
    internal static RetryPolicy NoAnswerTwice { get; } = Policy(2);

    [PostgresFact]
    public async Task NoAnswer_IsTriedAgainAfterEachBackOffUntilTheAttemptsAreUsedUp()
    {
        await using var bed = await GrainBed.DriveAsync(
            new SeedShape { Contacts = 1, Retry = Policy(3, TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)), AttemptsPerDay = 5 });
        var start = bed.Driver.Now;

        await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.NoAnswer);
        await bed.JumpAsync(TimeSpan.FromMinutes(9.9));
        Assert.Single(bed.Carrier.Ledger);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(8));
        Assert.Equal(2, bed.Carrier.Ledger.Count);
        await bed.EndAsync(bed.Carrier.Ledger[1], CallOutcome.NoAnswer);
        await bed.JumpAsync(TimeSpan.FromHours(0.99));
        Assert.Equal(2, bed.Carrier.Ledger.Count);
        await bed.JumpAsync(TimeSpan.FromHours(0.02));
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(3, bed.Carrier.Ledger.Count);
        await bed.EndAsync(bed.Carrier.Ledger[2], CallOutcome.NoAnswer);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.True(bed.Carrier.Ledger[1].At >= start.AddMinutes(10), "The second call came before its back-off was over.");
        Assert.Equal([1, 2, 3], (await bed.Seed.SessionsAsync()).Select(s => s.Attempt));
        Assert.Equal((ContactStatus.NoAnswer, 3), ((await bed.Seed.ContactAsync()).Status, (await bed.Seed.ContactAsync()).Attempts));
        Assert.Equal(CampaignStatus.Completed, await bed.Seed.StatusAsync());
    }

    [PostgresFact]
    public async Task Retry_WhenTheBackOffEndsAfterHours_WaitsForTheNextOpening()
    {
        // 20:55 in Kolkata; ten minutes later the window is shut until ten.
        var evening = new DateTimeOffset(2026, 1, 5, 15, 25, 0, TimeSpan.Zero);
        var opening = new DateTimeOffset(2026, 1, 6, 4, 30, 0, TimeSpan.Zero);
        await using var bed = await GrainBed.DriveAsync(
            new SeedShape { Contacts = 1, Now = evening, Window = Daytime, Retry = Policy(2, TimeSpan.FromMinutes(10)) });

        await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.NoAnswer);
        Assert.Equal(opening, (await bed.Seed.ContactAsync()).DueAt);
        await bed.JumpAsync(opening.AddSeconds(-1) - bed.Driver.Now);
        Assert.Single(bed.Carrier.Ledger);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(2, bed.Carrier.Ledger.Count);
        Assert.InRange(bed.Carrier.Ledger[1].At, opening, opening.AddSeconds(2));
    }

    [PostgresFact]
    public async Task FirstCall_WhenTheWindowIsShut_WaitsForTheOpeningInThePersonsOwnZone()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 2, Window = Daytime });
        await bed.Seed.ExecuteAsync(
            "UPDATE campaign_contacts SET time_zone = 'America/New_York' WHERE campaign_id = $1 AND position = 1", bed.Seed.CampaignId);
        var opening = new DateTimeOffset(2026, 1, 5, 15, 0, 0, TimeSpan.Zero);

        await bed.DriveAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal("+919000000002", Assert.Single(bed.Carrier.Ledger).Phone);
        await bed.JumpAsync(opening.AddSeconds(-1) - bed.Driver.Now);
        Assert.Single(bed.Carrier.Ledger);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));

        Assert.InRange(bed.Carrier.Ledger[1].At, opening, opening.AddSeconds(2));
    }

    [PostgresFact]
    public async Task Retry_WhenTheDaysAttemptsAreUsedUp_WaitsForTheirNextDay()
    {
        await using var bed = await GrainBed.DriveAsync(
            new SeedShape { Contacts = 1, Window = Daytime, AttemptsPerDay = 2, Retry = Policy(3) });
        var tomorrow = new DateTimeOffset(2026, 1, 6, 4, 30, 0, TimeSpan.Zero);

        await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.NoAnswer);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));
        await bed.EndAsync(bed.Carrier.Ledger[1], CallOutcome.NoAnswer);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(2, bed.Carrier.Ledger.Count);
        Assert.Equal(tomorrow, (await bed.Seed.ContactAsync()).DueAt);
        await bed.JumpAsync(tomorrow - bed.Driver.Now);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(3, bed.Carrier.Ledger.Count);
        Assert.Contains("DEFERRED attempts_per_day", await bed.Seed.DecisionsAsync((await bed.Seed.ContactAsync()).Id));
    }

    private static RetryPolicy Policy(int attempts, params TimeSpan[] backoff) => new()
    {
        Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty.Add(CallOutcome.NoAnswer, new RetryRule(attempts, [.. backoff])),
    };
}
