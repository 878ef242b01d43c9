using System.Net;
using System.Text.Json;
using Campaigns.Api.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class MemoryTests(ApiFixture api)
{
    [PostgresFact]
    public async Task Memory_IsWhatHolds_AndOnDemandWhatHeldBefore()
    {
        var (contact, facts) = await RememberedAsync();

        var now = await api.Viewer.GetAsync($"contacts/{contact}/memory").JsonAsync();
        var all = await api.Viewer.GetAsync($"contacts/{contact}/memory?all=true&limit=2").JsonAsync();
        var rest = await api.Viewer.GetAsync($"contacts/{contact}/memory?all=true&limit=2&cursor={all.Text("next")}").JsonAsync();

        Assert.Equal([facts[2], facts[3]], Ids(now));
        Assert.Equal(facts, Ids(all).Concat(Ids(rest)));
        var old = all.GetProperty("items")[0];
        Assert.Equal(("city", "Pune", facts[1]), (old.Text("key"), old.Text("value"), old.GetProperty("supersededBy").GetGuid()));
        var held = now.GetProperty("items")[0];
        Assert.Equal(JsonValueKind.Null, held.GetProperty("supersededBy").ValueKind);
        Assert.Equal(("2026-12-31", 0.9), (held.Text("validUntil"), held.GetProperty("confidence").GetDouble()));
    }

    [PostgresFact]
    public async Task Forget_DeletesTheFactAndWhatItSupersededAndNothingElse()
    {
        var (contact, facts) = await RememberedAsync();

        using var answer = await api.Operator.DeleteAsync($"contacts/{contact}/memory/{facts[2]}");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal([facts[3]], Ids(await api.Viewer.GetAsync($"contacts/{contact}/memory?all=true").JsonAsync()));
        Assert.Equal(1L, await api.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE entity_id = '{contact}' AND action = 'memory.forget'"));
        await api.Operator.DeleteAsync($"contacts/{contact}/memory/{facts[2]}").ProblemAsync(HttpStatusCode.NotFound);
    }

    [PostgresFact]
    public async Task Forget_OfAnotherPersonsFact_Is404AndKeepsIt()
    {
        var (contact, facts) = await RememberedAsync();
        var another = await Seed.ContactAsync(api.Operator);
        var before = await api.DigestAsync();

        await api.Operator.DeleteAsync($"contacts/{another}/memory/{facts[0]}").ProblemAsync(HttpStatusCode.NotFound);

        Assert.Equal(before, await api.DigestAsync());
        await api.Viewer.GetAsync($"contacts/{Guid.NewGuid()}/memory").ProblemAsync(HttpStatusCode.NotFound);
        var problem = await api.Viewer.GetAsync($"contacts/{contact}/memory?all=maybe").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["all"], Http.ErrorsOf(problem));
    }

    /// <summary>Pune, superseded by Kochi, superseded by Delhi; and tea.</summary>
    private async Task<(Guid Contact, Guid[] Facts)> RememberedAsync()
    {
        var contact = await Seed.ContactAsync(api.Operator);
        Guid[] facts = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        await api.ExecuteAsync($"""
            INSERT INTO memory_facts (id, organization_id, contact_id, key, fact, confidence, created_at, updated_at, valid_until, superseded_by)
            SELECT id::uuid, '{api.AcmeId}', '{contact}', split_part(fact, ':', 1), fact, 0.9, now() + n * interval '1 second', now(), '2026-12-31', by::uuid
            FROM (VALUES (4, '{facts[3]}', 'drinks: tea', NULL), (3, '{facts[2]}', 'city: Delhi', NULL), (2, '{facts[1]}', 'city: Kochi', '{facts[2]}'),
              (1, '{facts[0]}', 'city: Pune', '{facts[1]}')) AS x (n, id, fact, by)
            """);
        return (contact, facts);
    }

    private static IEnumerable<Guid> Ids(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(Http.Id);
}
