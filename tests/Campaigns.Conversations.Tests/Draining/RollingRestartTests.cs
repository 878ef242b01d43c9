using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Domain.Pacing;
using Campaigns.Testing;
using CarrierSimulator;
using Xunit.Abstractions;

namespace Campaigns.Conversations.Tests.Draining;

/// <summary>Hosts as processes, told to go by the operating system's own signals while people are on the line.</summary>
public sealed class RollingRestartTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int CampaignCount = 3;
    private const int CallsPerMinute = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What a change of owner may cost beyond the distance of two dials, on a machine that has much else to do: a host that has never dialled
    /// may miss its first slots. Without the news of a lease that is let go it would be a minute.
    /// </summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly PostgresFixture fixture = new();

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [PostgresFact]
    public async Task Cluster_RestartedHostByHostUnderLoad_CutsNobodyOffAndKeepsItsPace()
    {
        await using var bed = await ConversationBed.StartAsync(fixture, Shape(0), withHost: false);
        var campaigns = new List<CampaignSeed> { bed.Seed };
        var hosts = new List<HostProcess>();
        try
        {
            // A host looks for campaigns when it starts: each finds one.
            hosts.Add(await StartAsync(bed, "old-1"));
            for (var i = 1; i < CampaignCount; i++)
            {
                campaigns.Add(await bed.Seed.CreateSiblingAsync(Shape(i)));
                hosts.Add(await StartAsync(bed, $"old-{i + 1}"));
            }

            var held = new List<int>();
            for (var i = 0; i < CampaignCount; i++)
            {
                var drained = DrainAsync(hosts[i]);
                hosts.Add(await StartAsync(bed, $"new-{i + 1}"));
                held.Add(await drained);
            }

            output.WriteLine($"Calls at the signal, host by host: {string.Join(", ", held)}.");
            Assert.True(held.Count(calls => calls > 0) >= 2, "Most hosts had no call when they were told to go.");
            foreach (var campaign in campaigns)
            {
                await bed.WhenSettledAsync(Patience, campaign);
            }
        }
        catch
        {
            hosts.ForEach(host => output.WriteLine(host.Output));
            throw;
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }

        await JudgeAsync(bed, campaigns);
    }

    [PostgresFact]
    public async Task Host_WhenToldTwice_EndsAtOnceAndItsCallIsDueAgain()
    {
        await using var bed = await ConversationBed.StartAsync(
            fixture, Shape(0) with { Numbers = ["+915555003000"] }, withHost: false);
        using var deadline = new CancellationTokenSource(Patience);
        await using var host = await StartAsync(bed, "only");
        await bed.Carrier.Conversations.WhenAsync(c => c.SoundsReceived.Count > 0, deadline.Token);

        await host.TerminateAsync();
        await WhenDrainingAsync(host);
        await host.TerminateAsync();

        Assert.Equal(0, await host.WhenEndedAsync(TimeSpan.FromSeconds(15)));
        Assert.Contains("1 calls are not waited for", host.Output, StringComparison.Ordinal);
        Assert.Equal("INTERRUPTED_BY_US", await bed.Seed.ScalarAsync<string>(
            "SELECT coalesce(outcome, conversation_outcome, state) FROM sessions WHERE campaign = $1", bed.Seed.CampaignId));
        await bed.WhenQuietAsync(TimeSpan.FromSeconds(10));
    }

    private static SeedShape Shape(int campaign) => new()
    {
        // Brief people, who ring 0.1 to 0.4 s here and talk for some seconds.
        Numbers = [.. Enumerable.Range(0, 18).Select(i => $"+9198{campaign + 1}{i:000}10{i:00}")],
        Instructions = "Ask whether they will renew.",
        CallsPerMinute = CallsPerMinute,
        Dispositions = [new DispositionSpec { Code = "interested" }, new DispositionSpec { Code = "not_interested" }],
        Retry = new RetryPolicy
        {
            Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty.Add(CallOutcome.InterruptedByUs, new RetryRule(2, [TimeSpan.FromMilliseconds(500)])),
        },
    };

    // Nobody looks for campaigns in time, and no lease runs out: whoever takes over has heard of it.
    private Task<HostProcess> StartAsync(ConversationBed bed, string name) => HostProcess.StartAsync(
        bed, fixture.ConnectionString, name, configuration =>
        {
            configuration["Campaigns:Drive:LeaseDuration"] = "00:01:00";
            configuration["Campaigns:Drive:SupervisorPeriod"] = "00:01:00";
            configuration["Campaigns:Silo:DrainNotice"] = "00:00:00.500";
        });

    /// <summary>SIGTERM until the process is gone; what it said of itself on the way.</summary>
    /// <returns>How many calls it held at the signal.</returns>
    private static async Task<int> DrainAsync(HostProcess host)
    {
        Assert.Equal(200, (await host.GetAsync("/health/ready")).Status);
        var before = JsonNode.Parse((await host.GetAsync("/health")).Body)!;
        Assert.Equal(("ready", "ready"), ((string?)before["status"], (string?)before["details"]!["silo"]!["state"]));

        await host.TerminateAsync();

        var silo = await WhenDrainingAsync(host);
        var ready = await host.GetAsync("/health/ready");
        Assert.Equal(503, ready.Status);
        Assert.Contains("drains", ready.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await host.GetAsync("/health/live")).Status);
        Assert.NotNull(silo["drainingUntil"]);
        Assert.Equal(0, await host.WhenEndedAsync(Patience));
        Assert.Contains("no call is left", host.Output, StringComparison.Ordinal);
        return (int)silo["liveCalls"]!;
    }

    private static async Task<JsonNode> WhenDrainingAsync(HostProcess host)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await timer.WaitForNextTickAsync(deadline.Token))
        {
            var silo = JsonNode.Parse((await host.GetAsync("/health")).Body)!["details"]!["silo"]!;
            if ((string?)silo["state"] == "draining")
            {
                return silo;
            }
        }

        throw new InvalidOperationException("A timer does not end.");
    }

    private async Task JudgeAsync(ConversationBed bed, List<CampaignSeed> campaigns)
    {
        var entries = bed.Carrier.Ledger.Entries;
        var everybody = campaigns.Sum(_ => Shape(0).Numbers!.Length);
        Assert.Equal(everybody, entries.Count(e => e.Placed));
        Assert.Equal(everybody, LedgerSummary.Of(entries).DistinctNumbers);
        Assert.Equal(everybody, bed.Carrier.Conversations.All.Count);

        // How well the last words were heard depends on how busy the machine is; that they were played to their end does not.
        Assert.All(bed.Carrier.Conversations.All, c => Assert.True((c.ClosedBy, c.CloseCode) == ("bot", 1000), $"{c.Number} {c.ClosedBy} {c.CloseCode} {c.Note}"));
        Assert.Equal((long)everybody, await bed.Seed.ScalarAsync<long>(
            """
            SELECT count(*) FROM sessions s WHERE outcome = 'COMPLETED' AND EXISTS (
              SELECT 1 FROM session_turns t WHERE t.session_id = s.id AND t.speaker = 'AGENT' AND t.text LIKE '%Goodbye%' AND NOT t.interrupted)
            """));
        foreach (var (campaign, index) in campaigns.Select((c, i) => (c, i)))
        {
            Assert.Equal("COMPLETED not_interested 1", await bed.Seed.ScalarAsync<string>(
                "SELECT string_agg(DISTINCT status || ' ' || disposition || ' ' || attempts, ',') FROM campaign_contacts WHERE campaign_id = $1", campaign.CampaignId));
            Assert.Null(await campaign.CounterDifferenceAsync());
            JudgePace(entries.Where(e => e.Number.StartsWith($"+9198{index + 1}", StringComparison.Ordinal)), index);
        }
    }

    private void JudgePace(IEnumerable<LedgerEntry> dials, int campaign)
    {
        var spacing = Pacing.Spacing(CallsPerMinute);
        var inOrder = dials.OrderBy(e => e.ReceivedAt).ToList();
        foreach (var (last, next) in inOrder.Zip(inOrder.Skip(1)))
        {
            var gap = next.ReceivedAt - last.ReceivedAt;
            var hasMoved = new Uri(last.StatusCallback!).Port != new Uri(next.StatusCallback!).Port;
            if (hasMoved)
            {
                output.WriteLine($"Campaign {campaign}: from host to host in {gap.TotalSeconds:0.000} s, between two dials of one {spacing.TotalSeconds:0.000} s.");
            }

            Assert.True(gap < spacing + Slack, $"Campaign {campaign} dialled nobody for {gap}, host changed: {hasMoved}.");
        }
    }
}
