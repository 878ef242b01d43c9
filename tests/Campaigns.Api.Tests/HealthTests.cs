using System.Net;
using Campaigns.Api.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class HealthTests(ApiFixture api)
{
    [PostgresFact]
    public async Task Health_WithADatabaseOfThisSchema_IsReadyAndNamesTheEngine()
    {
        using var client = new HttpClient { BaseAddress = api.Address };
        Assert.Equal("live", (await client.GetAsync("/health/live").JsonAsync()).Text("status"));
        Assert.Equal("ready", (await client.GetAsync("/health/ready").JsonAsync()).Text("status"));
        Assert.Contains((await client.GetAsync("/version").JsonAsync()).Text("engine"), new[] { "packages", "single-process" });
    }

    [PostgresFact]
    public async Task Ready_WithoutASchema_Is503()
    {
        using var client = new HttpClient { BaseAddress = api.Address };
        await api.ExecuteAsync("ALTER TABLE schema_migrations RENAME TO elsewhere");
        try
        {
            await client.GetAsync("/health/ready").ProblemAsync(HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            await api.ExecuteAsync("ALTER TABLE elsewhere RENAME TO schema_migrations");
        }
    }

    [PostgresFact]
    public async Task OpenApi_DescribesEveryResourceItsBodiesAndTheKeys()
    {
        using var client = new HttpClient { BaseAddress = api.Address };
        var document = await client.GetAsync("/openapi/v1.json").JsonAsync();
        var paths = document.GetProperty("paths");
        foreach (var path in new[] { "agents", "contacts", "contacts/import", "do-not-call", "audience-preview", "campaigns", "campaigns/{id}/start", "campaigns/{id}/overview",
            "sessions", "sessions/{id}", "sessions/{id}/turns", "sessions/{id}/digest", "sessions/{id}/recording", "sessions/{id}/hang-up",
            "contacts/{id}/memory", "contacts/{id}/memory/{factId}", "agents/{id}/inbound-address" })
        {
            Assert.True(paths.EnumerateObject().Any(entry => entry.Name.TrimEnd('/').EndsWith($"/{{slug}}/{path}", StringComparison.Ordinal)), path);
        }

        var list = paths.EnumerateObject().First(entry => entry.Name.TrimEnd('/').EndsWith("{slug}/contacts", StringComparison.Ordinal)).Value.GetProperty("get");
        Assert.Superset(
            new HashSet<string> { "limit", "cursor", "city", "marketingConsent" },
            list.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.Text("name")).ToHashSet());
        var calls = paths.EnumerateObject().First(entry => entry.Name.TrimEnd('/').EndsWith("{slug}/sessions", StringComparison.Ordinal)).Value.GetProperty("get");
        Assert.Superset(
            new HashSet<string> { "limit", "cursor", "campaign", "direction", "outcome" },
            calls.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.Text("name")).ToHashSet());
        var recording = paths.EnumerateObject().First(entry => entry.Name.EndsWith("/recording", StringComparison.Ordinal)).Value.GetProperty("get");
        Assert.True(recording.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("audio/wav", out _));
        var schemes = document.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal("X-Api-Key", schemes.GetProperty("apiKey").Text("name"));
        var create = paths.EnumerateObject().First(entry => entry.Name.TrimEnd('/').EndsWith("{slug}/campaigns", StringComparison.Ordinal)).Value.GetProperty("post");
        Assert.Contains("CampaignSpec", create.GetProperty("requestBody").ToString(), StringComparison.Ordinal);
        Assert.Equal(2, create.GetProperty("security").GetArrayLength());
        Assert.Contains("VOICE_REALTIME", document.GetProperty("components").GetProperty("schemas").ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Logs_OfAllThis_HoldNoKeyAndNoNumber()
    {
        var phone = Seed.Phone();
        await Seed.ContactAsync(api.Operator, phone);
        await api.Operator.PostCsvAsync("contacts/import", $"phone\n{phone}\n12\n").JsonAsync();
        await api.Viewer.GetAsync($"contacts?search={phone[3..]}").JsonAsync();
        await api.Admin.DeleteAsync($"do-not-call/{phone}").ProblemAsync(HttpStatusCode.NotFound);
        Assert.DoesNotContain("0123456789abcdef", api.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(phone[3..], api.Logs.Text, StringComparison.Ordinal);
    }
}
