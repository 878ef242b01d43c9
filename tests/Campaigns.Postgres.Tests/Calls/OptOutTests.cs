using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Calls;

public sealed class OptOutTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task MarkDoNotCall_WhenItReturns_NoGateAndNoClaimOfAnyCampaignLetsThePersonThrough()
    {
        var one = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 2 });
        var (order, session) = await one.TalkAsync();

        // One campaign has claimed the person before, another has not.
        var claimed = await one.CreateSiblingAsync(new SeedShape { Numbers = [order.Phone] });
        var waiting = await one.CreateSiblingAsync(new SeedShape { Numbers = [order.Phone] });
        await one.ExecuteAsync("UPDATE sessions SET phone = '+15550000000' WHERE id = $1", session);
        var early = (await claimed.ClaimAsync(await claimed.AcquireAsync())).Orders[0];
        await one.ExecuteAsync("UPDATE sessions SET phone = $2 WHERE id = $1", session, order.Phone);

        await one.Calls.MarkDoNotCallAsync(session, "do not call me again", one.Now, CancellationToken.None);

        Assert.Equal(OpenSessionResult.DoNotCall, await claimed.Contacts.OpenSessionAsync(claimed.Open(early), CancellationToken.None));
        await one.ConcludeAsync(session);
        await one.HangUpAsync(order, session);
        Assert.Empty((await waiting.ClaimAsync(await waiting.AcquireAsync(), batch: 10)).Orders);
        Assert.Equal(1, (await waiting.CountAsync())[ContactStatus.Skipped]);
        Assert.Equal(
            "CALL do not call me again",
            await one.ScalarAsync<string>("SELECT source || ' ' || reason FROM do_not_call WHERE organization_id = $1 AND phone = $2", one.OrganizationId, order.Phone));
        Assert.True(await one.SessionAsync<bool>(session, "opted_out"));
    }

    [PostgresFact]
    public async Task MarkDoNotCall_WhileManyCampaignsClaimAndDial_LetsNoLaterDialThrough()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 1 });
        var (order, session) = await seed.TalkAsync();
        await seed.ConcludeAsync(session);
        await seed.HangUpAsync(order, session);
        var campaigns = new List<CampaignSeed>();
        for (var i = 0; i < 12; i++)
        {
            campaigns.Add(await seed.CreateSiblingAsync(new SeedShape { Numbers = [order.Phone], AttemptsPerDay = 100 }));
        }

        var stop = new TaskCompletionSource();
        var dials = campaigns.Select(async campaign =>
        {
            var lease = await campaign.AcquireAsync();
            if (campaign == campaigns[^1])
            {
                await campaign.Calls.MarkDoNotCallAsync(session, "", campaign.Now, CancellationToken.None);
                stop.SetResult();
            }
            else if (campaigns.IndexOf(campaign) % 2 == 0)
            {
                await stop.Task.WaitAsync(TimeSpan.FromSeconds(60));
            }

            var after = stop.Task.IsCompleted;
            var orders = (await campaign.ClaimAsync(lease)).Orders;
            var opened = orders.IsEmpty ? OpenSessionResult.ClaimGone : await campaign.Contacts.OpenSessionAsync(campaign.Open(orders[0]), CancellationToken.None);
            return after && opened == OpenSessionResult.Opened;
        });

        Assert.DoesNotContain(true, await Task.WhenAll(dials.Select(d => Task.Run(() => d))));
    }

    [PostgresFact]
    public async Task MarkDoNotCall_TakesAPromisedCallbackBackAndKeepsTheFirstReason()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.TalkAsync();
        var version = (await seed.ContactAsync(order)).Version;
        await seed.Calls.RecordCallbackAsync(session, seed.Now.AddHours(1), "later", seed.Now, CancellationToken.None);
        await seed.Calls.MarkDoNotCallAsync(session, "first", seed.Now, CancellationToken.None);
        await seed.Calls.MarkDoNotCallAsync(session, "second", seed.Now, CancellationToken.None);
        await seed.Calls.RecordCallbackAsync(session, seed.Now.AddHours(2), "after all", seed.Now, CancellationToken.None);

        Assert.Null((await seed.ContactAsync(order)).Session!.Conversation!.CallbackAt);
        Assert.True((await seed.ContactAsync(order)).Version > version);
        Assert.Equal("first", await seed.ScalarAsync<string>("SELECT reason FROM do_not_call WHERE organization_id = $1", seed.OrganizationId));
        await seed.ConcludeAsync(session);
        await seed.HangUpAsync(order, session);
        Assert.Equal(ContactStatus.Completed, (await seed.ContactAsync(order)).Status);
    }

    [PostgresFact]
    public async Task MarkDoNotCall_AfterTheEnd_StillHolds()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.TalkAsync();
        await seed.ConcludeAsync(session);
        await seed.HangUpAsync(order, session);

        await seed.Calls.MarkDoNotCallAsync(session, "", seed.Now, CancellationToken.None);

        Assert.Equal(1L, await seed.ScalarAsync<long>("SELECT count(*) FROM do_not_call WHERE phone = $1 AND organization_id = $2", order.Phone, seed.OrganizationId));
    }

    [PostgresFact]
    public async Task MarkDoNotCall_OfASessionThatIsNotThere_SaysSo()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);

        await Assert.ThrowsAsync<InvalidOperationException>(() => seed.Calls.MarkDoNotCallAsync(Guid.NewGuid(), "", seed.Now, CancellationToken.None));
    }
}
