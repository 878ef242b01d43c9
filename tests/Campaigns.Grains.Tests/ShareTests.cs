using Campaigns.Grains.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>Promise 4: two campaigns that want more than there is share it by weight, and what one leaves is the other's.</summary>
public sealed class ShareTests
{
    private const int Sibling = 5000;

    private static readonly SeedShape Lighter = new()
    {
        Contacts = 600,
        Weight = 1,
        CallsPerMinute = 600,
        AccountCallsPerMinute = 600,
        MaxConcurrent = 1000,
        OrganizationCap = 2000,
    };

    private static readonly SeedShape Heavier = Lighter with { Weight = 3, FirstNumber = Sibling };

    [PostgresFact]
    public async Task Rate_OfOneAccountWithWeightsOneAndThree_IsSharedOneToThree()
    {
        await using var bed = await GrainBed.StartAsync(Lighter with { AccountCallsPerMinute = 120 }, silos: 2);
        var heavier = await bed.Seed.CreateSiblingAsync(Heavier);
        await bed.DriveAsync();
        await bed.DriveAsync(heavier);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(220));

        // The slots up to the first tick were booked when only one of them had asked; the other's clock may make up for that.
        var (light, heavy) = Dials(bed, bed.Seed.Now.AddSeconds(20));
        Assert.True(light + heavy > 375, $"{light + heavy} dials do not press against the account's rate.");
        Assert.Equal(3.0, (double)heavy / light, 0.15);

        // The heavier one stops: the whole rate is the other's.
        await bed.StopAsync(bed.CampaignOf(heavier).PauseAsync("enough", CancellationToken.None));
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(5));
        var alone = bed.Driver.Now;
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.InRange(Dials(bed, alone).Light, 18, 20);
    }

    [PostgresFact]
    public async Task Lines_OfOneOrganizationWithWeightsOneAndThree_AreSharedOneToThree()
    {
        var talk = TimeSpan.FromSeconds(4);
        await using var bed = await GrainBed.StartAsync(Lighter with { OrganizationCap = 16 }, silos: 2);
        var heavier = await bed.Seed.CreateSiblingAsync(Heavier);
        await bed.DriveAsync();
        await bed.DriveAsync(heavier);
        var ended = 0;
        while (bed.Driver.Now < bed.Seed.Now.AddSeconds(80))
        {
            await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(0.5));
            var ledger = bed.Carrier.Ledger;
            Assert.True(ledger.Count - ended <= 16, $"{ledger.Count - ended} live calls.");
            for (; ended < ledger.Count && ledger[ended].At + talk <= bed.Driver.Now; ended++)
            {
                await bed.EndAsync(ledger[ended], CallOutcome.Completed);
            }
        }

        // Once both have had their first lines and the first of them have changed hands.
        var (light, heavy) = Dials(bed, bed.Seed.Now.AddSeconds(10));
        Assert.True(light + heavy > 200, $"{light + heavy} dials do not press against the lines.");
        Assert.Equal(3.0, (double)heavy / light, 0.15);
    }

    private static (int Light, int Heavy) Dials(GrainBed bed, DateTimeOffset since)
    {
        var dials = bed.Carrier.Ledger.Where(d => d.At >= since).ToList();
        var heavy = dials.Count(d => int.Parse(d.Phone[^4..], System.Globalization.CultureInfo.InvariantCulture) >= Sibling);
        return (dials.Count - heavy, heavy);
    }
}
