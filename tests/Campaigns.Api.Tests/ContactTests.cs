using System.Net;
using Campaigns.Api.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class ContactTests(ApiFixture api)
{
    [PostgresFact]
    public async Task Create_WithALocalNumber_KeepsE164AndEveryField()
    {
        var created = await api.Operator.PostJsonAsync(
            "contacts",
            """
            {"name":"Meera","phone":"098 1111-2222","email":"meera@example.com","status":"lead","city":"Pune","occupation":"Farmer",
             "preferredLanguage":"mr","timeZone":"Asia/Kolkata","marketingConsent":"GRANTED","context":{"policy":"P-1"}}
            """).JsonAsync(HttpStatusCode.Created);
        var read = await api.Viewer.GetAsync($"contacts/{created.Id()}").JsonAsync();
        Assert.Equal("+919811112222", read.Text("phone"));
        Assert.Equal("GRANTED", read.Text("marketingConsent"));
        Assert.Equal("P-1", read.GetProperty("context").Text("policy"));
        Assert.Equal("API", read.Text("source"));
        Assert.False(read.GetProperty("doNotCall").GetBoolean());
    }

    [PostgresFact]
    public async Task Create_WithATakenNumber_Is409AndChangesNothing()
    {
        var phone = Seed.Phone();
        await Seed.ContactAsync(api.Operator, phone);
        var before = await api.DigestAsync();
        await api.Operator.PostJsonAsync("contacts", $$"""{"name":"Second","phone":"{{phone}}"}""").ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(before, await api.DigestAsync());
        await Seed.ContactAsync(api.Other, phone);
    }

    [PostgresTheory]
    [InlineData("""{"name":"x","phone":"12"}""", "phone")]
    [InlineData("""{"name":"x","phone":"9812345678 / 9812345679"}""", "phone")]
    [InlineData("""{"name":"x","phone":"9.81E+09"}""", "phone")]
    [InlineData("""{"name":"x","email":"nobody"}""", "email")]
    [InlineData("""{"name":"x","timeZone":"Mars/Olympus"}""", "timeZone")]
    [InlineData("""{"name":"x","marketingConsent":"maybe"}""", "marketingConsent")]
    [InlineData("""{"name":"x","marketingConsent":true}""", "marketingConsent")]
    [InlineData("""{"name":"x","phonee":"1"}""", "phonee")]
    [InlineData("""{"name":"x","context":{"a":5}}""", "context.a")]
    [InlineData("""{"name":"x","context":{"":"v"}}""", "context")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"name":"a\ud800b"}""", "name")]
    [InlineData("{}", "body")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    public async Task Create_WithABadMember_Is400NamingItAndChangesNothing(string json, string member)
    {
        var before = await api.DigestAsync();
        var problem = await api.Operator.PostJsonAsync("contacts", json).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal([member], Http.ErrorsOf(problem));
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresFact]
    public async Task List_WithFilters_FindsThoseThatMatchInAnyCase()
    {
        var wanted = await Seed.ContactAsync(api.Operator, extra: ""","city":"Filterpur","occupation":"Weaver","marketingConsent":"GRANTED","status":"VIP" """);
        await Seed.ContactAsync(api.Operator, extra: ""","city":"Filterpur","occupation":"Potter" """);
        Assert.Equal(2, (await api.Viewer.GetAsync("contacts?city=filterpur").JsonAsync()).GetProperty("items").GetArrayLength());
        foreach (var query in new[] { "city=FILTERPUR&occupation=weaver", "city=filterpur&marketingConsent=true", "city=filterpur&status=vip", "search=weave" })
        {
            var found = (await api.Viewer.GetAsync($"contacts?{query}").JsonAsync()).GetProperty("items").EnumerateArray().Select(Http.Id);
            Assert.Equal([wanted], found);
        }
    }

    [PostgresTheory]
    [InlineData("search=%25")]
    [InlineData("search=_")]
    [InlineData("search=%5C")]
    [InlineData("city=%27%20OR%20true%20--")]
    public async Task List_WithAPatternInAText_TakesItLiterally(string query)
        => Assert.Equal(0, (await api.Viewer.GetAsync($"contacts?{query}").JsonAsync()).GetProperty("items").GetArrayLength());

    [PostgresTheory]
    [InlineData("marketingConsent=yes", "marketingConsent")]
    [InlineData("town=Pune", "town")]
    [InlineData("search=a%00b", "search")]
    public async Task List_WithABadFilter_Is400NamingIt(string query, string parameter)
        => Assert.Equal([parameter], Http.ErrorsOf(await api.Viewer.GetAsync($"contacts?{query}").ProblemAsync(HttpStatusCode.BadRequest)));

    [PostgresFact]
    public async Task DoNotCall_AddListRemove_ShowsOnTheContact()
    {
        var phone = Seed.Phone();
        var contact = await Seed.ContactAsync(api.Operator, phone);
        var added = await api.Operator.PostJsonAsync("do-not-call", $$"""{"phone":"{{phone[3..]}}","reason":"asked"}""").JsonAsync();
        Assert.Equal(phone, added.Text("phone"));
        Assert.Equal("asked", (await api.Operator.PostJsonAsync("do-not-call", $$"""{"phone":"{{phone}}","reason":"again"}""").JsonAsync()).Text("reason"));
        Assert.True((await api.Viewer.GetAsync($"contacts/{contact}").JsonAsync()).GetProperty("doNotCall").GetBoolean());
        await Seed.DoNotCallAsync(api.Operator, Seed.Phone());
        var first = await api.Viewer.GetAsync("do-not-call?limit=1").JsonAsync();
        var second = await api.Viewer.GetAsync($"do-not-call?limit=1&cursor={first.Text("next")}").JsonAsync();
        Assert.NotEqual(first.GetProperty("items")[0].Text("phone"), second.GetProperty("items")[0].Text("phone"));

        await api.Other.DeleteAsync($"do-not-call/{phone}").ProblemAsync(HttpStatusCode.NotFound);
        using var removed = await api.Admin.DeleteAsync($"do-not-call/{phone}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await api.Admin.DeleteAsync($"do-not-call/{phone}").ProblemAsync(HttpStatusCode.NotFound);
        await api.Admin.DeleteAsync("do-not-call/nonsense").ProblemAsync(HttpStatusCode.BadRequest);
        await api.Operator.PostJsonAsync("do-not-call", """{"phone":"  "}""").ProblemAsync(HttpStatusCode.BadRequest);
    }
}
