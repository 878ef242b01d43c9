using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Testing;
using CarrierSimulator;
using Xunit.Abstractions;

namespace Campaigns.EndToEnd.Tests;

public sealed class EveryFateTests(PostgresFixture fixture, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Campaign_WhenEveryFateIsInTheAudience_EndsEachNumberAsItsDigitsPromise()
    {
        var digits = Enumerable.Range(0, 100).Where(d => d is not 76 and not 97).ToList();
        await using var bed = await CampaignBed.CreateAsync(
            fixture,
            new SeedShape { Numbers = CampaignBed.Numbers(98, digits), MaxConcurrent = 40, AttemptsPerDay = 10 },
            new CarrierSimulatorOptions { Speed = 40, CallsPerMinute = null, CallbackFormat = CallbackFormat.Rotate });
        var host = await bed.StartHostAsync("solo");

        var counts = await bed.WhenCampaignIsAsync(CampaignStatus.Completed, TimeSpan.FromSeconds(90));

        output.WriteLine(string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}")));
        output.WriteLine(host.Log.Text);
        Assert.Empty(await bed.BrokenPromisesAsync());
        await bed.NobodyIsCalledTwiceAsync();
        await bed.NobodyIsLostAsync();
        bed.CapsHold(40, 60_000);
    }
}
