using System.Net;
using Campaigns.Api.Tests.Bed;
using Campaigns.Carrier;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class AgentTests(ApiFixture api)
{
    [PostgresFact]
    public async Task Create_WithEverything_IsReadBackAsWrittenAndAudited()
    {
        var created = await api.Admin.PostJsonAsync(
            "agents", """{"name":"Asha","systemPrompt":"You are Asha.","language":"hi-IN","voice":"Kore","settings":{"temperature":0.4,"tools":["x"]}}""")
            .JsonAsync(HttpStatusCode.Created);
        var read = await api.Viewer.GetAsync($"agents/{created.Id()}").JsonAsync();
        Assert.Equal("hi-IN", read.Text("language"));
        Assert.Equal("Kore", read.Text("voice"));
        Assert.Equal(0.4, read.GetProperty("settings").GetProperty("temperature").GetDouble());
        Assert.Equal("acme Admin", await api.ScalarAsync<string>($"SELECT actor FROM audit_log WHERE entity_id = '{created.Id()}' AND action = 'agent.create'"));
    }

    [PostgresFact]
    public async Task Create_WithEveryMemberWrong_ListsEveryError()
    {
        var before = await api.DigestAsync();
        var problem = await api.Admin.PostJsonAsync("agents", """{"name":5,"prompt":"x","language":null,"settings":[1]}""").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["language", "name", "prompt", "settings", "systemPrompt"], Http.ErrorsOf(problem));
        var empty = await api.Admin.PostJsonAsync("agents", """{"name":" ","systemPrompt":"","voice":""}""").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["name", "systemPrompt", "voice"], Http.ErrorsOf(empty));
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresFact]
    public async Task Create_WithHttpTools_KeepsGoodOnesAndNamesEveryErrorOfBadOnes()
    {
        await api.Admin.PostJsonAsync("agents", Tools("""{"name":"check_policy","description":"Looks a policy up.","url":"https://api.example.com/policy","method":"GET"}"""))
            .JsonAsync(HttpStatusCode.Created);
        var before = await api.DigestAsync();

        var problem = await api.Admin.PostJsonAsync(
            "agents",
            Tools("""{"name":"1 x","description":"","url":"http://api.example.com","method":"PUT","timeoutSeconds":60},{"name":"end_call","description":"x","url":"https://127.0.0.1/","method":"GET"}"""))
            .ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Superset(
            new HashSet<string>
            {
                "settings.httpTools[0].name", "settings.httpTools[0].description", "settings.httpTools[0].url", "settings.httpTools[0].method",
                "settings.httpTools[0].timeoutSeconds", "settings.httpTools[1].name", "settings.httpTools[1].url",
            },
            Http.ErrorsOf(problem).ToHashSet());
        Assert.Equal(before, await api.DigestAsync());

        static string Tools(string tools) => $$"""{"name":"Asha","systemPrompt":"You are Asha.","settings":{"httpTools":[{{tools}}]} }""";
    }

    [PostgresFact]
    public async Task Get_OfAnAgentWithHttpTools_HidesTheirHeadersAndTheStoreKeepsThem()
    {
        var created = await api.Admin.PostJsonAsync(
            "agents",
            """{"name":"Asha","systemPrompt":"You are Asha.","settings":{"httpTools":[{"name":"check_policy","description":"x","url":"https://api.example.com/","method":"GET","headers":{"X-Key":"s3cret"}}]}}""")
            .JsonAsync(HttpStatusCode.Created);
        var read = await api.Viewer.GetAsync($"agents/{created.Id()}").JsonAsync();
        var listed = await api.Viewer.GetAsync("agents?limit=200").JsonAsync();

        Assert.All([created, read, listed], answer => Assert.DoesNotContain("s3cret", answer.ToString(), StringComparison.Ordinal));
        Assert.Equal(
            "(hidden)",
            read.GetProperty("settings").GetProperty("httpTools")[0].GetProperty("headers").GetProperty("X-Key").GetString());
        Assert.Equal("s3cret", await api.ScalarAsync<string>(
            $"SELECT settings->'httpTools'->0->'headers'->>'X-Key' FROM agents WHERE id = '{created.Id()}'"));
    }

    [PostgresFact]
    public async Task InboundAddress_IsToldOnceAndRotated()
    {
        var agent = await Seed.AgentAsync(api.Admin);
        var gates = api.Services.GetRequiredService<IInboundGates>();
        Assert.Null(await gates.FindInboundHashAsync(agent, CancellationToken.None));

        var first = await SecretAsync(agent);
        Assert.True(SessionToken.Matches(first, await gates.FindInboundHashAsync(agent, CancellationToken.None)));
        var second = await SecretAsync(agent);

        var hash = await gates.FindInboundHashAsync(agent, CancellationToken.None);
        Assert.True(SessionToken.Matches(second, hash));
        Assert.False(SessionToken.Matches(first, hash));
        Assert.DoesNotContain(second, (await api.Viewer.GetAsync($"agents/{agent}").JsonAsync()).ToString(), StringComparison.Ordinal);
        Assert.Equal(2L, await api.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE entity_id = '{agent}' AND action = 'agent.inbound-address'"));
        Assert.DoesNotContain(second, await api.ScalarAsync<string>($"SELECT string_agg(l::text, '') FROM audit_log l WHERE entity_id = '{agent}'"), StringComparison.Ordinal);
        Assert.DoesNotContain(second, api.Logs.Text, StringComparison.Ordinal);
        await api.Admin.PostAsync($"agents/{Guid.NewGuid()}/inbound-address", null).ProblemAsync(HttpStatusCode.NotFound);
    }

    [PostgresFact]
    public async Task List_ByPages_GivesEveryAgentOnceInOrder()
    {
        for (var i = 0; i < 5; i++)
        {
            await Seed.AgentAsync(api.Admin);
        }

        var all = (await api.Viewer.GetAsync("agents?limit=500").JsonAsync()).GetProperty("items").EnumerateArray().Select(Http.Id).ToArray();
        var paged = new List<Guid>();
        for (var query = "?limit=2"; ;)
        {
            var page = await api.Viewer.GetAsync($"agents{query}").JsonAsync();
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(Http.Id));
            if (page.GetProperty("next").GetString() is not { } next)
            {
                break;
            }

            query = $"?limit=2&cursor={next}";
        }

        Assert.Equal(all, paged);
    }

    [PostgresTheory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("cursor=", "cursor")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("cursor=____________________________________", "cursor")]
    [InlineData("cursor=Af________8AAAAAAAAAAAAAAAAAAAAAAA", "cursor")]
    [InlineData("limit=0&cursor=x&sort=name", "sort")]
    public async Task List_WithABadPage_Is400NamingTheParameter(string query, string parameter)
    {
        var problem = await api.Viewer.GetAsync($"agents?{query}").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Contains(parameter, Http.ErrorsOf(problem));
    }

    private async Task<string> SecretAsync(Guid agent)
    {
        var path = (await api.Admin.PostAsync($"agents/{agent}/inbound-address", null).JsonAsync()).Text("path");
        Assert.StartsWith($"/media/exotel/inbound/{agent}/", path, StringComparison.Ordinal);
        return path[(path.LastIndexOf('/') + 1)..];
    }
}
