using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Calls;

public sealed class InboundTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private const string Stranger = "+919812345678";

    [PostgresFact]
    public async Task BeginInbound_OfAStranger_WritesAContactAndAConversationThatHasBegun()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);

        var session = await BeginAsync(seed, Stranger);

        var brief = (await seed.Calls.LoadBriefAsync(session!.Value, CancellationToken.None))!;
        Assert.Equal((CallDirection.Inbound, Stranger, "", null, null), (brief.Direction, brief.Phone, brief.ContactName, brief.CampaignId, brief.CampaignContactId));
        Assert.Equal((seed.AgentId, ""), (brief.Agent.Id, brief.Objective));
        Assert.Equal(new VoicePolicy(), brief.Voice);
        Assert.Equal("INBOUND", await seed.ScalarAsync<string>("SELECT source FROM contacts WHERE id = $1", brief.ContactId));
        Assert.Equal("INBOUND ANSWERED t", await seed.SessionAsync<string>(session.Value, "concat_ws(' ', direction, state, media_begun_at = answered_at)"));
        Assert.Null(await seed.Contacts.FindGateAsync(session.Value, CancellationToken.None));
        Assert.Equal(BeginResult.AlreadyBegun, await seed.BeginAsync(session.Value, "sid-1"));
    }

    [PostgresFact]
    public async Task BeginInbound_OfAKnownPerson_KnowsWhatIsKnownNow()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        await seed.ExecuteAsync(
            """
            UPDATE contacts SET name = 'Ravi', time_zone = 'Asia/Dubai', preferred_language = 'hi', city = 'Kochi', email = 'r@x.in', context = '{"city":"x","plan":"gold"}'
            WHERE organization_id = $1 AND phone = '+919000000001'
            """,
            seed.OrganizationId);
        var contacts = await seed.ScalarAsync<long>("SELECT count(*) FROM contacts WHERE organization_id = $1", seed.OrganizationId);

        var session = await BeginAsync(seed, "+919000000001");

        var brief = (await seed.Calls.LoadBriefAsync(session!.Value, CancellationToken.None))!;
        Assert.Equal(("Ravi", "Asia/Dubai", "hi"), (brief.ContactName, brief.TimeZone, brief.PreferredLanguage));
        Assert.Equal(("Kochi", "gold", "r@x.in"), (brief.Context["city"], brief.Context["plan"], brief.Context["email"]));
        Assert.Equal(contacts, await seed.ScalarAsync<long>("SELECT count(*) FROM contacts WHERE organization_id = $1", seed.OrganizationId));
    }

    [PostgresFact]
    public async Task BeginInbound_OfAPersonOnACall_IsRefusedAndWritesNothing()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, _) = await seed.TalkAsync();

        Assert.Null(await BeginAsync(seed, order.Phone));
        Assert.NotNull(await BeginAsync(seed, Stranger));
        Assert.Null(await BeginAsync(seed, Stranger, "sid-2"));
        Assert.Null(await BeginAsync(seed, "+919812300000"));
        Assert.Null(await seed.Calls.BeginInboundAsync(
            new BeginInbound(Guid.NewGuid(), "+919812300001", TestCalls.Owner, seed.Now, seed.Now, "sid-9", "s"), CancellationToken.None));

        Assert.Equal(0L, await seed.ScalarAsync<long>("SELECT count(*) FROM contacts WHERE organization_id = $1 AND phone LIKE '+9198123000%'", seed.OrganizationId));
        Assert.Equal(1L, await seed.ScalarAsync<long>("SELECT count(*) FROM sessions WHERE organization_id = $1 AND direction = 'INBOUND'", seed.OrganizationId));
    }

    [PostgresFact]
    public async Task BeginInbound_OfOneCallerManyTimesAtOnce_IsOneCallAndOneContact()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);

        var sessions = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => BeginAsync(seed, Stranger, $"sid-{i}"))));

        Assert.Single(sessions, session => session is not null);
        Assert.Equal(1L, await seed.ScalarAsync<long>("SELECT count(*) FROM contacts WHERE organization_id = $1 AND phone = $2", seed.OrganizationId, Stranger));
    }

    [PostgresFact]
    public async Task AnInboundCall_HoldsThePersonsLineAndCountsAsNoAttempt()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Numbers = [Stranger], AttemptsPerDay = 1 });
        var lease = await seed.AcquireAsync();
        var order = (await seed.ClaimAsync(lease)).Orders[0];
        var session = (await BeginAsync(seed, Stranger))!.Value;

        Assert.Equal(OpenSessionResult.PersonBusy, await seed.Contacts.OpenSessionAsync(seed.Open(order), CancellationToken.None));

        await seed.ConcludeAsync(session);
        await seed.Contacts.ReleaseClaimAsync(order.CampaignContactId, order.TaskId, seed.Now, "live_call", seed.Now, CancellationToken.None);
        Assert.Single((await seed.ClaimAsync(lease)).Orders);
    }

    [PostgresFact]
    public async Task Conclude_OfAnInboundCall_EndsIt()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var session = (await BeginAsync(seed, Stranger))!.Value;
        await seed.SayAsync(session, 1, Speaker.Person, "hello");

        Assert.True(await seed.ConcludeAsync(session));
        Assert.False(await seed.ConcludeAsync(session));

        Assert.Equal("ENDED COMPLETED 00:00:42 t", await seed.SessionAsync<string>(session, "concat_ws(' ', state, outcome, duration, check_at IS NULL)"));
        Assert.Equal(1L, await seed.ScalarAsync<long>("SELECT count(*) FROM extractions WHERE session_id = $1 AND contact_id IS NOT NULL", session));
        Assert.NotNull(await BeginAsync(seed, Stranger, "sid-again"));
    }

    [PostgresFact]
    public async Task EndLapsedInbound_EndsThoseWhoseProcessIsGoneOnce()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);

        // Those of other tests are over first: lapsed ones are everybody's.
        await seed.Calls.EndLapsedInboundAsync(seed.Now.AddDays(1), CancellationToken.None);
        var lapsed = (await BeginAsync(seed, Stranger))!.Value;
        var alive = (await BeginAsync(seed, "+919812345679", "sid-2"))!.Value;
        var (_, outbound) = await seed.TalkAsync();
        await seed.Calls.RenewAsync(TestCalls.Owner, [alive], seed.Now.AddMinutes(1), CancellationToken.None);
        var before = (await seed.RowAsync(alive), await seed.RowAsync(outbound));

        Assert.DoesNotContain("ENDED", await seed.SessionAsync<string>(lapsed, "state"), StringComparison.Ordinal);
        await seed.Calls.EndLapsedInboundAsync(seed.Now.AddSeconds(10), CancellationToken.None);
        Assert.Equal("ANSWERED", await seed.SessionAsync<string>(lapsed, "state"));
        var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => seed.Calls.EndLapsedInboundAsync(seed.Now.AddSeconds(11), CancellationToken.None)));

        Assert.Equal(1, ended.Sum());
        Assert.Equal("ENDED INTERRUPTED_BY_US", await seed.SessionAsync<string>(lapsed, "state || ' ' || outcome"));
        Assert.Equal(before, (await seed.RowAsync(alive), await seed.RowAsync(outbound)));
        Assert.False(await seed.ConcludeAsync(lapsed));
        Assert.Empty((await seed.Contacts.TakeOverdueAsync(seed.Now.AddDays(1), TimeSpan.FromDays(9), 1_000, CancellationToken.None)).Where(s => s.SessionId == alive));
    }

    [PostgresFact]
    public async Task FindInboundHash_IsTheAgentsOrNull()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        Assert.Null(await seed.Calls.FindInboundHashAsync(seed.AgentId, CancellationToken.None));
        Assert.Null(await seed.Calls.FindInboundHashAsync(Guid.NewGuid(), CancellationToken.None));
        await seed.ExecuteAsync("UPDATE agents SET inbound_secret_hash = $2 WHERE id = $1", seed.AgentId, SessionToken.Hash("secret"));

        Assert.True(SessionToken.Matches("secret", await seed.Calls.FindInboundHashAsync(seed.AgentId, CancellationToken.None)));
    }

    private static Task<Guid?> BeginAsync(CampaignSeed seed, string phone, string sid = "sid-1")
        => seed.Calls.BeginInboundAsync(
            new BeginInbound(seed.AgentId, phone, TestCalls.Owner, seed.Now, seed.Now.AddSeconds(10), $"{seed.AgentId} {sid}", "stream"), CancellationToken.None);
}
