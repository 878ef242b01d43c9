using System.Net;
using System.Text.Json;
using Campaigns.Api.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class CampaignTests(ApiFixture api)
{
    private static readonly string Tomorrow = DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-dd'T'10:00:00'Z'");

    [PostgresFact]
    public async Task Create_WithEveryMember_IsReadBackAsWritten()
    {
        var agent = await Seed.AgentAsync(api.Admin);
        var json = $$"""
            {"name":"Renewals","agentId":"{{agent}}","channel":"VOICE_REALTIME","instructions":"Remind {name}.",
             "audience":{"contactIds":[],"phoneNumbers":[],"status":"lead","city":"Pune","occupation":"Farmer","preferredLanguage":"mr","marketingConsent":true,"search":"ra"},
             "maxConcurrent":7,"callsPerMinute":30,"weight":3,"startAt":"{{Tomorrow}}",
             "callingWindow":{"from":"10:00","to":"21:00","days":["MON","TUE"]},
             "retry":{"noAnswer":{"maxAttempts":3,"backoff":["00:10:00"]},"busy":{"maxAttempts":2,"backoff":["00:05:00"]} },
             "requiresConsent":true,"attemptsPerDay":2,
             "voice":{"agentSpeaksFirst":false,"helloPatience":"00:00:04","machine":"LEAVE_MESSAGE","machineMessage":"Please call back.","screener":"HANG_UP",
               "screenerMessage":"It is about your policy.","longestCall":"00:05:00","silenceTimeout":"00:00:15"},
             "dispositions":[{"code":"sold","description":"They bought.","fields":[
               {"name":"plan","type":"CHOICE","description":"Which","required":true,"choices":["gold","silver"]},
               {"name":"amount","type":"NUMBER","description":"","required":false,"choices":[]}]}]}
            """;
        var created = await api.Operator.PostJsonAsync("campaigns", json).JsonAsync(HttpStatusCode.Created);
        Assert.Equal("DRAFT", created.Text("status"));
        var read = await api.Viewer.GetAsync($"campaigns/{created.Id()}").JsonAsync();
        foreach (var member in JsonSerializer.Deserialize<JsonElement>(json).EnumerateObject())
        {
            Assert.True(JsonElement.DeepEquals(member.Value, read.GetProperty(member.Name)), $"{member.Name}: {read.GetProperty(member.Name)}");
        }

        var listed = await api.Viewer.GetAsync("campaigns?status=draft&limit=1").JsonAsync();
        Assert.Equal(created.Id(), listed.GetProperty("items")[0].Id());
    }

    [PostgresFact]
    public async Task Create_WithTheLeast_TakesTheDefaults()
    {
        var draft = await Seed.DraftAsync(api.Admin, """{"city":"Pune"}""");
        var read = await api.Viewer.GetAsync($"campaigns/{draft}").JsonAsync();
        Assert.Equal(5, read.Int("maxConcurrent"));
        Assert.Equal(1, read.Int("weight"));
        Assert.Equal(JsonValueKind.Null, read.GetProperty("startAt").ValueKind);
        Assert.True(read.GetProperty("retry").TryGetProperty("interruptedByUs", out _));
        Assert.True(read.GetProperty("voice").GetProperty("agentSpeaksFirst").GetBoolean());
        Assert.Equal("00:10:00", read.GetProperty("voice").Text("longestCall"));
        Assert.Equal(0, read.GetProperty("dispositions").GetArrayLength());
    }

    [PostgresFact]
    public async Task Create_WithFieldsOfTheOrganizationsContacts_IsTaken()
    {
        await Seed.ContactAsync(api.Operator, extra: ""","context":{"Renewal Date":"4 March"}""");

        var draft = await Seed.DraftAsync(
            api.Admin, """{"city":"Pune"}""", ""","voice":{"machine":"LEAVE_MESSAGE","machineMessage":"Hello {{first_name}}, it ends on {{renewal_date}}."}""");

        Assert.Contains("{{renewal_date}}", (await api.Viewer.GetAsync($"campaigns/{draft}").JsonAsync()).GetProperty("voice").Text("machineMessage"), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Create_WithAFieldThatNoContactHas_NamesItAndTheNearestAndChangesNothing()
    {
        // A field of another organization's contacts is none of ours.
        await Seed.ContactAsync(api.Other, extra: ""","context":{"theirs_alone":"x"}""");
        await Seed.ContactAsync(api.Operator, extra: ""","context":{"due_amount":"5"}""");
        var agent = await Seed.AgentAsync(api.Admin);
        var before = await api.DigestAsync();

        var problem = await api.Operator.PostJsonAsync(
            "campaigns",
            $$$"""
            {"name":"x","agentId":"{{{agent}}}","instructions":"Hello {{nam}}, {{due_amonut}} {{theirs_alone}} {{open","audience":{"city":"Pune"},
             "voice":{"screenerMessage":"{{nobody_has_this}}","machine":"LEAVE_MESSAGE","silenceTimeout":"00:00:01"},
             "dispositions":[{"code":"Sold!"},{"code":"a"},{"code":"a"}]}
            """).ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Superset(
            new HashSet<string> { "instructions", "voice.screenerMessage", "voice.machineMessage", "voice.silenceTimeout" }, Http.ErrorsOf(problem).ToHashSet());
        Assert.Contains(Http.ErrorsOf(problem), path => path.StartsWith("dispositions[0]", StringComparison.Ordinal));
        Assert.Contains(Http.ErrorsOf(problem), path => path.StartsWith("dispositions[2]", StringComparison.Ordinal));
        var told = string.Join('|', problem.GetProperty("errors").GetProperty("instructions").EnumerateArray().Select(text => text.GetString()));
        Assert.Contains("{{nam}}; did you mean {{name}}? (at character 7)", told, StringComparison.Ordinal);
        Assert.Contains("did you mean {{due_amount}}?", told, StringComparison.Ordinal);
        Assert.Contains("{{theirs_alone}}", told, StringComparison.Ordinal);
        Assert.Contains("is not closed", told, StringComparison.Ordinal);
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresFact]
    public async Task Create_WithManyErrors_ListsThemAllAndChangesNothing()
    {
        var before = await api.DigestAsync();
        var shape = await api.Operator.PostJsonAsync(
            "campaigns",
            """{"nam":"x","agentId":"5","channel":"FAX","audience":{"town":"Pune","marketingConsent":"yes"},"maxConcurrent":"five","startAt":"2026-01-01T10:00:00","callingWindow":{"from":"25:00"},"retry":{"nope":{}}}""")
            .ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(
            ["agentId", "audience.marketingConsent", "audience.town", "callingWindow.from", "callingWindow.to", "channel", "maxConcurrent", "nam", "name", "retry", "startAt"],
            Http.ErrorsOf(shape));

        var values = await api.Operator.PostJsonAsync(
            "campaigns",
            Seed.Campaign(Guid.NewGuid(), "{}", ""","maxConcurrent":0,"callsPerMinute":-5,"weight":101,"attemptsPerDay":0,"retry":{"busy":{"maxAttempts":-1}}"""))
            .ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Superset(new HashSet<string> { "audience", "maxConcurrent", "callsPerMinute", "weight", "attemptsPerDay" }, Http.ErrorsOf(values).ToHashSet());
        Assert.Contains(Http.ErrorsOf(values), member => member.StartsWith("retry", StringComparison.Ordinal));
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresTheory]
    [InlineData("""{}""", "audience")]
    [InlineData("""{"contactIds":[],"phoneNumbers":[" "],"city":" "}""", "audience")]
    [InlineData("""{"contactIds":["not-an-id"]}""", "audience.contactIds[0]")]
    [InlineData("""{"contactIds":null}""", "audience.contactIds")]
    [InlineData("""{"phoneNumbers":["9812345678","12","9812345678x9"]}""", "audience.phoneNumbers[1]")]
    [InlineData("""{"phoneNumbers":[9812345678]}""", "audience.phoneNumbers[0]")]
    [InlineData("""{"contactIds":["00000000-0000-0000-0000-000000000001"]}""", "audience.contactIds[0]")]
    public async Task Create_WithABadAudience_Is400NamingTheEntry(string audience, string member)
    {
        var agent = await Seed.AgentAsync(api.Admin);
        var before = await api.DigestAsync();
        var problem = await api.Operator.PostJsonAsync("campaigns", Seed.Campaign(agent, audience)).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Contains(member, Http.ErrorsOf(problem));
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresTheory]
    [InlineData("", "line 1")]
    [InlineData("{", "line 1")]
    [InlineData("{\n  \"name\": \"x\",\n  oops\n}", "line 3, byte 3")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "twice")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}", "line 1")]
    public async Task Create_WithMalformedJson_Is400SayingWhere(string json, string where)
    {
        var before = await api.DigestAsync();
        var problem = await api.Operator.PostJsonAsync("campaigns", json).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Contains(where, problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresFact]
    public async Task Create_WithAnotherContentType_Is415()
    {
        using var content = new StringContent("{}", System.Text.Encoding.UTF8, "text/plain");
        await api.Operator.PostAsync("campaigns", content).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [PostgresFact]
    public async Task Commands_OnAScheduledCampaign_GoThroughItsGrainAndRefuseNamingBothStates()
    {
        var draft = await Seed.DraftAsync(api.Admin, extra: $$""","startAt":"{{Tomorrow}}" """);
        var early = await api.Operator.PostAsync($"campaigns/{draft}/pause", null).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Contains("DRAFT", early.Text("title"), StringComparison.Ordinal);

        Assert.Equal("SCHEDULED", (await api.Operator.PostAsync($"campaigns/{draft}/start", null).JsonAsync()).Text("status"));
        Assert.Equal(1, (await api.Operator.PostAsync($"campaigns/{draft}/start", null).JsonAsync()).Int("totalCount"));
        Assert.Equal("CANCELLED", (await api.Operator.PostAsync($"campaigns/{draft}/cancel", null).JsonAsync()).Text("status"));
        var late = await api.Operator.PostAsync($"campaigns/{draft}/resume", null).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Contains("CANCELLED", late.Text("title"), StringComparison.Ordinal);
        Assert.Equal(2L, await api.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE entity_id = '{draft}' AND action IN ('campaign.start', 'campaign.cancel')"));
    }

    [PostgresFact]
    public async Task Start_OnAnotherChannel_Is409AndChangesNothing()
    {
        var agent = await Seed.AgentAsync(api.Admin);
        var json = Seed.Campaign(agent, """{"phoneNumbers":["9812345678"]}""").Replace("VOICE_REALTIME", "WHATSAPP", StringComparison.Ordinal);
        var draft = (await api.Operator.PostJsonAsync("campaigns", json).JsonAsync(HttpStatusCode.Created)).Id();
        var before = await api.DigestAsync();
        var problem = await api.Operator.PostAsync($"campaigns/{draft}/start", null).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Contains("WHATSAPP", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(before, await api.DigestAsync());
    }
}
