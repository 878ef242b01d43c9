using Campaigns.Carrier;
using Campaigns.Domain.Contacts;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Calls;

public sealed class BeginTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Begin_OfARingingCall_AnswersItAndUsesTheSecretUp()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.DialAsync();
        Assert.False((await seed.Contacts.FindGateAsync(session, CancellationToken.None))!.MediaUsed);
        var before = await seed.ContactAsync(order);

        Assert.Equal(BeginResult.Begun, await seed.BeginAsync(session));

        var contact = await seed.ContactAsync(order);
        Assert.Equal(
            (ContactStatus.InProgress, SessionState.Answered, seed.Now, before.Version + 1),
            (contact.Status, contact.Session!.State, contact.Session.AnsweredAt!.Value, contact.Version));
        Assert.Equal(new ConversationRecord(seed.Now.AddSeconds(10), null, null, null, null), contact.Session.Conversation);
        Assert.Equal("stream-1", await seed.SessionAsync<string>(session, "stream_sid"));
        Assert.True((await seed.Contacts.FindGateAsync(session, CancellationToken.None))!.MediaUsed);
    }

    [PostgresFact]
    public async Task CountRinging_FromTheGateToTheMediaStreamOrTheEnd_CountsTheSilosOwn()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var lease = await seed.AcquireAsync();
        var silo = $"silo-{seed.CampaignId:N}";
        var (_, unanswered) = await seed.DialAsync(sid: null, lease);
        var (_, answered) = await seed.DialAsync(lease: lease);
        var (order, over) = await seed.DialAsync(lease: lease);
        await seed.ExecuteAsync("UPDATE sessions SET owner = $2 WHERE campaign = $1", seed.CampaignId, silo);
        var before = seed.Now.AddSeconds(-1);
        Assert.Equal(3, await seed.Calls.CountRingingAsync(silo, before, CancellationToken.None));
        Assert.Equal(0, await seed.Calls.CountRingingAsync(silo, seed.Now, CancellationToken.None));
        Assert.Equal(0, await seed.Calls.CountRingingAsync(silo + "'", before, CancellationToken.None));

        Assert.Equal(BeginResult.Begun, await seed.BeginAsync(answered));
        await seed.HangUpAsync(order, over);

        Assert.Equal(1, await seed.Calls.CountRingingAsync(silo, before, CancellationToken.None));
        Assert.Equal(BeginResult.Begun, await seed.BeginAsync(unanswered));
        Assert.Equal(0, await seed.Calls.CountRingingAsync(silo, before, CancellationToken.None));
    }

    [PostgresFact]
    public async Task Begin_BeforeTheCarrierAnsweredTheDial_TakesItsIdAndPutsTheContactInProgress()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.DialAsync(sid: null);

        Assert.Equal(BeginResult.Begun, await seed.BeginAsync(session, giveUpAt: seed.Now.AddMinutes(65)));

        var contact = await seed.ContactAsync(order);
        Assert.Equal((ContactStatus.InProgress, TestCalls.SidOf(session), seed.Now.AddMinutes(65)), (contact.Status, contact.Session!.CarrierSid, contact.Session.GiveUpAt));
        var late = ContactLifecycle.OnPlaceResult(contact, new PlaceCallResult.Ambiguous("time-out"), TestCalls.Timings, seed.Now, session);
        Assert.IsType<ContactDecision.Ignore>(late);
        Assert.Null(await seed.CounterDifferenceAsync());
        await seed.ConcludeAsync(session);
        await seed.HangUpAsync(order, session);
        Assert.Equal(ContactStatus.Completed, (await seed.ContactAsync(order)).Status);
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Begin_OfManyLegsAtOnce_IsOnesAlone()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (_, session) = await seed.DialAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => seed.BeginAsync(session, owner: $"silo/{i}"))));

        Assert.Equal(1, results.Count(r => r == BeginResult.Begun));
        Assert.Equal(11, results.Count(r => r == BeginResult.AlreadyBegun));
    }

    [PostgresFact]
    public async Task Begin_AfterTheEnd_IsOver()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.DialAsync();
        await seed.HangUpAsync(order, session);
        var before = await seed.RowAsync(session);

        Assert.Equal(BeginResult.Over, await seed.BeginAsync(session));

        Assert.Equal(before, await seed.RowAsync(session));
        Assert.Equal(BeginResult.NotFound, await seed.BeginAsync(Guid.NewGuid()));
    }

    [PostgresFact]
    public async Task Begin_ByAnotherCallsStream_IsRefusedAndLeavesTheSecretUnused()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.DialAsync();
        var (_, other) = await seed.DialAsync(sid: null);
        var version = (await seed.ContactAsync(order)).Version;

        Assert.Equal(BeginResult.AnotherCall, await seed.BeginAsync(session, "sid-of-a-stranger"));
        Assert.Equal(BeginResult.AnotherCall, await seed.BeginAsync(other, TestCalls.SidOf(session)));

        Assert.Equal(version, (await seed.ContactAsync(order)).Version);
        Assert.Equal(BeginResult.Begun, await seed.BeginAsync(session));
        Assert.Equal(BeginResult.Begun, await seed.BeginAsync(other));
    }

    [PostgresFact]
    public async Task Begin_WhileASettlementIsDecided_MakesItBeDecidedAgain()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.DialAsync();
        var contact = await seed.ContactAsync(order);
        var settle = Assert.IsType<ContactDecision.Apply>(ContactLifecycle.OnReport(contact, TestCalls.HungUp(session), TestCalls.Timings, seed.Now));

        Assert.Equal(BeginResult.Begun, await seed.BeginAsync(session));

        Assert.False(await seed.Contacts.ApplyAsync(settle.Change, CancellationToken.None));
        await seed.HangUpAsync(order, session);
        Assert.Equal((SessionState.Answered, seed.Now), ((await seed.ContactAsync(order)).Session!.State, (await seed.ContactAsync(order)).Session!.CarrierEndedAt!.Value));
    }

    [PostgresFact]
    public async Task Begin_AndSettlementsRacing_EndEitherWayButNeverInBoth()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 40 });
        var lease = await seed.AcquireAsync();
        for (var i = 0; i < 40; i++)
        {
            var (order, session) = await seed.DialAsync(lease: lease);
            var settle = (ContactDecision.Apply)ContactLifecycle.OnReport(await seed.ContactAsync(order), TestCalls.HungUp(session), TestCalls.Timings, seed.Now);

            var begin = Task.Run(() => seed.BeginAsync(session));
            var settled = await Task.Run(() => seed.Contacts.ApplyAsync(settle.Change, CancellationToken.None));

            Assert.Equal(settled ? BeginResult.Over : BeginResult.Begun, await begin.WaitAsync(TimeSpan.FromSeconds(60)));
        }

        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Renew_KeepsLiveCallsFromBeingLookedUp()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var lease = await seed.AcquireAsync();
        var (_, mine) = await seed.TalkAsync(lease);
        var (_, foreign) = await seed.TalkAsync(lease);
        var (endedOrder, ended) = await seed.TalkAsync(lease);
        await seed.ConcludeAsync(ended);
        await seed.HangUpAsync(endedOrder, ended);
        var row = await seed.RowAsync(ended);
        await seed.ExecuteAsync("UPDATE sessions SET media_owner = 'another' WHERE id = $1", foreign);

        for (var i = 0; i < 40; i++)
        {
            seed.Now += TimeSpan.FromSeconds(3);
            await seed.Calls.RenewAsync(TestCalls.Owner, [mine, foreign, ended, Guid.NewGuid()], seed.Now.AddSeconds(10), CancellationToken.None);
            var taken = await seed.Contacts.TakeOverdueAsync(seed.Now, TimeSpan.FromMinutes(1), 100, CancellationToken.None);
            Assert.DoesNotContain(taken, overdue => overdue.SessionId == mine);
        }

        Assert.Equal(seed.Now.AddSeconds(10).UtcDateTime, await seed.SessionAsync<DateTime>(mine, "media_until"));
        Assert.Equal(row, await seed.RowAsync(ended));
        await seed.Calls.RenewAsync(TestCalls.Owner, [], seed.Now, CancellationToken.None);

        // Once its process is silent it is looked at, a second after its lease.
        Assert.DoesNotContain(await OverdueAsync(seed.Now.AddSeconds(10)), id => id == mine);
        Assert.Contains(await OverdueAsync(seed.Now.AddSeconds(11)), id => id == mine);

        async Task<IEnumerable<Guid>> OverdueAsync(DateTimeOffset at)
            => (await seed.Contacts.TakeOverdueAsync(at, TimeSpan.FromMinutes(1), 100, CancellationToken.None)).Select(overdue => overdue.SessionId);
    }

    [PostgresFact]
    public async Task Renew_NeverShortens_AndLeavesWhatTheCarrierHasEndedToTheRescuer()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.TalkAsync();
        var until = await seed.SessionAsync<DateTime>(session, "media_until");
        await seed.Calls.RenewAsync(TestCalls.Owner, [session], seed.Now, CancellationToken.None);
        Assert.Equal(until, await seed.SessionAsync<DateTime>(session, "media_until"));
        await seed.HangUpAsync(order, session);
        var check = await seed.SessionAsync<DateTime>(session, "check_at");

        await seed.Calls.RenewAsync(TestCalls.Owner, [session], seed.Now.AddSeconds(40), CancellationToken.None);

        Assert.Equal(check, await seed.SessionAsync<DateTime>(session, "check_at"));
        Assert.Equal(seed.Now.AddSeconds(40).UtcDateTime, await seed.SessionAsync<DateTime>(session, "media_until"));
    }
}
