using System.Net;
using Campaigns.Api.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class AccessTests(ApiFixture api)
{
    [PostgresTheory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ck_acme_nobodyknowsthissecret")]
    [InlineData("ck_acmeAdmin_0123456789abcdef0123456789abcdeF")]
    [InlineData("' OR 1=1 --")]
    public async Task AnyEndpoint_WithoutAKnownKey_Is401(string? key)
    {
        using var client = api.Client(null, "acme");
        if (key is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        await client.GetAsync("agents").ProblemAsync(HttpStatusCode.Unauthorized);
        await client.PostJsonAsync("agents", "{").ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [PostgresFact]
    public async Task AnyEndpoint_WithTheKeyInItsOwnHeader_IsOpen()
    {
        using var client = api.Client(null, "acme");
        client.DefaultRequestHeaders.Add("X-Api-Key", ApiFixture.KeyOf("acme", ApiRole.Viewer));
        await client.GetAsync("agents").JsonAsync();
    }

    [PostgresTheory]
    [InlineData("other")]
    [InlineData("nobody")]
    [InlineData("ACME")]
    public async Task AnyEndpoint_UnderAnotherSlug_Is404WhateverTheRole(string slug)
    {
        using var client = api.Client(ApiFixture.KeyOf("acme", ApiRole.Viewer), slug);
        var read = await client.GetAsync("agents").ProblemAsync(HttpStatusCode.NotFound);
        var write = await client.PostJsonAsync("agents", "{}").ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(read.Text("title"), write.Text("title"));
    }

    [PostgresFact]
    public async Task Writes_WithTooLowARole_Are403AndChangeNothing()
    {
        var before = await api.DigestAsync();
        await api.Viewer.PostJsonAsync("contacts", """{"phone":"9812345678"}""").ProblemAsync(HttpStatusCode.Forbidden);
        await api.Viewer.PostCsvAsync("contacts/import", "phone\n9812345678\n").ProblemAsync(HttpStatusCode.Forbidden);
        await api.Viewer.PostJsonAsync("campaigns", "{}").ProblemAsync(HttpStatusCode.Forbidden);
        await api.Viewer.PostAsync($"campaigns/{Guid.NewGuid()}/start", null).ProblemAsync(HttpStatusCode.Forbidden);
        await api.Operator.PostJsonAsync("agents", """{"name":"a","systemPrompt":"b"}""").ProblemAsync(HttpStatusCode.Forbidden);
        await api.Operator.DeleteAsync("do-not-call/9812345678").ProblemAsync(HttpStatusCode.Forbidden);
        await api.Operator.PostAsync($"agents/{Guid.NewGuid()}/inbound-address", null).ProblemAsync(HttpStatusCode.Forbidden);
        await api.Viewer.PostAsync($"sessions/{Guid.NewGuid()}/hang-up", null).ProblemAsync(HttpStatusCode.Forbidden);
        await api.Viewer.DeleteAsync($"contacts/{Guid.NewGuid()}/memory/{Guid.NewGuid()}").ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresFact]
    public async Task AnyEndpoint_WithARevokedKey_Is401()
    {
        var organizations = api.Services.GetRequiredService<IOrganizationStore>();
        var key = "ck_gone_0123456789abcdef0123456789abcdef";
        await organizations.EnsureAsync(new OrganizationSeed { Slug = "acme", ApiKey = key, KeyName = "gone" }, CancellationToken.None);
        using var client = api.Client(key, "acme");
        await client.GetAsync("agents").JsonAsync();
        await api.ExecuteAsync("UPDATE api_keys SET revoked_at = now() WHERE name = 'gone'");
        await client.GetAsync("agents").ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [PostgresFact]
    public async Task EveryResource_OfAnotherOrganization_Is404AndNothingChanges()
    {
        var agent = await Seed.AgentAsync(api.Other);
        var contact = await Seed.ContactAsync(api.Other);
        var campaign = await Seed.DraftAsync(api.Other);
        var (_, rows) = await Seed.SnapshotAsync(api, api.OtherId, campaign, new AudienceSpec { ContactIds = [contact] });
        var session = await Talks.CallAsync(api, campaign, rows[0]);
        await Talks.DistilAsync(api, session);
        await File.WriteAllBytesAsync(Path.Combine(api.Recordings.FullName, $"{session}.wav"), new byte[44]);
        var fact = await api.ScalarAsync<Guid>($"SELECT id FROM memory_facts WHERE session_id = '{session}'");
        var before = await api.DigestAsync();

        string[] paths =
        [
            $"sessions/{session}", $"sessions/{session}/turns", $"sessions/{session}/digest", $"sessions/{session}/recording", $"contacts/{contact}/memory",
            $"agents/{agent}", $"contacts/{contact}", $"campaigns/{campaign}", $"campaigns/{campaign}/overview", $"campaigns/{campaign}/contacts",
            $"campaigns/{campaign}/contacts/{rows[0]}", $"campaigns/{campaign}/contacts/{rows[0]}/decisions", $"campaigns/{campaign}/contacts/{rows[0]}/sessions",
        ];
        foreach (var path in paths)
        {
            var theirs = await api.Admin.GetAsync(path).ProblemAsync(HttpStatusCode.NotFound);
            var nobodys = await api.Admin.GetAsync($"campaigns/{Guid.NewGuid()}").ProblemAsync(HttpStatusCode.NotFound);
            Assert.Equal(nobodys.Text("detail"), theirs.Text("detail"));
            Assert.True((await api.Other.GetAsync(path)).IsSuccessStatusCode, path);
        }

        foreach (var command in new[] { "start", "pause", "resume", "cancel" })
        {
            await api.Admin.PostAsync($"campaigns/{campaign}/{command}", null).ProblemAsync(HttpStatusCode.NotFound);
        }

        await api.Admin.PostAsync($"sessions/{session}/hang-up", null).ProblemAsync(HttpStatusCode.NotFound);
        await api.Admin.PostAsync($"agents/{agent}/inbound-address", null).ProblemAsync(HttpStatusCode.NotFound);
        await api.Admin.DeleteAsync($"contacts/{contact}/memory/{fact}").ProblemAsync(HttpStatusCode.NotFound);
        Assert.DoesNotContain(
            (await api.Admin.GetAsync($"sessions?campaign={campaign}&limit=500").JsonAsync()).GetProperty("items").EnumerateArray(), item => item.Id() == session);
        await api.Admin.PutJsonAsync($"campaigns/{campaign}/contacts/{rows[0]}/disposition", """{"status":"COMPLETED"}""").ProblemAsync(HttpStatusCode.NotFound);
        var mine = await Seed.AgentAsync(api.Admin);
        await api.ExecuteAsync($"DELETE FROM audit_log WHERE entity_id = '{mine}'");
        var asAgent = await api.Admin.PostJsonAsync("campaigns", Seed.Campaign(agent, """{"city":"Pune"}""")).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["agentId"], Http.ErrorsOf(asAgent));
        var asContact = await api.Admin.PostJsonAsync("campaigns", Seed.Campaign(mine, $$"""{"contactIds":["{{contact}}"]}""")).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["audience.contactIds[0]"], Http.ErrorsOf(asContact));
        await api.ExecuteAsync($"DELETE FROM agents WHERE id = '{mine}'");
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresFact]
    public void EveryEndpointOfAnOrganization_NamesTheRoleItNeeds()
    {
        var endpoints = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)).ToArray();
        Assert.True(endpoints.Length >= 33, $"{endpoints.Length} endpoints");
        Assert.All(endpoints, endpoint => Assert.Contains(endpoint.Metadata, item => item.GetType().Name == "RequiredRole"));
    }
}
