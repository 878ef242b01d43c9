using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Claims;

public sealed class ClaimTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Claim_WhenContactsAreDue_TakesThemInOrderAndCounts()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var lease = await seed.AcquireAsync();

        var claim = await seed.ClaimAsync(lease, batch: 4);

        Assert.Equal(ClaimResultKind.Claimed, claim.Kind);
        Assert.Equal(["+919000000001", "+919000000002", "+919000000003", "+919000000004"], claim.Orders.Select(o => o.Phone));
        Assert.All(claim.Orders, o => Assert.Equal(1, o.Attempt));
        Assert.Equal(4, claim.Orders.Select(o => o.TaskId).Distinct().Count());
        Assert.True(claim.Orders.Zip(claim.Orders.Skip(1)).All(p => p.First.DialAt < p.Second.DialAt), "The slots must ascend.");
        Assert.Equal(4, (await seed.CountAsync())[ContactStatus.Dispatched]);
        Assert.Null(await seed.CounterDifferenceAsync());
        Assert.Equal(4L, await seed.ScalarAsync<long>("SELECT count(*) FROM decisions WHERE campaign_id = $1 AND kind = 'CLAIMED'", seed.CampaignId));
    }

    [PostgresFact]
    public async Task Claim_WhenTheLeaseHasMovedOn_IsRefusedAndChangesNothing()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var old = await seed.AcquireAsync("silo/old");
        seed.Now += TimeSpan.FromHours(2);
        var taken = await seed.AcquireAsync("silo/new");

        var claim = await seed.ClaimAsync(old);

        Assert.Equal(old.Epoch + 1, taken.Epoch);
        Assert.Equal(ClaimResultKind.LeaseLost, claim.Kind);
        Assert.Equal(10, (await seed.CountAsync())[ContactStatus.Pending]);
    }

    [PostgresFact]
    public async Task Claim_WhenManyClaimAtOnce_GivesEachContactOnce()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 300 });
        var lease = await seed.AcquireAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            var orders = new List<Guid>();
            while (await seed.ClaimAsync(lease, 3, TimeSpan.FromHours(1)) is { Orders.IsEmpty: false } claim)
            {
                orders.AddRange(claim.Orders.Select(o => o.CampaignContactId));
            }

            return orders;
        }));

        var all = claims.SelectMany(c => c).ToList();
        Assert.Equal(300, all.Count);
        Assert.Equal(300, all.Distinct().Count());
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Claim_WhenTwoCampaignsShareTheOrganizationCap_NeverExceedsIt()
    {
        var one = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 50, OrganizationCap = 7 });
        var two = await one.CreateSiblingAsync(new SeedShape { Contacts = 50, FirstNumber = 1000 });
        var leases = new[] { await one.AcquireAsync(), await two.AcquireAsync() };

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            (i % 2 == 0 ? one : two).ClaimAsync(leases[i % 2], batch: 3, TimeSpan.FromHours(1))));

        Assert.Equal(7, await one.ScalarAsync<int>(
            "SELECT count(*)::int FROM campaign_contacts WHERE organization_id = $1 AND status = 'DISPATCHED'", one.OrganizationId));
    }

    [PostgresFact]
    public async Task Claim_WhenTheRateIsUsedUp_GivesNoSlotBeforeItsTime()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { CallsPerMinute = 30 });
        var lease = await seed.AcquireAsync();

        var first = await seed.ClaimAsync(lease, batch: 10);
        var again = await seed.ClaimAsync(lease, batch: 10);
        seed.Now += TimeSpan.FromSeconds(3);
        var later = await seed.ClaimAsync(lease, batch: 10);

        Assert.Single(first.Orders);
        Assert.Empty(again.Orders);
        Assert.Single(later.Orders);
    }

    [PostgresFact]
    public async Task Claim_WhenTheCarrierThrottled_WaitsAndBacksOff()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 50, CallsPerMinute = 600, AccountCallsPerMinute = 600 });
        var lease = await seed.AcquireAsync();
        var clock = new FakeClock(seed.Now);
        var permits = new Postgres.Carrier.PostgresCarrierPermits(seed.Database, seed.AccountId, clock);

        await permits.ReportThrottledAsync(TimeSpan.FromSeconds(10), CancellationToken.None);

        Assert.Empty((await seed.ClaimAsync(lease, batch: 50)).Orders);
        Assert.False(await permits.TryTakeAsync(CancellationToken.None));
        seed.Now += TimeSpan.FromSeconds(10);
        var slowed = (await seed.ClaimAsync(lease, batch: 50, TimeSpan.FromSeconds(1))).Orders.Length;
        seed.Now += TimeSpan.FromMinutes(5);
        var recovered = (await seed.ClaimAsync(lease, batch: 50, TimeSpan.FromSeconds(1))).Orders.Length;
        Assert.InRange(slowed, 6, 8);
        Assert.InRange(recovered, 9, 11);
    }

    [PostgresFact]
    public async Task ReportThrottled_WhenDialsUnderWayTogetherAreRefused_SlowsDownOnce()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var clock = new FakeClock(seed.Now);
        var permits = new Postgres.Carrier.PostgresCarrierPermits(seed.Database, seed.AccountId, clock);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => permits.ReportThrottledAsync(null, CancellationToken.None)));
        var once = await FactorAsync();
        clock.Advance(TimeSpan.FromSeconds(3));
        await permits.ReportThrottledAsync(null, CancellationToken.None);

        Assert.Equal(0.7, once, 3);
        Assert.InRange(await FactorAsync(), 0.489, 0.5);

        Task<double> FactorAsync() => seed.ScalarAsync<double>("SELECT rate_factor FROM carrier_accounts WHERE id = $1", seed.AccountId);
    }

    [PostgresFact]
    public async Task TryTake_WhenDialsHaveBookedTheTick_TakesItsTurnAfterThem()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 50, CallsPerMinute = 600, AccountCallsPerMinute = 600 });
        var lease = await seed.AcquireAsync();
        var clock = new FakeClock(seed.Now);
        var permits = new Postgres.Carrier.PostgresCarrierPermits(seed.Database, seed.AccountId, clock);
        var last = (await seed.ClaimAsync(lease, batch: 50)).Orders[^1].DialAt;

        var permit = permits.TryTakeAsync(CancellationToken.None);
        await clock.WhenArmedAsync();
        clock.AdvanceTo(last);
        Assert.False(permit.IsCompleted, "The look-up must not share the last dial's slot.");
        clock.Advance(TimeSpan.FromMilliseconds(110));

        Assert.True(await permit);
        seed.Now = clock.GetUtcNow();
        Assert.True((await seed.ClaimAsync(lease, batch: 1)).Orders.All(o => o.DialAt > seed.Now), "The next dial waits for its own slot.");
    }

    [PostgresFact]
    public async Task Claim_WhenRulesForbidAContact_SkipsOrDefersItWithTheReason()
    {
        var seed = await CampaignSeed.CreateAsync(
            fixture.DataSource,
            new SeedShape { Contacts = 6, Window = new CallingWindow(new TimeOnly(10, 0), new TimeOnly(21, 0)), RequiresConsent = true, AttemptsPerDay = 1 });
        await seed.ExecuteAsync("UPDATE contacts SET marketing_consent = 'GRANTED' WHERE organization_id = $1 AND phone <> '+919000000002'", seed.OrganizationId);
        await seed.ExecuteAsync("INSERT INTO do_not_call (organization_id, phone) VALUES ($1, '+919000000001')", seed.OrganizationId);
        await seed.ExecuteAsync("UPDATE campaign_contacts SET time_zone = 'America/New_York' WHERE campaign_id = $1 AND phone = '+919000000003'", seed.CampaignId);
        await seed.ExecuteAsync("UPDATE campaign_contacts SET time_zone = 'Mars/Olympus' WHERE campaign_id = $1 AND phone = '+919000000004'", seed.CampaignId);
        await seed.ExecuteAsync(
            """
            INSERT INTO sessions (id, organization_id, agent_id, phone, state, outcome, token_hash, token_expires_at, owner, started_at, send_before, ended_at, give_up_at)
            VALUES (gen_random_uuid(), $1, $2, '+919000000005', 'ENDED', 'NO_ANSWER', decode(repeat('00', 32), 'hex'), $3, 't', $3, $3, $3, $3)
            """,
            seed.OrganizationId, seed.AgentId, seed.Now.AddMinutes(-30));
        var lease = await seed.AcquireAsync();

        var orders = (await seed.ClaimAsync(lease, batch: 6, TimeSpan.FromMinutes(1))).Orders;

        Assert.Equal("+919000000006", Assert.Single(orders).Phone);
        Assert.Equal("SKIPPED do_not_call", await Last(seed, 1));
        Assert.Equal("SKIPPED no_consent", await Last(seed, 2));
        Assert.Equal("DEFERRED outside_calling_window", await Last(seed, 3));
        Assert.Equal("SKIPPED invalid_time_zone", await Last(seed, 4));
        Assert.Equal("DEFERRED attempts_per_day", await Last(seed, 5));
        Assert.Equal(
            new DateTimeOffset(2026, 1, 5, 15, 0, 0, TimeSpan.Zero),
            await Due(seed, "+919000000003"));
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Claim_WhenACallbackWasPromised_TakesItFirst()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        await seed.ExecuteAsync("UPDATE campaign_contacts SET priority = 1 WHERE campaign_id = $1 AND phone = '+919000000009'", seed.CampaignId);

        var claim = await seed.ClaimAsync(await seed.AcquireAsync(), batch: 1);

        Assert.Equal("+919000000009", Assert.Single(claim.Orders).Phone);
    }

    [PostgresFact]
    public async Task Claim_WhenTheCampaignIsPaused_GivesNothingUntilItResumes()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var lease = await seed.AcquireAsync();
        await seed.ClaimAsync(lease, batch: 3);

        await seed.Campaigns.ApplyAsync(seed.CampaignId, CampaignCommand.Pause, "lunch", seed.Now, CancellationToken.None);

        Assert.Equal(10, (await seed.CountAsync())[ContactStatus.Pending]);
        Assert.Equal(0, await seed.ScalarAsync<int>("SELECT max(attempts) FROM campaign_contacts WHERE campaign_id = $1", seed.CampaignId));
        Assert.Equal(ClaimResultKind.NotRunning, (await seed.ClaimAsync(lease)).Kind);
        seed.Now += TimeSpan.FromMinutes(10);
        await seed.Campaigns.ApplyAsync(seed.CampaignId, CampaignCommand.Resume, "", seed.Now, CancellationToken.None);
        Assert.Single((await seed.ClaimAsync(lease)).Orders);
        Assert.Null(await seed.CounterDifferenceAsync());
        Assert.Equal(TimeSpan.Zero, await seed.ScalarAsync<TimeSpan>("SELECT ran_before FROM campaign_counters WHERE campaign_id = $1", seed.CampaignId));
    }

    [PostgresFact]
    public async Task Claim_WhenNobodyIsLeft_CompletesTheCampaign()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 1 });
        var lease = await seed.AcquireAsync();
        var order = Assert.Single((await seed.ClaimAsync(lease)).Orders);
        Assert.Equal(ClaimResultKind.Claimed, (await seed.ClaimAsync(lease)).Kind);

        Assert.True(await seed.Contacts.SkipClaimAsync(order.CampaignContactId, order.TaskId, "do_not_call", seed.Now, CancellationToken.None));

        Assert.Equal(ClaimResultKind.Finished, (await seed.ClaimAsync(lease)).Kind);
        var campaign = await seed.Campaigns.LoadAsync(seed.CampaignId, CancellationToken.None);
        Assert.Equal(CampaignStatus.Completed, campaign!.Status);
        Assert.Equal(seed.Now, campaign.FinishedAt);
    }

    [PostgresFact]
    public async Task Cancel_WhenContactsWaitOrAreClaimed_CancelsThemAll()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var lease = await seed.AcquireAsync();
        var orders = (await seed.ClaimAsync(lease, batch: 3)).Orders;
        Assert.Equal(OpenSessionResult.Opened, await seed.Contacts.OpenSessionAsync(seed.Open(orders[0]), CancellationToken.None));

        var result = await seed.Campaigns.ApplyAsync(seed.CampaignId, CampaignCommand.Cancel, "stop", seed.Now, CancellationToken.None);

        Assert.Equal(CampaignStatus.Cancelled, result.Status);
        var counts = await seed.CountAsync();
        Assert.Equal(9, counts[ContactStatus.Cancelled]);
        Assert.Equal(1, counts[ContactStatus.Dispatched]);
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    private static Task<string> Last(CampaignSeed seed, int person) => seed.ScalarAsync<string>(
        """
        SELECT d.kind || ' ' || d.reason FROM decisions d JOIN campaign_contacts cc ON cc.id = d.campaign_contact_id
        WHERE cc.campaign_id = $1 AND cc.phone = $2 ORDER BY d.id DESC LIMIT 1
        """,
        seed.CampaignId, $"+91900000000{person}");

    private static async Task<DateTimeOffset> Due(CampaignSeed seed, string phone) => new(
        await seed.ScalarAsync<DateTime>("SELECT due_at FROM campaign_contacts WHERE campaign_id = $1 AND phone = $2", seed.CampaignId, phone));
}
