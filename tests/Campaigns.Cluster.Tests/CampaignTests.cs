using Campaigns.Cluster.Tests.Bed;
using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Testing;
using CarrierSimulator;
using Xunit.Abstractions;

namespace Campaigns.Cluster.Tests;

/// <summary>Silos leave, die and join while a campaign dials.</summary>
public sealed class CampaignTests(PostgresFixture fixture, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int Contacts = 1000;
    private const int MaxConcurrent = 40;
    private const int CallsPerMinute = 3000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [PostgresFact]
    public async Task Campaign_ThroughAKillADrainAndAJoin_CallsNobodyTwiceAndLosesNobody()
    {
        await using var bed = await CampaignBed.CreateAsync(
            fixture,
            new SeedShape
            {
                // Not the numbers whose calls are never placed (what a crash makes of those is another outcome, rightly), nor those that answer 429.
                Numbers = CampaignBed.Numbers(Contacts, [.. Enumerable.Range(0, 100).Where(d => d is not (72 or 73 or 74 or 76 or 97))]),
                MaxConcurrent = MaxConcurrent,
                CallsPerMinute = CallsPerMinute,
                AccountCallsPerMinute = 60_000,
                AttemptsPerDay = 20,
            },
            new CarrierSimulatorOptions { Speed = 60, CallsPerMinute = null, CallbackFormat = CallbackFormat.Rotate, CallbackRetryDelay = TimeSpan.FromMilliseconds(300) });
        await using var cluster = new ProcessCluster(bed);
        await cluster.StartAsync("one", "two", "three");
        await cluster.StartApiAsync();

        // Whoever drives is killed, whoever drives then is told to go, and another comes for each.
        await DialledAsync(bed, cluster, 200);
        var owner = await cluster.OwnerAsync();
        var killed = owner == "api" ? "one" : owner;
        var clock = TimeProvider.System.GetTimestamp();
        await cluster[killed].KillAsync();
        output.WriteLine($"{killed} was killed; {await NextOwnerAsync(cluster, killed)} drives after {TimeProvider.System.GetElapsedTime(clock).TotalSeconds:0.0} s.");
        await cluster.StartAsync("four");
        await DialledAsync(bed, cluster, 550);
        var drained = await SiloAsync(cluster, killed);
        clock = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await cluster[drained].TerminateAsync());
        output.WriteLine($"{drained} was told to go and was gone after {TimeProvider.System.GetElapsedTime(clock).TotalSeconds:0.0} s.");
        await cluster.StartAsync("five");

        var counts = await CompletedAsync(bed, cluster);
        var summary = bed.Carrier.Ledger.Summary();
        output.WriteLine(string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"))
            + $"; {summary.Dials} dials, {summary.MaxConcurrent} at once, {summary.MaxDialsPerMinute} in a minute");
        await bed.NobodyIsCalledTwiceAsync();
        await bed.NobodyIsLostAsync();
        bed.CapsHold(MaxConcurrent, CallsPerMinute);
        Assert.Equal(Contacts, counts.Values.Sum());
    }

    /// <summary>The silo that drives; any that lives, where the API's own does.</summary>
    private static async Task<string> SiloAsync(ProcessCluster cluster, string dead)
        => await cluster.OwnerAsync() is var owner && owner != "api" ? owner : new[] { "one", "two", "three" }.First(name => name != dead);

    private static async Task<string> NextOwnerAsync(ProcessCluster cluster, string before)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var deadline = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromMinutes(1);)
        {
            if (await cluster.OwnerAsync() is var owner && owner != before)
            {
                return owner;
            }

            await timer.WaitForNextTickAsync();
        }

        throw new TimeoutException($"{before} was killed and nobody has taken its campaign over after a minute.\n{cluster.Outputs}");
    }

    private static async Task DialledAsync(CampaignBed bed, ProcessCluster cluster, int dials)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await bed.Carrier.Ledger.WhenAsync(entry => entry.Sequence >= dials, patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The carrier has seen {bed.Carrier.Ledger.Entries.Count} dials after {Patience}, not {dials}.\n{cluster.Outputs}");
        }
    }

    private static async Task<Dictionary<ContactStatus, int>> CompletedAsync(CampaignBed bed, ProcessCluster cluster)
    {
        try
        {
            return await bed.WhenCampaignIsAsync(CampaignStatus.Completed, Patience);
        }
        catch (Xunit.Sdk.FailException failure)
        {
            throw new Xunit.Sdk.XunitException($"{failure.Message}\n{cluster.Outputs}", failure);
        }
    }
}
