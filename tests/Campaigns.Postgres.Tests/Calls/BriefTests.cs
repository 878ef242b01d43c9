using Campaigns.Calls;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Calls;

public sealed class BriefTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly CallingWindow Office = new(new(10, 0), new(18, 0));

    [PostgresFact]
    public async Task LoadBrief_OfACampaignsCall_IsWhatWasFrozenForIt()
    {
        var shape = new SeedShape
        {
            Instructions = "Remind {{name}}.",
            Window = Office,
            Voice = new VoicePolicy { AgentSpeaksFirst = false, SilenceTimeout = TimeSpan.FromSeconds(30) },
            Dispositions = [new DispositionSpec { Code = "sold", Fields = [new DispositionField { Name = "amount", Type = DispositionFieldType.Number }] }],
        };
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, shape);
        await seed.ExecuteAsync(
            """
            UPDATE campaign_contacts SET time_zone = 'Asia/Dubai', context = '{"renewal_date":"4 March","preferred_language":"hi","n":5}'
            WHERE campaign_id = $1
            """,
            seed.CampaignId);
        await seed.ExecuteAsync("UPDATE agents SET language = 'hi-IN', voice = 'Kore', settings = '{\"a\":[1]}' WHERE id = $1", seed.AgentId);
        var (order, session) = await seed.DialAsync();

        // What changes after the start does not change what the call is about; what the agent is, does.
        await seed.ExecuteAsync("UPDATE contacts SET name = 'Another', time_zone = 'UTC', preferred_language = 'ta' WHERE organization_id = $1", seed.OrganizationId);
        var brief = (await seed.Calls.LoadBriefAsync(session, CancellationToken.None))!;

        Assert.Equal((session, CallDirection.Outbound, seed.OrganizationId, "Test", "Asia/Kolkata"),
            (brief.SessionId, brief.Direction, brief.OrganizationId, brief.OrganizationName, brief.OrganizationTimeZone));
        Assert.Equal((seed.CampaignId, order.CampaignContactId, order.Phone), (brief.CampaignId!.Value, brief.CampaignContactId!.Value, brief.Phone));
        Assert.StartsWith("Person ", brief.ContactName, StringComparison.Ordinal);
        Assert.Equal(("hi", "Asia/Dubai", "Remind {{name}}."), (brief.PreferredLanguage, brief.TimeZone, brief.Objective));
        Assert.Equal(("4 March", "5"), (brief.Context["renewal_date"], brief.Context["n"]));
        Assert.Equal(shape.Voice, brief.Voice);
        Assert.Equal("amount", Assert.Single(Assert.Single(brief.Dispositions).Fields).Name);
        Assert.Equal(Office, brief.Window! with { Days = Office.Days });
        Assert.Equal((seed.AgentId, "Asha", "You are Asha.", "hi-IN", "Kore"),
            (brief.Agent.Id, brief.Agent.Name, brief.Agent.SystemPrompt, brief.Agent.Language, brief.Agent.Voice));
        Assert.Equal("[1]", brief.Agent.Settings["a"].ToString());
        Assert.Empty(brief.Facts);
        Assert.Empty(brief.PastCalls);
    }

    [PostgresFact]
    public async Task LoadBrief_WithoutAWindowOfTheCampaigns_HasTheOrganizations()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        await seed.ExecuteAsync("UPDATE organizations SET calling_window = '{\"from\":\"10:00\",\"to\":\"18:00\",\"days\":[]}' WHERE id = $1", seed.OrganizationId);
        var (_, session) = await seed.DialAsync();

        Assert.Equal(Office.To, (await seed.Calls.LoadBriefAsync(session, CancellationToken.None))!.Window!.To);
    }

    [PostgresFact]
    public async Task LoadBrief_KnowsThePersonsFactsAndLastFiveCallsAndNobodyElses()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 2 });
        var lease = await seed.AcquireAsync();
        var (order, session) = await seed.DialAsync(lease: lease);
        var (_, stranger) = await seed.DialAsync(lease: lease);
        var contact = await seed.SessionAsync<Guid>(session, "contact_id");
        await FactAsync(seed, contact, session, "city", "Pune", 0.5);
        await FactAsync(seed, contact, session, "renewal_month", "a: b: March", 0.9);
        await FactAsync(seed, contact, session, "old", "x", 0.99, supersededBy: "city");
        for (var i = 0; i < 7; i++)
        {
            var past = Guid.NewGuid();
            await seed.ExecuteAsync(
                """
                INSERT INTO sessions (id, organization_id, agent_id, contact_id, phone, state, outcome, token_hash, token_expires_at, owner, started_at,
                  send_before, ended_at, give_up_at)
                SELECT $1, organization_id, agent_id, contact_id, phone, 'ENDED', 'COMPLETED', token_hash, $3, 'x', $3, $3, $3, $3 FROM sessions WHERE id = $2
                """,
                past, session, seed.Now.AddDays(-i - 1));
            await seed.ExecuteAsync(
                "INSERT INTO session_digests (session_id, contact_id, summary, created_at) VALUES ($1, $2, $3, $4)", past, contact, $"call {i}", seed.Now.AddDays(i));
        }

        var brief = (await seed.Calls.LoadBriefAsync(session, CancellationToken.None))!;

        Assert.Equal(contact, brief.ContactId);
        Assert.Equal([("renewal_month", "a: b: March", 0.9), ("city", "Pune", 0.5)], brief.Facts.Select(f => (f.Key, f.Value, f.Confidence)));
        Assert.Equal((session, 3, new DateOnly(2026, 12, 31)), (brief.Facts[0].SessionId!.Value, brief.Facts[0].EvidenceTurn!.Value, brief.Facts[0].ValidUntil!.Value));
        Assert.Equal(["call 0", "call 1", "call 2", "call 3", "call 4"], brief.PastCalls.Select(call => call.Summary));
        Assert.Equal(seed.Now.AddDays(-1), brief.PastCalls[0].At);
        var other = (await seed.Calls.LoadBriefAsync(stranger, CancellationToken.None))!;
        Assert.Empty(other.Facts);
        Assert.Empty(other.PastCalls);
        Assert.NotEqual(order.Phone, other.Phone);
    }

    [PostgresFact]
    public async Task LoadBrief_OfNoSessionOrOneThatIsOver_IsNull()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var (order, session) = await seed.DialAsync();
        await seed.HangUpAsync(order, session);

        Assert.Null(await seed.Calls.LoadBriefAsync(session, CancellationToken.None));
        Assert.Null(await seed.Calls.LoadBriefAsync(Guid.NewGuid(), CancellationToken.None));
    }

    private static Task FactAsync(
        CampaignSeed seed, Guid contact, Guid session, string key, string value, double confidence, string? supersededBy = null)
        => seed.ExecuteAsync(
            """
            INSERT INTO memory_facts (id, organization_id, contact_id, key, fact, confidence, session_id, turn_position, valid_until, created_at, updated_at,
              superseded_by)
            VALUES (gen_random_uuid(), $1, $2, $3, $3 || ': ' || $4, $5, $6, 3, '2026-12-31', $7, $7,
              (SELECT id FROM memory_facts WHERE contact_id = $2 AND key = $8))
            """,
            seed.OrganizationId, contact, key, value, confidence, session, seed.Now, supersededBy ?? "");
}
