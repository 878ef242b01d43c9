using System.Net;
using System.Text.Json;
using Campaigns.Api.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class ReadModelTests(ApiFixture api)
{
    [PostgresFact]
    public async Task Overview_OfADraft_IsAllZero()
    {
        var draft = await Seed.DraftAsync(api.Admin);
        var overview = await api.Viewer.GetAsync($"campaigns/{draft}/overview").JsonAsync();
        Assert.Equal(0, overview.GetProperty("funnel").Int("total"));
        Assert.Equal(0, overview.Int("inFlight"));
        Assert.Equal("DRAFT", overview.Text("status"));
        Assert.Equal(JsonValueKind.Null, overview.GetProperty("permits").ValueKind);
    }

    [PostgresTheory]
    [InlineData("UPDATE campaign_contacts SET due_at = now() + interval '1 hour', reason = 'outside_calling_window' WHERE campaign_id = '{0}' AND status = 'PENDING'", "WINDOW")]
    [InlineData("UPDATE campaign_contacts SET due_at = now() + interval '1 hour', reason = 'busy' WHERE campaign_id = '{0}' AND status = 'PENDING'", "DUE_TIME")]
    [InlineData("UPDATE campaign_counters SET in_flight = 5 WHERE campaign_id = '{0}'", "MAX_CONCURRENT")]
    [InlineData("UPDATE campaign_counters SET next_slot_at = now() + interval '1 minute' WHERE campaign_id = '{0}'", "CAMPAIGN_RATE")]
    [InlineData("UPDATE organizations o SET max_concurrent = 1 FROM campaigns c WHERE c.id = '{0}' AND o.id = c.organization_id", "ORGANIZATION_CAP")]
    [InlineData("UPDATE carrier_accounts a SET max_concurrent = 1 FROM campaigns c, organizations o WHERE c.id = '{0}' AND o.id = c.organization_id AND a.id = o.carrier_account_id", "ACCOUNT_CAP")]
    [InlineData("UPDATE carrier_accounts a SET next_slot_at = now() + interval '1 minute' FROM campaigns c, organizations o WHERE c.id = '{0}' AND o.id = c.organization_id AND a.id = o.carrier_account_id", "ACCOUNT_RATE")]
    [InlineData("UPDATE carrier_accounts a SET blocked_until = now() + interval '1 minute' FROM campaigns c, organizations o WHERE c.id = '{0}' AND o.id = c.organization_id AND a.id = o.carrier_account_id", "BACK_OFF")]
    [InlineData("UPDATE carrier_accounts a SET model_lines = 1, model_refused_at = now() FROM campaigns c, organizations o WHERE c.id = '{0}' AND o.id = c.organization_id AND a.id = o.carrier_account_id", "BACK_OFF")]
    public async Task Overview_OfARunningCampaign_SaysWhatItWaitsFor(string sql, string waitingFor)
    {
        var (campaign, _) = await RunningAsync();
        try
        {
            // Other tests' campaigns hold lines of the same organization.
            await api.ExecuteAsync($"UPDATE campaign_counters SET live = false, in_flight = 0, pending = 0 WHERE campaign_id <> '{campaign}'");
            await api.ExecuteAsync(sql.Replace("{0}", campaign.ToString(), StringComparison.Ordinal));

            var permits = (await api.Viewer.GetAsync($"campaigns/{campaign}/overview").JsonAsync()).GetProperty("permits");

            Assert.Equal(waitingFor, permits.Text("waitingFor"));
            Assert.Equal(1, permits.Int("weight"));
        }
        finally
        {
            await api.ExecuteAsync(
                """
                UPDATE organizations SET max_concurrent = 100;
                UPDATE carrier_accounts SET max_concurrent = NULL, next_slot_at = NULL, blocked_until = NULL, model_lines = NULL, model_refused_at = NULL
                """);
        }
    }

    [PostgresFact]
    public async Task Overview_OfARunningCampaign_HasItsShareAndLimit()
    {
        var (campaign, _) = await RunningAsync();
        await api.ExecuteAsync($"UPDATE campaign_counters SET live = false, in_flight = 0, pending = 0 WHERE campaign_id <> '{campaign}'");

        var permits = (await api.Viewer.GetAsync($"campaigns/{campaign}/overview").JsonAsync()).GetProperty("permits");

        Assert.Equal((5, 5, 1), (permits.Int("limit"), permits.Int("lineShare"), permits.Int("organizationInFlight")));
        Assert.Equal(1, permits.GetProperty("rateFactor").GetDouble());
    }

    [PostgresFact]
    public async Task Overview_OfARunningCampaign_AddsUpAndCountsTheLastMinute()
    {
        var (campaign, rows) = await RunningAsync();
        var overview = await api.Viewer.GetAsync($"campaigns/{campaign}/overview").JsonAsync();
        var funnel = overview.GetProperty("funnel");
        Assert.Equal(
            (4, 1, 1, 1, 1),
            (funnel.Int("total"), funnel.Int("pending"), funnel.Int("inFlight"), funnel.Int("completed"), funnel.Int("noAnswer")));
        Assert.Equal(1, overview.GetProperty("outcomes").Int("BUSY"));
        Assert.Equal(1, overview.GetProperty("dispositions").Int("interested"));
        Assert.Equal(3, overview.Int("attempts"));
        Assert.Equal(2, overview.Int("dialsLastMinute"));
        Assert.Equal(1.5, overview.GetProperty("averageCallsPerMinute").GetDouble(), 0.1);
        Assert.Equal(0, overview.GetProperty("secondsUntilDue").GetDouble());
        Assert.Equal("silo-1", overview.Text("leaseOwner"));
        Assert.Equal(4, rows.Length);
    }

    [PostgresFact]
    public async Task Contacts_ByStatusSearchAndPage_AreThoseOfTheSnapshot()
    {
        var (campaign, rows) = await RunningAsync();
        var all = await api.Viewer.GetAsync($"campaigns/{campaign}/contacts").JsonAsync();
        Assert.Equal(rows, all.GetProperty("items").EnumerateArray().Select(Http.Id));
        Assert.Equal("Ravi", all.GetProperty("items")[0].GetProperty("context").Text("name"));
        var first = await api.Viewer.GetAsync($"campaigns/{campaign}/contacts?limit=3").JsonAsync();
        var rest = await api.Viewer.GetAsync($"campaigns/{campaign}/contacts?limit=3&cursor={first.Text("next")}").JsonAsync();
        Assert.Equal([rows[3]], rest.GetProperty("items").EnumerateArray().Select(Http.Id));
        var done = await api.Viewer.GetAsync($"campaigns/{campaign}/contacts?status=COMPLETED").JsonAsync();
        Assert.Equal([rows[0]], done.GetProperty("items").EnumerateArray().Select(Http.Id));
        var phone = all.GetProperty("items")[2].Text("phone");
        var found = await api.Viewer.GetAsync($"campaigns/{campaign}/contacts?search={phone[1..]}").JsonAsync();
        Assert.Equal([rows[2]], found.GetProperty("items").EnumerateArray().Select(Http.Id));
        await api.Viewer.GetAsync($"campaigns/{campaign}/contacts?status=DONE").ProblemAsync(HttpStatusCode.BadRequest);
    }

    [PostgresFact]
    public async Task Contacts_OfASnapshot_HaveEveryFieldThatPromptsMayUse()
    {
        var contact = await Seed.ContactAsync(
            api.Operator, extra: ""","email":"r@example.in","status":"lapsed","city":"Pune","occupation":"Farmer","preferredLanguage":"mr","context":{"plan":"gold","city":"x"}""");
        var campaign = await Seed.DraftAsync(api.Admin, $$"""{"contactIds":["{{contact}}"]}""");
        await Seed.SnapshotAsync(api, api.AcmeId, campaign, new AudienceSpec { ContactIds = [contact] });

        var context = (await api.Viewer.GetAsync($"campaigns/{campaign}/contacts").JsonAsync()).GetProperty("items")[0].GetProperty("context");

        Assert.Equal(
            "city=Pune,email=r@example.in,name=Ravi,occupation=Farmer,plan=gold,preferred_language=mr,status=lapsed",
            string.Join(',', context.EnumerateObject().Select(field => $"{field.Name}={field.Value}").Order(StringComparer.Ordinal)));
    }

    [PostgresFact]
    public async Task DecisionsAndSessions_OfOneContact_AreItsOwnInOrder()
    {
        var (campaign, rows) = await RunningAsync();
        await api.ExecuteAsync($"""
            INSERT INTO decisions (campaign_id, campaign_contact_id, at, kind, attempt, reason)
            SELECT '{campaign}', '{rows[0]}', now(), kind, 1, 'because' FROM unnest(ARRAY['CLAIMED', 'SETTLED']) AS a (kind)
            """);
        var decisions = await api.Viewer.GetAsync($"campaigns/{campaign}/contacts/{rows[0]}/decisions?limit=1").JsonAsync();
        Assert.Equal("CLAIMED", decisions.GetProperty("items")[0].Text("kind"));
        var next = await api.Viewer.GetAsync($"campaigns/{campaign}/contacts/{rows[0]}/decisions?limit=1&cursor={decisions.Text("next")}").JsonAsync();
        Assert.Equal("SETTLED", next.GetProperty("items")[0].Text("kind"));
        var sessions = await api.Viewer.GetAsync($"campaigns/{campaign}/contacts/{rows[0]}/sessions").JsonAsync();
        Assert.Equal("COMPLETED", Assert.Single(sessions.GetProperty("items").EnumerateArray()).Text("outcome"));
        Assert.Equal(0, (await api.Viewer.GetAsync($"campaigns/{campaign}/contacts/{rows[3]}/sessions").JsonAsync()).GetProperty("items").GetArrayLength());
    }

    [PostgresFact]
    public async Task Disposition_OfAFinishedContact_IsCorrectedByItsGrain()
    {
        var (campaign, rows) = await RunningAsync();
        var path = $"campaigns/{campaign}/contacts/{rows[1]}/disposition";
        var corrected = await api.Operator.PutJsonAsync(path, """{"status":"COMPLETED","disposition":"sold","note":"he called back"}""").JsonAsync();
        Assert.Equal("COMPLETED", corrected.Text("status"));
        Assert.Equal("sold", corrected.Text("disposition"));
        Assert.Equal(1L, await api.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE entity_id = '{rows[1]}' AND action = 'contact.correct'"));
        Assert.Equal("acme Operator", await api.ScalarAsync<string>($"SELECT actor FROM decisions WHERE campaign_contact_id = '{rows[1]}' AND kind = 'CORRECTED'"));
    }

    [PostgresTheory]
    [InlineData(3, """{"status":"COMPLETED"}""", HttpStatusCode.Conflict)]
    [InlineData(0, """{"status":"PENDING"}""", HttpStatusCode.BadRequest)]
    [InlineData(0, """{"status":"DONE"}""", HttpStatusCode.BadRequest)]
    [InlineData(0, """{"disposition":"x"}""", HttpStatusCode.BadRequest)]
    public async Task Disposition_ThatIsNotLegal_IsRefusedAndChangesNothing(int row, string json, HttpStatusCode status)
    {
        var (campaign, rows) = await RunningAsync();
        var before = await api.DigestAsync();
        await api.Operator.PutJsonAsync($"campaigns/{campaign}/contacts/{rows[row]}/disposition", json).ProblemAsync(status);
        Assert.Equal(before, await api.DigestAsync());
    }

    /// <summary>Four contacts: completed (called two hours ago), busy (called just now), being called, waiting.</summary>
    private async Task<(Guid Campaign, Guid[] Rows)> RunningAsync()
    {
        var contacts = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            contacts.Add(await Seed.ContactAsync(api.Operator));
        }

        var campaign = await Seed.DraftAsync(api.Admin, $$"""{"contactIds":["{{string.Join("\",\"", contacts)}}"]}""");
        var (_, rows) = await Seed.SnapshotAsync(api, api.AcmeId, campaign, new AudienceSpec { ContactIds = [.. contacts] });
        await api.ExecuteAsync($"""
            UPDATE campaigns SET status = 'RUNNING', frozen_at = now(), started_at = now() - interval '2 hours', running_since = now() - interval '1 minute',
              total_count = 4, lease_owner = 'silo-1', lease_until = now() + interval '1 hour' WHERE id = '{campaign}';
            INSERT INTO campaign_counters (campaign_id, organization_id, pending, in_flight, completed, no_answer, dispatched, ran_before)
            VALUES ('{campaign}', '{api.AcmeId}', 1, 1, 1, 1, 3, interval '1 minute')
            ON CONFLICT (campaign_id) DO UPDATE SET pending = 1, in_flight = 1, completed = 1, no_answer = 1, dispatched = 3, ran_before = interval '1 minute';
            UPDATE campaign_contacts SET status = 'COMPLETED', due_at = NULL, attempts = 1, outcome = 'COMPLETED', disposition = 'interested', finished_at = now() WHERE id = '{rows[0]}';
            UPDATE campaign_contacts SET status = 'NO_ANSWER', due_at = NULL, attempts = 1, outcome = 'BUSY', finished_at = now() WHERE id = '{rows[1]}';
            UPDATE campaign_contacts SET status = 'IN_PROGRESS', due_at = NULL, attempts = 1, task_id = gen_random_uuid() WHERE id = '{rows[2]}';
            """);
        await SessionAsync(campaign, rows[0], "ENDED", "COMPLETED", "2 hours");
        await SessionAsync(campaign, rows[1], "ENDED", "BUSY", "20 seconds");
        await SessionAsync(campaign, rows[2], "RINGING", null, "10 seconds");
        return (campaign, rows);
    }

    private async Task SessionAsync(Guid campaign, Guid row, string state, string? outcome, string ago)
        => await api.ExecuteAsync($"""
            INSERT INTO sessions (id, organization_id, agent_id, contact_id, campaign, campaign_contact_id, phone, state, outcome, token_hash, token_expires_at,
              owner, started_at, send_before, ended_at, check_at, give_up_at)
            SELECT gen_random_uuid(), k.organization_id, c.agent_id, k.contact_id, k.campaign_id, k.id, k.phone, '{state}', {(outcome is null ? "NULL" : $"'{outcome}'")},
              sha256(k.id::text::bytea), now(), 'silo-1', now() - interval '{ago}', now(), {(outcome is null ? "NULL, now()" : "now() - interval '" + ago + "', NULL")}, now()
            FROM campaign_contacts k JOIN campaigns c ON c.id = k.campaign_id WHERE k.id = '{row}' AND k.campaign_id = '{campaign}';
            UPDATE campaign_contacts SET session_id = (SELECT id FROM sessions WHERE campaign_contact_id = '{row}') WHERE id = '{row}'
            """);
}
