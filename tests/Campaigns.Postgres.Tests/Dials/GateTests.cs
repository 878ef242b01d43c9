using Campaigns.Grains;
using Campaigns.Stores;
using Campaigns.Testing;
using Npgsql;

namespace Campaigns.Postgres.Tests.Dials;

public sealed class GateTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Open_WhenManyDialOneClaim_LetsOneThrough()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 20 });
        var orders = (await seed.ClaimAsync(await seed.AcquireAsync(), batch: 20)).Orders;

        var results = await Task.WhenAll(orders.SelectMany(o => Enumerable.Range(0, 8).Select(_ =>
            seed.Contacts.OpenSessionAsync(seed.Open(o), CancellationToken.None))));

        Assert.Equal(20, results.Count(r => r == OpenSessionResult.Opened));
        Assert.Equal(20L, await seed.ScalarAsync<long>("SELECT count(*) FROM sessions WHERE campaign = $1", seed.CampaignId));
    }

    [PostgresFact]
    public async Task Open_WhenTheCampaignWasPaused_StaysShut()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var order = (await seed.ClaimAsync(await seed.AcquireAsync())).Orders[0];
        await seed.Campaigns.ApplyAsync(seed.CampaignId, CampaignCommand.Pause, "x", seed.Now, CancellationToken.None);

        Assert.Equal(OpenSessionResult.CampaignStopped, await seed.Contacts.OpenSessionAsync(seed.Open(order), CancellationToken.None));
    }

    [PostgresFact]
    public async Task Open_WhenPausesAndDialsRace_NoSessionAppearsAfterAPauseReturned()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 200 });
        var orders = (await seed.ClaimAsync(await seed.AcquireAsync(), batch: 200)).Orders;

        var dials = orders.Select(o => Task.Run(() => seed.Contacts.OpenSessionAsync(seed.Open(o), CancellationToken.None))).ToArray();
        await seed.Campaigns.ApplyAsync(seed.CampaignId, CampaignCommand.Pause, "x", seed.Now, CancellationToken.None);
        var atReturn = await seed.ScalarAsync<long>("SELECT count(*) FROM sessions WHERE campaign = $1", seed.CampaignId);
        var opened = (await Task.WhenAll(dials)).Count(r => r == OpenSessionResult.Opened);

        Assert.Equal(atReturn, opened);
        Assert.Equal(atReturn, await seed.ScalarAsync<long>("SELECT count(*) FROM sessions WHERE campaign = $1", seed.CampaignId));
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Open_WhenAnotherOwnerHasTheLease_StaysShut()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var order = (await seed.ClaimAsync(await seed.AcquireAsync("a"))).Orders[0];
        seed.Now += TimeSpan.FromHours(2);
        var lease = await seed.AcquireAsync("b");

        Assert.Equal(OpenSessionResult.CampaignStopped, await seed.Contacts.OpenSessionAsync(seed.Open(order), CancellationToken.None));

        Assert.Equal(1, await seed.Contacts.ReleaseStrandedAsync(seed.CampaignId, lease.Epoch, seed.Now, CancellationToken.None));
        Assert.Equal(OpenSessionResult.CampaignStopped, await seed.Contacts.OpenSessionAsync(seed.Open(order), CancellationToken.None));
        Assert.Equal(OpenSessionResult.ClaimGone, await seed.Contacts.OpenSessionAsync(seed.Open(order with { Epoch = lease.Epoch }), CancellationToken.None));
        Assert.Equal(10, (await seed.CountAsync())[ContactStatus.Pending]);
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Open_WhenThePersonOptedOutAfterTheClaim_StaysShut()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var order = (await seed.ClaimAsync(await seed.AcquireAsync())).Orders[0];
        await seed.ExecuteAsync("INSERT INTO do_not_call (organization_id, phone) VALUES ($1, $2)", seed.OrganizationId, order.Phone);

        Assert.Equal(OpenSessionResult.DoNotCall, await seed.Contacts.OpenSessionAsync(seed.Open(order), CancellationToken.None));
    }

    [PostgresFact]
    public async Task Open_WhenTwoCampaignsDialOnePerson_OnlyOneCallIsLive()
    {
        var one = await CampaignSeed.CreateAsync(fixture.DataSource);
        var two = await one.CreateSiblingAsync(new SeedShape());
        var first = (await one.ClaimAsync(await one.AcquireAsync(), batch: 10)).Orders;
        var second = (await two.ClaimAsync(await two.AcquireAsync(), batch: 10)).Orders;

        var results = await Task.WhenAll(first.Select(o => (Seed: one, Order: o)).Concat(second.Select(o => (Seed: two, Order: o)))
            .Select(d => d.Seed.Contacts.OpenSessionAsync(d.Seed.Open(d.Order), CancellationToken.None)));

        Assert.Equal(10, results.Count(r => r == OpenSessionResult.Opened));
        Assert.Equal(10, results.Count(r => r == OpenSessionResult.PersonBusy));
    }

    [PostgresFact]
    public async Task Schema_WhenTheGateIsByPassed_StillRefusesASecondLiveCall()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        const string insert =
            """
            INSERT INTO sessions (id, organization_id, agent_id, phone, state, token_hash, token_expires_at, owner, started_at, send_before, check_at, give_up_at)
            VALUES (gen_random_uuid(), $1, $2, '+919000000001', 'RINGING', decode(repeat('00', 32), 'hex'), $3, 't', $3, $3, $3, $3)
            """;
        await seed.ExecuteAsync(insert, seed.OrganizationId, seed.AgentId, seed.Now);

        var error = await Assert.ThrowsAsync<PostgresException>(() => seed.ExecuteAsync(insert, seed.OrganizationId, seed.AgentId, seed.Now));

        Assert.Equal("sessions_live_person", error.ConstraintName);
    }

    [PostgresFact]
    public async Task Apply_WhenTheVersionIsStale_WritesNothing()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var order = (await seed.ClaimAsync(await seed.AcquireAsync())).Orders[0];
        var session = Guid.NewGuid();
        await seed.Contacts.OpenSessionAsync(seed.Open(order, session), CancellationToken.None);
        var contact = (await seed.Contacts.LoadAsync(order.CampaignContactId, CancellationToken.None))!;

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => seed.Contacts.ApplyAsync(Ended(seed, contact, session), CancellationToken.None)));

        Assert.Single(results, r => r);
        var after = (await seed.Contacts.LoadAsync(order.CampaignContactId, CancellationToken.None))!;
        Assert.Equal((ContactStatus.Completed, SessionState.Ended), (after.Status, after.Session!.State));
        Assert.Null(await seed.CounterDifferenceAsync());
        Assert.Equal(1L, await seed.ScalarAsync<long>("SELECT count(*) FROM decisions WHERE campaign_id = $1 AND kind = 'SETTLED'", seed.CampaignId));
    }

    [PostgresFact]
    public async Task Apply_WhenARetryAndACancelRace_LeavesNobodyWaiting()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 100 });
        var orders = (await seed.ClaimAsync(await seed.AcquireAsync(), batch: 100)).Orders;
        var retries = new List<ContactChange>();
        foreach (var order in orders)
        {
            var session = Guid.NewGuid();
            await seed.Contacts.OpenSessionAsync(seed.Open(order, session), CancellationToken.None);
            var contact = (await seed.Contacts.LoadAsync(order.CampaignContactId, CancellationToken.None))!;
            retries.Add(Ended(seed, contact, session) with { To = ContactStatus.Pending, DueAt = seed.Now, Decision = DecisionKind.Retried });
        }

        var writes = retries.Select(r => Task.Run(() => seed.Contacts.ApplyAsync(r, CancellationToken.None))).ToArray();
        await seed.Campaigns.ApplyAsync(seed.CampaignId, CampaignCommand.Cancel, "stop", seed.Now, CancellationToken.None);
        var written = (await Task.WhenAll(writes)).Count(w => w);

        var counts = await seed.CountAsync();
        Assert.False(counts.ContainsKey(ContactStatus.Pending), "A contact waits in a cancelled campaign.");
        Assert.Equal(written, counts.GetValueOrDefault(ContactStatus.Cancelled));
        Assert.Equal(100 - written, counts.GetValueOrDefault(ContactStatus.Dispatched));
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Release_WhenTheDialHasPassedItsGate_IsRefused()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var order = (await seed.ClaimAsync(await seed.AcquireAsync())).Orders[0];
        await seed.Contacts.OpenSessionAsync(seed.Open(order), CancellationToken.None);

        Assert.False(await seed.Contacts.ReleaseClaimAsync(order.CampaignContactId, order.TaskId, seed.Now, "x", seed.Now, CancellationToken.None));
        await seed.Contacts.ReleaseStaleClaimsAsync(seed.Now.AddHours(1), seed.Now.AddHours(1), CancellationToken.None);
        Assert.Equal(1, (await seed.CountAsync())[ContactStatus.Dispatched]);
        Assert.Equal(1, await seed.Campaigns.CountDialsUnderWayAsync(seed.CampaignId, seed.Now, CancellationToken.None));
        Assert.Equal(0, await seed.Campaigns.CountDialsUnderWayAsync(seed.CampaignId, seed.Now.AddSeconds(3), CancellationToken.None));
    }

    [PostgresFact]
    public async Task TakeOverdue_WhenTwoHostsLook_EachSessionGoesToOne()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 30 });
        var orders = (await seed.ClaimAsync(await seed.AcquireAsync(), batch: 30)).Orders;
        foreach (var order in orders)
        {
            await seed.Contacts.OpenSessionAsync(seed.Open(order), CancellationToken.None);
        }

        var now = seed.Now.AddSeconds(20);
        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            seed.Contacts.TakeOverdueAsync(now, TimeSpan.FromSeconds(30), 10, CancellationToken.None)));

        var mine = taken.SelectMany(t => t).Where(s => orders.Any(o => o.CampaignContactId == s.CampaignContactId)).Select(s => s.SessionId).ToList();
        Assert.Equal(30, mine.Count);
        Assert.Equal(30, mine.Distinct().Count());
    }

    private static ContactChange Ended(CampaignSeed seed, ContactRecord contact, Guid session) => new()
    {
        ContactId = contact.Id,
        ExpectedVersion = contact.Version,
        From = ContactStatus.Dispatched,
        To = ContactStatus.Completed,
        Outcome = CallOutcome.Completed,
        At = seed.Now,
        Session = new SessionChange(session, SessionState.Ended, "sid" + session, CallOutcome.Completed),
        Decision = DecisionKind.Settled,
    };
}
