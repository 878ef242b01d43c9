using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Testing;
using CarrierSimulator;
using Xunit.Abstractions;

namespace Campaigns.EndToEnd.Tests;

/// <summary>
/// Hosts are killed without warning at moments drawn from a seed: when a dial reaches the carrier (its answer is lost), when a person
/// answers, when a call ends (its callback is lost or half handled), or the instant the host is up.
/// </summary>
public sealed class CrashTests(PostgresFixture fixture, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int Contacts = 300;
    private const int MaxConcurrent = 25;
    private const int CallsPerMinute = 500;
    private const int Kills = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("CAMPAIGNS_CRASH_SEED"), out var seed) ? seed : 20_260_105;

    [PostgresFact]
    public async Task Campaign_WhenItsHostIsKilledTwentyTimes_CallsNobodyTwiceAndLosesNobody()
    {
        output.WriteLine($"Seed {Seed}; set CAMPAIGNS_CRASH_SEED to draw other moments.");
        var random = new Random(Seed);
        await using var bed = await CreateBedAsync();
        var port = Loopback.FreePort();
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var doomed = await HostProcess.StartAsync(bed, $"doomed-{kill}", port);
            await WhenAsync(bed, Draw(random, bed), random.Next(1, 12));
            await doomed.KillAsync();
        }

        await using var last = await HostProcess.StartAsync(bed, "last", port);
        await JudgeAsync(bed);
    }

    [PostgresFact]
    public async Task Campaign_WhenOneOfTwoHostsDiesAndAThirdJoins_CallsNobodyTwiceAndLosesNobody()
    {
        output.WriteLine($"Seed {Seed}; set CAMPAIGNS_CRASH_SEED to draw other moments.");
        var random = new Random(Seed + 1);
        await using var bed = await CreateBedAsync();
        await using var first = await HostProcess.StartAsync(bed, "first");
        await using var second = await HostProcess.StartAsync(bed, "second");

        await WhenAsync(bed, Draw(random, bed), random.Next(30, 80));
        var owner = await bed.Seed.ScalarAsync<string>("SELECT lease_owner FROM campaigns WHERE id = $1", bed.Seed.CampaignId);
        output.WriteLine($"Killing the campaign's owner, {owner}.");
        await (owner.StartsWith("first", StringComparison.Ordinal) ? first : second).KillAsync();
        await using var third = await HostProcess.StartAsync(bed, "third");

        await JudgeAsync(bed);
    }

    private Task<CampaignBed> CreateBedAsync() => CampaignBed.CreateAsync(
        fixture,
        new SeedShape
        {
            // Everything but the numbers whose calls are never placed (what a crash makes of those is another outcome, rightly) and those that
            // answer 429, each of which slows the account down for a minute.
            Numbers = CampaignBed.Numbers(Contacts, [.. Enumerable.Range(0, 100).Where(d => d is not (72 or 73 or 74 or 76 or 97))]),
            MaxConcurrent = MaxConcurrent,
            CallsPerMinute = CallsPerMinute,
            AccountCallsPerMinute = 60_000,
            AttemptsPerDay = 20,
        },
        new CarrierSimulatorOptions { Speed = 60, CallsPerMinute = null, CallbackFormat = CallbackFormat.Rotate, CallbackRetryDelay = TimeSpan.FromMilliseconds(300) });

    private async Task JudgeAsync(CampaignBed bed)
    {
        var counts = await bed.WhenCampaignIsAsync(CampaignStatus.Completed, Patience);
        var summary = bed.Carrier.Ledger.Summary();
        output.WriteLine(string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"))
            + $"; {summary.Dials} dials, {summary.MaxConcurrent} at once, {summary.MaxDialsPerMinute} in a minute");
        await bed.NobodyIsCalledTwiceAsync();
        await bed.NobodyIsLostAsync();
        bed.CapsHold(MaxConcurrent, CallsPerMinute);
        Assert.Equal(Contacts, counts.Values.Sum());
    }

    private static Predicate<LedgerEntry>? Draw(Random random, CampaignBed bed) => random.Next(5) switch
    {
        0 => e => e.AnsweredAt is not null,
        1 => e => e.EndedAt is not null,
        2 => e => e.Callbacks.Count > 0,
        3 when bed.Carrier.Ledger.Entries.Count > 0 => null,
        _ => _ => true,
    };

    /// <summary>Returns at the n-th new entry the moment is true of; at once when there is none to wait for.</summary>
    private static async Task WhenAsync(CampaignBed bed, Predicate<LedgerEntry>? moment, int n)
    {
        if (moment is null)
        {
            return;
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var known = bed.Carrier.Ledger.Entries.Where(e => moment(e)).Select(e => e.Sequence).ToHashSet();
        try
        {
            for (var seen = 0; seen < n; seen++)
            {
                known.Add((await bed.Carrier.Ledger.WhenAsync(e => moment(e) && !known.Contains(e.Sequence), patience.Token)).Sequence);
            }
        }
        catch (OperationCanceledException)
        {
            // So late in the campaign that no such moment comes any more: kill now.
        }
    }
}
