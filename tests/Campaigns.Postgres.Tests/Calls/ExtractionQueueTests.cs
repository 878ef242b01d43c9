using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.LiveModel;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Calls;

public sealed class ExtractionQueueTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);

    [PostgresFact]
    public async Task Take_GivesTheTranscriptAsItWasHeard()
    {
        var seed = await FreshAsync(new SeedShape { Instructions = "Ask {{name}}.", Contacts = 1 });
        var session = await SpokenAsync(seed, heard: "I will ca");
        var contact = await seed.SessionAsync<Guid>(session, "contact_id");
        await RememberAsync(seed, session, contact, ("city", "Pune"));

        var job = Assert.Single(await TakeAsync(seed));

        Assert.Equal((session, seed.OrganizationId, contact, 1), (job.SessionId, job.OrganizationId, job.ContactId!.Value, job.Attempt));
        Assert.Equal((session, "en-IN", "Ask {{name}}."), (job.Request.SessionId, job.Request.Language, job.Request.Objective));
        Assert.Equal(
            [new ExtractionTurn(1, Speaker.Person, "hello"), new ExtractionTurn(2, Speaker.Agent, "I will ca"), new ExtractionTurn(3, Speaker.Person, "in March")],
            job.Request.Turns.ToArray());
        Assert.Equal(("city", "Pune"), (Assert.Single(job.Request.Known).Key, job.Request.Known[0].Value));
    }

    [PostgresFact]
    public async Task Take_ByManyAtOnce_GivesEachToOneAndAgainWhenTheHoldIsOver()
    {
        var seed = await FreshAsync(new SeedShape { Contacts = 20 });
        var lease = await seed.AcquireAsync();
        for (var i = 0; i < 20; i++)
        {
            await SpokenAsync(seed, lease: lease);
        }

        var taken = (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => TakeAsync(seed, 5))))).SelectMany(jobs => jobs).ToList();
        taken.AddRange(await TakeAsync(seed, 20));

        Assert.Equal(20, taken.Count);
        Assert.Equal(20, taken.Select(job => job.SessionId).Distinct().Count());
        Assert.Empty(await TakeAsync(seed, 20));
        seed.Now += Hold;
        var again = await TakeAsync(seed, 20);
        Assert.Equal(20, again.Length);
        Assert.All(again, job => Assert.Equal(2, job.Attempt));
    }

    [PostgresFact]
    public async Task Take_OfOnePersonsCalls_KeepsTheirOrder()
    {
        var seed = await FreshAsync(new SeedShape { Contacts = 1 });
        var first = await SpokenAsync(seed);
        await EndAsync(seed, first);
        seed.Now += TimeSpan.FromMinutes(1);
        var sibling = await seed.CreateSiblingAsync(new SeedShape { Contacts = 1, Now = seed.Now });
        sibling.Now = seed.Now;
        var second = await SpokenAsync(sibling);

        var job = Assert.Single(await TakeAsync(seed, 10));
        Assert.Equal(first, job.SessionId);
        await seed.Extractions.FailAsync(job, "later", seed.Now.AddMinutes(10), seed.Now, CancellationToken.None);
        Assert.Empty(await TakeAsync(seed, 10));
        seed.Now += TimeSpan.FromMinutes(10);
        job = Assert.Single(await TakeAsync(seed, 10));
        Assert.Equal((first, 2), (job.SessionId, job.Attempt));
        await seed.Extractions.FailAsync(job, "never", null, seed.Now, CancellationToken.None);
        Assert.Equal(second, Assert.Single(await TakeAsync(seed, 10)).SessionId);
    }

    [PostgresFact]
    public async Task Complete_WritesTheDigestOnceAndMergesTheFacts()
    {
        var seed = await FreshAsync(new SeedShape { Contacts = 1 });
        var session = await SpokenAsync(seed);
        var contact = await seed.SessionAsync<Guid>(session, "contact_id");
        await RememberAsync(seed, session, contact, ("city", "Pune"), ("language", "Hindi"), ("plan", "gold"));
        var job = Assert.Single(await TakeAsync(seed));

        Assert.True(await seed.Extractions.CompleteAsync(
            job,
            Extracted(Fact("city", "Kochi"), Fact("renewal_month", "March")),
            inForce => new FactChanges(
                [Fact("city", "Kochi", 0.9), Fact("renewal_month", "March\0", until: new DateOnly(2026, 3, 31))],
                inForce.Where(f => f.Key == "city").ToImmutableDictionary(f => f.Id, _ => 0),
                inForce.Where(f => f.Key == "plan").ToImmutableDictionary(f => f.Id, _ => 0.95)),
            seed.Now, CancellationToken.None));

        Assert.Equal(
            "city: Kochi 0.9,language: Hindi 0.5,plan: gold 0.95,renewal_month: March 0.8",
            await seed.ScalarAsync<string>(
                "SELECT string_agg(fact || ' ' || confidence, ',' ORDER BY key) FROM memory_facts WHERE contact_id = $1 AND superseded_by IS NULL", contact));
        Assert.Equal(
            "city: Kochi",
            await seed.ScalarAsync<string>(
                "SELECT n.fact FROM memory_facts o JOIN memory_facts n ON n.id = o.superseded_by WHERE o.contact_id = $1 AND o.fact = 'city: Pune'", contact));
        Assert.Equal(
            "2026-03-31 3", await seed.ScalarAsync<string>("SELECT valid_until || ' ' || turn_position FROM memory_facts WHERE contact_id = $1 AND key = 'renewal_month'", contact));
        Assert.Equal(
            "They talked. model-1 7",
            await seed.ScalarAsync<string>("SELECT concat_ws(' ', summary, model, usage->>'outputText') FROM session_digests WHERE session_id = $1", session));
        Assert.Equal("DONE", await StateAsync(seed, session));
        Assert.False(await seed.Extractions.CompleteAsync(job, Extracted(), _ => throw new InvalidOperationException("Not asked."), seed.Now, CancellationToken.None));
        Assert.Empty(await TakeAsync(seed));
    }

    [PostgresFact]
    public async Task Complete_ByTwoWhoTookTheSameJob_IsOnes()
    {
        var seed = await FreshAsync(new SeedShape { Contacts = 1 });
        var session = await SpokenAsync(seed);
        var slow = Assert.Single(await TakeAsync(seed));
        seed.Now += Hold;
        var quick = Assert.Single(await TakeAsync(seed));

        // The slow one finds out that it has lost the job: its failure puts nothing back.
        await seed.Extractions.FailAsync(slow, "time-out", seed.Now, seed.Now, CancellationToken.None);
        Assert.Empty(await TakeAsync(seed));
        var results = await Task.WhenAll(new[] { slow, quick, quick, slow }.Select(job => Task.Run(() => seed.Extractions.CompleteAsync(
            job, Extracted(), _ => Adding(Fact("city", "Pune")), seed.Now, CancellationToken.None))));

        Assert.Single(results, done => done);
        Assert.Equal(1L, await seed.ScalarAsync<long>("SELECT count(*) FROM memory_facts WHERE session_id = $1", session));
        await seed.Extractions.FailAsync(quick, "x", seed.Now, seed.Now, CancellationToken.None);
        Assert.Equal("DONE", await StateAsync(seed, session));
    }

    [PostgresFact]
    public async Task Complete_OfManyCallsOfOnePersonAtOnce_LosesNoFactAndKeepsOneInForcePerKey()
    {
        var seed = await FreshAsync(new SeedShape { Contacts = 1 });
        var first = await SpokenAsync(seed);
        var contact = await seed.SessionAsync<Guid>(first, "contact_id");
        await EndAsync(seed, first);
        var jobs = new List<ExtractionJob> { Assert.Single(await TakeAsync(seed)) };
        for (var i = 0; i < 7; i++)
        {
            // Completed without the queue's order, as by workers whose hold ran out.
            var sibling = await seed.CreateSiblingAsync(new SeedShape { Contacts = 1, AttemptsPerDay = 100 });
            var session = await SpokenAsync(sibling);
            await EndAsync(sibling, session);
            jobs.Add(jobs[0] with { SessionId = session });
        }

        var done = await Task.WhenAll(jobs.Select((job, i) => Task.Run(() => seed.Extractions.CompleteAsync(
            job, Extracted(), _ => Adding(Fact("city", $"city {i}"), Fact($"key_{i}", "x")), seed.Now, CancellationToken.None))));

        Assert.All(done, Assert.True);
        Assert.Equal(
            9L, await seed.ScalarAsync<long>("SELECT count(*) FROM memory_facts WHERE contact_id = $1 AND superseded_by IS NULL", contact));
        Assert.Equal(16L, await seed.ScalarAsync<long>("SELECT count(*) FROM memory_facts WHERE contact_id = $1", contact));
    }

    [PostgresFact]
    public async Task Complete_WithAMergeThatCannotBe_WritesNothingAndStaysTaken()
    {
        var seed = await FreshAsync(new SeedShape { Contacts = 1 });
        var session = await SpokenAsync(seed);
        var job = Assert.Single(await TakeAsync(seed));

        FactChanges[] wrong =
        [
            Adding(Fact("city", "a"), Fact("city", "b")),
            Adding(Fact("city", "a")) with { Superseded = ImmutableDictionary<Guid, int>.Empty.Add(Guid.NewGuid(), 0) },
        ];
        foreach (var changes in wrong)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => seed.Extractions.CompleteAsync(job, Extracted(), _ => changes, seed.Now, CancellationToken.None));
        }

        Assert.Equal("PENDING", await StateAsync(seed, session));
        Assert.Equal(0L, await seed.ScalarAsync<long>("SELECT count(*) FROM session_digests WHERE session_id = $1", session));
        Assert.True(await seed.Extractions.CompleteAsync(job, Extracted(), _ => Adding(), seed.Now, CancellationToken.None));
    }

    [PostgresFact]
    public async Task Fail_GivenUp_IsNotTakenAgainAndKeepsItsError()
    {
        var seed = await FreshAsync(new SeedShape { Contacts = 1 });
        var session = await SpokenAsync(seed);
        var job = Assert.Single(await TakeAsync(seed));

        await seed.Extractions.FailAsync(job, "blocked\0", null, seed.Now, CancellationToken.None);

        Assert.Equal("FAILED", await StateAsync(seed, session));
        Assert.Equal("blocked", await seed.ScalarAsync<string>("SELECT last_error FROM extractions WHERE session_id = $1", session));
        seed.Now = seed.Now.AddDays(1);
        Assert.Empty(await TakeAsync(seed));
        Assert.False(await seed.Extractions.CompleteAsync(job, Extracted(), _ => Adding(), seed.Now, CancellationToken.None));
    }

    [PostgresFact]
    public async Task Complete_WithoutAContact_KeepsTheDigestAlone()
    {
        var seed = await FreshAsync(new SeedShape { Contacts = 1 });
        var session = await SpokenAsync(seed);
        await seed.ExecuteAsync("UPDATE extractions SET contact_id = NULL WHERE session_id = $1", session);
        var job = Assert.Single(await TakeAsync(seed));

        Assert.Null(job.ContactId);
        Assert.True(await seed.Extractions.CompleteAsync(job, Extracted(), _ => throw new InvalidOperationException("Not asked."), seed.Now, CancellationToken.None));
        Assert.Equal(1L, await seed.ScalarAsync<long>("SELECT count(*) FROM session_digests WHERE session_id = $1", session));
    }

    /// <summary>The queue is one for the whole database, so every test begins with an empty one.</summary>
    private async Task<CampaignSeed> FreshAsync(SeedShape shape)
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, shape);
        await seed.ExecuteAsync("DELETE FROM extractions");
        return seed;
    }

    private static async Task<Guid> SpokenAsync(CampaignSeed seed, string? heard = null, CampaignLease? lease = null)
    {
        var (_, session) = await seed.TalkAsync(lease);
        await seed.SayAsync(session, 1, Speaker.Person, "hello");
        await seed.SayAsync(session, 2, Speaker.Agent, "I will call you again.", heard);
        await seed.SayAsync(session, 3, Speaker.Person, "in March");
        await seed.SayAsync(session, 4, Speaker.Agent, "Never heard.", "");
        Assert.True(await seed.ConcludeAsync(session));
        return session;
    }

    private static Task EndAsync(CampaignSeed seed, Guid session)
        => seed.ExecuteAsync("UPDATE sessions SET state = 'ENDED', outcome = 'COMPLETED', ended_at = started_at, check_at = NULL WHERE id = $1", session);

    private static Task<ImmutableArray<ExtractionJob>> TakeAsync(CampaignSeed seed, int limit = 1)
        => seed.Extractions.TakeAsync(limit, seed.Now, Hold, CancellationToken.None);

    private static Task<string> StateAsync(CampaignSeed seed, Guid session)
        => seed.ScalarAsync<string>("SELECT state FROM extractions WHERE session_id = $1", session);

    private static async Task RememberAsync(CampaignSeed seed, Guid session, Guid contact, params (string Key, string Value)[] facts)
    {
        foreach (var (key, value) in facts)
        {
            await seed.ExecuteAsync(
                """
                INSERT INTO memory_facts (id, organization_id, contact_id, key, fact, confidence, session_id, turn_position, created_at, updated_at)
                VALUES (gen_random_uuid(), $1, $2, $3, $3 || ': ' || $4, 0.5, $5, 1, $6, $6)
                """,
                seed.OrganizationId, contact, key, value, session, seed.Now);
        }
    }

    private static ExtractedFact Fact(string key, string value, double confidence = 0.8, DateOnly? until = null) => new(key, value, confidence, 3, until);

    private static Extraction Extracted(params ExtractedFact[] facts) => new("They talked.", [.. facts], "model-1", new LiveUsage(1, 0, 7, 0));

    private static FactChanges Adding(params ExtractedFact[] facts)
        => new([.. facts], ImmutableDictionary<Guid, int>.Empty, ImmutableDictionary<Guid, double>.Empty);
}
