using System.Net;
using Campaigns.Api.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class AudienceTests(ApiFixture api)
{
    [PostgresFact]
    public async Task Preview_OfAFilter_CountsSamplesAndTellsWhoIsSkippedAndWhy()
    {
        const string City = ""","city":"Previewpur","marketingConsent":"GRANTED" """;
        var callable = await Seed.ContactAsync(api.Operator, extra: City);
        await Seed.ContactAsync(api.Operator, extra: ""","city":"Previewpur" """);
        await api.Operator.PostJsonAsync("contacts", """{"name":"No phone","city":"Previewpur"}""").JsonAsync(HttpStatusCode.Created);
        var blocked = Seed.Phone();
        await Seed.ContactAsync(api.Operator, blocked, City);
        await Seed.DoNotCallAsync(api.Operator, blocked);
        var lost = await Seed.ContactAsync(api.Operator, extra: City);
        await api.ExecuteAsync($"UPDATE contacts SET time_zone = 'Mars/Olympus' WHERE id = '{lost}'");
        var before = await api.DigestAsync();

        var preview = await api.Viewer.PostJsonAsync("audience-preview", """{"audience":{"city":"previewpur"},"requiresConsent":true}""").JsonAsync();
        Assert.Equal((5, 1), (preview.Int("count"), preview.Int("callable")));
        var skipped = preview.GetProperty("skipped");
        Assert.Equal((1, 1, 1, 1), (skipped.Int("no_phone"), skipped.Int("do_not_call"), skipped.Int("no_consent"), skipped.Int("invalid_time_zone")));
        Assert.Equal(callable, Assert.Single(preview.GetProperty("sample").EnumerateArray()).GetProperty("contactId").GetGuid());
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresFact]
    public async Task Preview_OfPastedNumbers_NamesTheOnesThatAreNone()
    {
        var known = Seed.Phone();
        await Seed.ContactAsync(api.Operator, known);
        var preview = await api.Viewer.PostJsonAsync(
            "audience-preview", $$"""{"audience":{"phoneNumbers":["{{known[3..]}}","12","{{known}}","{{Seed.Phone()}}"]} }""").JsonAsync();
        Assert.Equal((2, 2), (preview.Int("count"), preview.Int("callable")));
        Assert.Equal(1, Assert.Single(preview.GetProperty("rejectedNumbers").EnumerateArray()).Int("position"));
        Assert.Equal("Ravi", preview.GetProperty("sample")[0].Text("name"));
    }

    [PostgresFact]
    public async Task Preview_OfAnotherOrganizationsContacts_FindsNobody()
    {
        var theirs = await Seed.ContactAsync(api.Other);
        var preview = await api.Viewer.PostJsonAsync("audience-preview", $$"""{"audience":{"contactIds":["{{theirs}}"]} }""").JsonAsync();
        Assert.Equal((0, 1), (preview.Int("count"), preview.Int("unknownContactIds")));
        await api.Viewer.PostJsonAsync("audience-preview", """{"audience":{}}""").ProblemAsync(HttpStatusCode.BadRequest);
    }

    [PostgresFact]
    public async Task Snapshot_OfPastedNumbers_MakesContactsOfTheUnknownOnesAndKeepsTheOrder()
    {
        var (known, unknown) = (Seed.Phone(), Seed.Phone());
        await Seed.ContactAsync(api.Operator, known, ""","city":"Pune","context":{"policy":"P-1","city":"elsewhere"}""");
        var campaign = await Seed.DraftAsync(api.Admin);
        var (counts, rows) = await Seed.SnapshotAsync(api, api.AcmeId, campaign, new AudienceSpec { PhoneNumbers = [unknown, known, unknown[3..]] });
        Assert.Equal((2, 2, 0), (counts.Total, counts.Pending, counts.Skipped));
        var listed = (await api.Viewer.GetAsync($"campaigns/{campaign}/contacts").JsonAsync()).GetProperty("items");
        Assert.Equal([unknown, known], listed.EnumerateArray().Select(row => row.Text("phone")));
        var context = listed[1].GetProperty("context");
        Assert.Equal(("Ravi", "Pune", "P-1"), (context.Text("name"), context.Text("city"), context.Text("policy")));
        Assert.Equal("PASTED", await api.ScalarAsync<string>($"SELECT source FROM contacts WHERE phone = '{unknown}'"));
        Assert.Equal(2, rows.Length);
    }

    [PostgresFact]
    public async Task Snapshot_OfIds_DropsThoseWithoutAPhoneAndWaitsForTheStart()
    {
        var silent = (await api.Operator.PostJsonAsync("contacts", """{"name":"No phone"}""").JsonAsync(HttpStatusCode.Created)).Id();
        var (second, first) = (await Seed.ContactAsync(api.Operator), await Seed.ContactAsync(api.Operator));
        var theirs = await Seed.ContactAsync(api.Other);
        var campaign = await Seed.DraftAsync(api.Admin);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var (counts, rows) = await Seed.SnapshotAsync(
            api, api.AcmeId, campaign, new AudienceSpec { ContactIds = [first, silent, theirs, second] }, startAt: now.AddHours(2), now: now);
        Assert.Equal((2, 2), (counts.Total, counts.Pending));
        var order = await api.ScalarAsync<Guid[]>($"SELECT array_agg(contact_id ORDER BY position) FROM campaign_contacts WHERE campaign_id = '{campaign}'");
        Assert.Equal([first, second], order);
        Assert.Equal(now.AddHours(2).UtcDateTime, await api.ScalarAsync<DateTime>($"SELECT due_at FROM campaign_contacts WHERE id = '{rows[0]}'"));
    }

    [PostgresFact]
    public async Task Snapshot_OfTwoContactsWithOneNumber_SkipsTheSecond()
    {
        // The index forbids it today; the snapshot must hold even where it was dropped.
        var phone = Seed.Phone();
        var first = await Seed.ContactAsync(api.Operator, phone);
        var second = await Seed.ContactAsync(api.Operator);
        var campaign = await Seed.DraftAsync(api.Admin);
        await api.ExecuteAsync($"DROP INDEX contacts_phone; UPDATE contacts SET phone = '{phone}' WHERE id = '{second}'");
        var (counts, rows) = await Seed.SnapshotAsync(api, api.AcmeId, campaign, new AudienceSpec { ContactIds = [first, second] });
        await api.ExecuteAsync($"""
            UPDATE contacts SET phone = NULL WHERE id = '{second}';
            CREATE UNIQUE INDEX contacts_phone ON contacts (organization_id, phone) WHERE phone IS NOT NULL
            """);
        Assert.Equal((2, 1, 1), (counts.Total, counts.Pending, counts.Skipped));
        Assert.Equal("duplicate_phone", await api.ScalarAsync<string>($"SELECT reason FROM campaign_contacts WHERE id = '{rows[1]}' AND status = 'SKIPPED'"));
    }
}
