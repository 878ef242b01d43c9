using Campaigns.Postgres.Campaigns;
using Campaigns.Postgres.Carrier;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Claims;

/// <summary>What campaigns of one account leave to each other.</summary>
public sealed class PermitTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [PostgresFact]
    public async Task Claim_WhenWeightsAreOneAndThreeUnderOneCap_SharesTheLinesOneToThree()
    {
        var one = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 400, OrganizationCap = 20 });
        var three = await one.CreateSiblingAsync(new SeedShape { Contacts = 800, FirstNumber = 10_000, Weight = 3 });
        var leases = new[] { await one.AcquireAsync(), await three.AcquireAsync() };
        var live = new[] { new Queue<Grains.DialOrder>(), new Queue<Grains.DialOrder>() };
        var held = new int[2];
        for (var tick = 0; tick < 60; tick++)
        {
            for (var i = 0; i < 2; i++)
            {
                await EndAsync(i == 0 ? one : three, live[i], (live[i].Count + 3) / 4);
                (await (i == 0 ? one : three).ClaimAsync(leases[i], batch: 50)).Orders.ToList().ForEach(live[i].Enqueue);
                Assert.True(live[0].Count + live[1].Count <= 20, "More than the organization may have.");
            }

            held[0] += tick < 10 ? 0 : live[0].Count;
            held[1] += tick < 10 ? 0 : live[1].Count;
            Advance(one, three);
        }

        Assert.InRange((double)held[0] / held.Sum(), 0.2375, 0.2625);
        Assert.True(held.Sum() >= 0.9 * 50 * 20, $"{held.Sum()} line seconds of 1000.");
        Assert.Null(await one.CounterDifferenceAsync());
        Assert.Null(await three.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Claim_WhenWeightsAreOneAndThreeOnOneAccount_SharesItsRateOneToThree()
    {
        var one = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 600, AccountCallsPerMinute = 200 });
        var three = await one.CreateSiblingAsync(new SeedShape { Contacts = 600, FirstNumber = 10_000, Weight = 3 });
        var leases = new[] { await one.AcquireAsync(), await three.AcquireAsync() };
        var slots = new[] { new List<DateTimeOffset>(), new List<DateTimeOffset>() };
        for (var tick = 0; tick < 180; tick++)
        {
            slots[0].AddRange((await one.ClaimAsync(leases[0], batch: 50)).Orders.Select(o => o.DialAt));
            slots[1].AddRange((await three.ClaimAsync(leases[1], batch: 50)).Orders.Select(o => o.DialAt));
            Advance(one, three);
        }

        var all = slots.SelectMany(s => s).Order().ToList();
        Assert.InRange((double)slots[0].Count / all.Count, 0.2375, 0.2625);
        Assert.InRange(all.Count, 570, 600);
        Assert.All(all.Zip(all.Skip(1)), p => Assert.True(p.Second - p.First >= TimeSpan.FromMilliseconds(300), "Two slots too close."));
    }

    [PostgresFact]
    public async Task Claim_WhenTheOtherHasNobodyLeft_TakesEverything()
    {
        var busy = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 100, OrganizationCap = 12 });
        var idle = await busy.CreateSiblingAsync(new SeedShape { Contacts = 2, FirstNumber = 10_000, Weight = 9 });
        var (busyLease, idleLease) = (await busy.AcquireAsync(), await idle.AcquireAsync());

        Assert.Equal(2, (await idle.ClaimAsync(idleLease, batch: 50)).Orders.Length);
        await idle.ClaimAsync(idleLease, batch: 50);

        Assert.Equal(10, (await busy.ClaimAsync(busyLease, batch: 50)).Orders.Length);
    }

    [PostgresFact]
    public async Task Claim_WhenAnotherCampaignsCallbackIsDue_LeavesItTheNextLine()
    {
        var ordinary = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 50, OrganizationCap = 5 });
        var other = await ordinary.CreateSiblingAsync(new SeedShape { Contacts = 3, FirstNumber = 10_000 });
        var (lease, otherLease) = (await ordinary.AcquireAsync(), await other.AcquireAsync());
        await other.ExecuteAsync("UPDATE campaign_contacts SET due_at = due_at + interval '1 day' WHERE campaign_id = $1", other.CampaignId);
        var live = new Queue<Grains.DialOrder>((await ordinary.ClaimAsync(lease, batch: 50)).Orders);
        Assert.Equal(5, live.Count);
        await other.ExecuteAsync(
            "UPDATE campaign_contacts SET due_at = $2, priority = 1 WHERE campaign_id = $1 AND position = 2", other.CampaignId, other.Now);

        Assert.Empty((await other.ClaimAsync(otherLease, batch: 50)).Orders);
        await EndAsync(ordinary, live, 1);
        Assert.Empty((await ordinary.ClaimAsync(lease, batch: 50)).Orders);

        Assert.Equal("+919000010002", Assert.Single((await other.ClaimAsync(otherLease, batch: 50)).Orders).Phone);
    }

    [PostgresFact]
    public async Task Claim_WhenItsOwnCallbackIsDueBeyondItsShare_DialsIt()
    {
        var small = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 50, OrganizationCap = 10 });
        var big = await small.CreateSiblingAsync(new SeedShape { Contacts = 50, FirstNumber = 10_000, Weight = 9 });
        var (lease, bigLease) = (await small.AcquireAsync(), await big.AcquireAsync());
        var live = new Queue<Grains.DialOrder>((await big.ClaimAsync(bigLease, batch: 50)).Orders);
        await small.ClaimAsync(lease, batch: 50);
        await EndAsync(big, live, 3);
        var one = (await small.ClaimAsync(lease, batch: 50)).Orders.Length;
        await small.ExecuteAsync("UPDATE campaign_contacts SET priority = 1 WHERE campaign_id = $1 AND position = 40", small.CampaignId);

        var promised = (await small.ClaimAsync(lease, batch: 50)).Orders;

        Assert.Equal(1, one);
        Assert.Equal("+919000000040", Assert.Single(promised).Phone);
    }

    [PostgresFact]
    public async Task Claim_WhenLinesAreKeptForInbound_LeavesThemAndCountsTheCallsThatCame()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 50, OrganizationCap = 10 });
        await seed.ExecuteAsync("UPDATE organizations SET inbound_reserve = 3 WHERE id = $1", seed.OrganizationId);
        var lease = await seed.AcquireAsync();
        var live = new Queue<Grains.DialOrder>((await seed.ClaimAsync(lease, batch: 50)).Orders);
        Assert.Equal(7, live.Count);

        // Five come in: two more than are reserved, and all of them get in.
        for (var i = 0; i < 5; i++)
        {
            var session = await seed.Calls.BeginInboundAsync(
                new BeginInbound(seed.AgentId, $"+91800000000{i}", "silo", seed.Now, seed.Now.AddSeconds(10), $"sid-{Guid.NewGuid():N}", "s"),
                CancellationToken.None);
            Assert.NotNull(session);
        }

        await EndAsync(seed, live, 2);
        Assert.Empty((await seed.ClaimAsync(lease, batch: 50)).Orders);
        await EndAsync(seed, live, 1);
        Assert.Single((await seed.ClaimAsync(lease, batch: 50)).Orders);
        Assert.Equal(10, await seed.ScalarAsync<long>("SELECT count(*) FROM permits WHERE organization_id = $1", seed.OrganizationId));
    }

    [PostgresFact]
    public async Task Claim_WhenTheAccountHasACap_HoldsItOverItsOrganizationsUnderConcurrentClaims()
    {
        var account = $"account-{Guid.NewGuid():N}";
        var seeds = new List<CampaignSeed>();
        for (var i = 0; i < 3; i++)
        {
            seeds.Add(await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { AccountId = account, Contacts = 40 }));
        }

        await seeds[0].ExecuteAsync("UPDATE carrier_accounts SET max_concurrent = 11, inbound_reserve = 1 WHERE id = $1", account);
        var leases = await Task.WhenAll(seeds.Select(s => s.AcquireAsync()));

        await Task.WhenAll(Enumerable.Range(0, 30).Select(n => seeds[n % 3].ClaimAsync(leases[n % 3], batch: 4)));

        Assert.Equal(10, await seeds[0].ScalarAsync<long>("SELECT count(*) FROM permits WHERE carrier_account_id = $1", account));
    }

    [PostgresFact]
    public async Task Claim_WhenTheModelRefusedSessions_HoldsFewerLinesAndThenMoreAgain()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 100, MaxConcurrent = 20 });
        var lease = await seed.AcquireAsync();
        var live = new Queue<Grains.DialOrder>((await seed.ClaimAsync(lease, batch: 50)).Orders);
        var clock = new FakeClock(seed.Now);
        var limits = new PostgresModelLimits(seed.Database, seed.AccountId, clock);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => limits.ReportExhaustedAsync(CancellationToken.None)));

        Assert.Equal(14, await seed.ScalarAsync<int>("SELECT model_lines FROM carrier_accounts WHERE id = $1", seed.AccountId));
        await EndAsync(seed, live, 8);
        Assert.Equal(2, (await seed.ClaimAsync(lease, batch: 50)).Orders.Length);
        seed.Now += TimeSpan.FromSeconds(30);
        Assert.Equal(3, (await seed.ClaimAsync(lease, batch: 50)).Orders.Length);
        seed.Now += TimeSpan.FromMinutes(10);
        Assert.Equal(3, (await seed.ClaimAsync(lease, batch: 50)).Orders.Length);
    }

    [PostgresFact]
    public async Task Reconcile_WhenCountsAreWrong_CountsTheRowsAndTells()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var lease = await seed.AcquireAsync();
        await seed.ClaimAsync(lease, batch: 3);
        await seed.ExecuteAsync("UPDATE campaign_counters SET in_flight = 9, failed = 1 WHERE campaign_id = $1", seed.CampaignId);
        var ledger = new PostgresPermitLedger(seed.Database);

        var drifts = await ledger.ReconcileAsync(seed.Now, seed.Now.AddSeconds(1), 1_000, CancellationToken.None);
        var again = await ledger.ReconcileAsync(seed.Now, seed.Now.AddSeconds(1), 1_000, CancellationToken.None);

        Assert.Equal("in_flight: 9 → 3, failed: 1 → 0", Assert.Single(drifts, d => d.CampaignId == seed.CampaignId).Difference);
        Assert.DoesNotContain(again, d => d.CampaignId == seed.CampaignId);
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Reconcile_WhileEverythingMoves_FindsNoDifference()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 300 });
        var lease = await seed.AcquireAsync();
        var ledger = new PostgresPermitLedger(seed.Database);
        var moving = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (await seed.ClaimAsync(lease, 3, TimeSpan.FromHours(1)) is { Orders.IsEmpty: false } claim)
            {
                await EndAsync(seed, new Queue<Grains.DialOrder>(claim.Orders), claim.Orders.Length);
            }
        })));

        var looks = 0;
        for (; !moving.IsCompleted || looks < 5; looks++)
        {
            var drifts = await ledger.ReconcileAsync(seed.Now.AddSeconds(looks), seed.Now.AddSeconds(looks + 1), 1_000, CancellationToken.None);
            Assert.DoesNotContain(drifts, d => d.CampaignId == seed.CampaignId);
        }

        await moving;
        Assert.Equal(300, (await seed.CountAsync())[ContactStatus.Skipped]);
    }

    [PostgresFact]
    public async Task Reconcile_WhenACampaignIsOver_LeavesItOutOfTheTree()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 2 });
        var lease = await seed.AcquireAsync();
        var order = (await seed.ClaimAsync(lease)).Orders[0];
        await seed.Contacts.OpenSessionAsync(seed.Open(order), CancellationToken.None);
        await seed.Campaigns.ApplyAsync(seed.CampaignId, CampaignCommand.Cancel, "stop", seed.Now, CancellationToken.None);
        var ledger = new PostgresPermitLedger(seed.Database);

        await ledger.ReconcileAsync(seed.Now, seed.Now.AddSeconds(1), 1_000, CancellationToken.None);
        Assert.True(await IsLiveAsync(), "It has a call.");
        await seed.ExecuteAsync(
            "UPDATE campaign_contacts SET status = 'FAILED', task_id = NULL, finished_at = $2 WHERE id = $1", order.CampaignContactId, seed.Now);
        await seed.ExecuteAsync("UPDATE campaign_counters SET in_flight = 0, failed = 1 WHERE campaign_id = $1", seed.CampaignId);
        await ledger.ReconcileAsync(seed.Now.AddSeconds(2), seed.Now.AddSeconds(3), 1_000, CancellationToken.None);

        Assert.False(await IsLiveAsync(), "It is over.");

        Task<bool> IsLiveAsync() => seed.ScalarAsync<bool>("SELECT live FROM campaign_counters WHERE campaign_id = $1", seed.CampaignId);
    }

    [PostgresFact]
    public async Task Permits_WhenClaimedAndDialled_HaveAnOwnerAndADeadline()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var lease = await seed.AcquireAsync();
        var orders = (await seed.ClaimAsync(lease, batch: 2)).Orders;
        await seed.Contacts.OpenSessionAsync(seed.Open(orders[0]), CancellationToken.None);

        Assert.Equal(2, await seed.ScalarAsync<long>(
            "SELECT count(*) FROM permits WHERE campaign_id = $1 AND owner IS NOT NULL AND deadline > $2", seed.CampaignId, seed.Now));
        Assert.Equal("test", await seed.ScalarAsync<string>("SELECT owner FROM permits WHERE campaign_id = $1 AND kind = 'CALL'", seed.CampaignId));
        Assert.Equal($"epoch {lease.Epoch}", await seed.ScalarAsync<string>("SELECT owner FROM permits WHERE campaign_id = $1 AND kind = 'CLAIM'", seed.CampaignId));

        // Past the deadline the claim is anybody's to free; the call is not, whatever the clock says: only the carrier knows of it.
        var late = orders[1].DialAt.AddSeconds(61);
        Assert.True(await seed.Contacts.ReleaseStaleClaimsAsync(DateTimeOffset.UnixEpoch, late, CancellationToken.None) >= 1);
        Assert.Equal("CALL", await seed.ScalarAsync<string>("SELECT kind FROM permits WHERE campaign_id = $1", seed.CampaignId));
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    private static async Task EndAsync(CampaignSeed seed, Queue<Grains.DialOrder> live, int count)
    {
        for (; count > 0 && live.TryDequeue(out var order); count--)
        {
            Assert.True(await seed.Contacts.SkipClaimAsync(order.CampaignContactId, order.TaskId, "over", seed.Now, CancellationToken.None));
        }
    }

    private static void Advance(params CampaignSeed[] seeds)
    {
        foreach (var seed in seeds)
        {
            seed.Now += Second;
        }
    }
}
