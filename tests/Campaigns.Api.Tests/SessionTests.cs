using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Campaigns.Api.Tests.Bed;
using Campaigns.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class SessionTests(ApiFixture api)
{
    [PostgresFact]
    public async Task Session_WithAConversation_TellsAllThatCameOfIt()
    {
        var (campaign, contact, row) = await Talks.CampaignAsync(api);
        var session = await Talks.DistilAsync(api, await Talks.CallAsync(api, campaign, row));

        var read = await api.Viewer.GetAsync($"sessions/{session}").JsonAsync();
        var listed = (await api.Viewer.GetAsync($"campaigns/{campaign}/contacts/{row}/sessions").JsonAsync()).GetProperty("items")[0];

        Assert.True(JsonElement.DeepEquals(read, listed), $"{read} {listed}");
        Assert.Equal(
            ("OUTBOUND", "COMPLETED", "later", "at work", "wants a person", "SCREENER"),
            (read.Text("direction"), read.Text("outcome"), read.Text("disposition"), read.Text("dispositionNotes"), read.Text("handoff"), read.Text("machine")));
        Assert.Equal("5000", read.GetProperty("dispositionFields").Text("amount"));
        Assert.Equal((700, 42, 4), (read.Int("firstAudioMs"), read.Int("costMicroDollars"), read.GetProperty("usage").Int("outputAudio")));
        Assert.True(read.GetProperty("hasRecording").GetBoolean());
        Assert.False(read.GetProperty("messageLeft").GetBoolean());
        Assert.True(read.GetProperty("callbackAt").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        var conversation = read.GetProperty("conversation");
        Assert.Equal(("AGENT_ENDED", "COMPLETED", "said goodbye", 5), (conversation.Text("end"), conversation.Text("outcome"), conversation.Text("detail"), conversation.Int("underruns")));
        Assert.Equal((campaign, contact, row), (read.GetProperty("campaignId").GetGuid(), read.GetProperty("contactId").GetGuid(), read.GetProperty("campaignContactId").GetGuid()));
    }

    [PostgresFact]
    public async Task Turns_ByPages_AreWhatWasSaidAndHeard()
    {
        var (campaign, _, row) = await Talks.CampaignAsync(api);
        var session = await Talks.CallAsync(api, campaign, row);

        var first = await api.Viewer.GetAsync($"sessions/{session}/turns?limit=1").JsonAsync();
        var second = await api.Viewer.GetAsync($"sessions/{session}/turns?limit=1&cursor={first.Text("next")}").JsonAsync();

        var turn = Assert.Single(first.GetProperty("items").EnumerateArray());
        Assert.Equal(("AGENT", "Hello Ravi, this is Asha.", "Hello Ravi"), (turn.Text("speaker"), turn.Text("text"), turn.Text("heardText")));
        Assert.Equal((2_000, 900, true), (turn.Int("spokenMs"), turn.Int("heardMs"), turn.GetProperty("interrupted").GetBoolean()));
        Assert.Equal("PERSON", Assert.Single(second.GetProperty("items").EnumerateArray()).Text("speaker"));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [PostgresFact]
    public async Task Digest_IsThereOnceTheCallHasBeenDistilled()
    {
        var (campaign, _, row) = await Talks.CampaignAsync(api);
        var session = await Talks.CallAsync(api, campaign, row);
        await api.Viewer.GetAsync($"sessions/{session}/digest").ProblemAsync(HttpStatusCode.NotFound);

        await Talks.DistilAsync(api, session);

        var digest = await api.Viewer.GetAsync($"sessions/{session}/digest").JsonAsync();
        Assert.Equal(("He is busy.", "model-1"), (digest.Text("summary"), digest.Text("model")));
    }

    [PostgresFact]
    public async Task List_Filtered_IsNewestFirstByPages()
    {
        var (campaign, _, row) = await Talks.CampaignAsync(api);
        var old = await Talks.DistilAsync(api, await Talks.CallAsync(api, campaign, row, "3 hours"));
        var machine = await Talks.DistilAsync(api, await Talks.CallAsync(api, campaign, row, "2 hours"), outcome: CallOutcome.Machine);
        var live = await Talks.CallAsync(api, campaign, row, "1 hour");

        Assert.Equal([live, machine, old], await IdsAsync($"campaign={campaign}"));
        Assert.Equal([machine], await IdsAsync($"campaign={campaign}&outcome=machine"));
        Assert.Equal([live, machine, old], await IdsAsync($"campaign={campaign}&direction=OUTBOUND"));
        Assert.Empty(await IdsAsync($"campaign={campaign}&direction=INBOUND"));
        Assert.Empty(await IdsAsync($"campaign={Guid.NewGuid()}"));
        var first = await api.Viewer.GetAsync($"sessions?campaign={campaign}&limit=2").JsonAsync();
        var rest = await api.Viewer.GetAsync($"sessions?campaign={campaign}&limit=2&cursor={first.Text("next")}").JsonAsync();
        Assert.Equal([old], rest.GetProperty("items").EnumerateArray().Select(Http.Id));

        async Task<Guid[]> IdsAsync(string query)
            => [.. (await api.Viewer.GetAsync($"sessions?{query}").JsonAsync()).GetProperty("items").EnumerateArray().Select(Http.Id)];
    }

    [PostgresTheory]
    [InlineData("campaign=x", "campaign")]
    [InlineData("direction=UP", "direction")]
    [InlineData("outcome=FINE", "outcome")]
    [InlineData("campaing=x", "campaing")]
    public async Task List_WithABadFilter_Is400NamingIt(string query, string parameter)
        => Assert.Equal([parameter], Http.ErrorsOf(await api.Viewer.GetAsync($"sessions?{query}").ProblemAsync(HttpStatusCode.BadRequest)));

    [PostgresFact]
    public async Task Recording_IsServedWholeAndInRanges()
    {
        var session = await RecordedAsync("2026/11/21/x.wav");
        byte[] sound = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        Directory.CreateDirectory(Path.Combine(api.Recordings.FullName, "2026/11/21"));
        await File.WriteAllBytesAsync(Path.Combine(api.Recordings.FullName, "2026/11/21/x.wav"), sound);

        using var whole = await api.Viewer.GetAsync($"sessions/{session}/recording");
        Assert.Equal((HttpStatusCode.OK, "audio/wav"), (whole.StatusCode, whole.Content.Headers.ContentType?.MediaType));
        Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());
        Assert.Equal(sound, await whole.Content.ReadAsByteArrayAsync());

        using var part = await RangeAsync(session, 100, 199);
        Assert.Equal((HttpStatusCode.PartialContent, "bytes 100-199/1000"), (part.StatusCode, part.Content.Headers.ContentRange?.ToString()));
        Assert.Equal(sound[100..200], await part.Content.ReadAsByteArrayAsync());
        using var tail = await RangeAsync(session, null, 10);
        Assert.Equal(sound[^10..], await tail.Content.ReadAsByteArrayAsync());
        using var beyond = await RangeAsync(session, 1000, null);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        using var head = await api.Viewer.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"sessions/{session}/recording"));
        Assert.Equal((HttpStatusCode.OK, 1000L), (head.StatusCode, head.Content.Headers.ContentLength!.Value));
    }

    [PostgresTheory]
    [InlineData("missing.wav")]
    [InlineData("../secret.wav")]
    [InlineData("a/../../secret.wav")]
    [InlineData("/etc/hostname")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("{folder}-sibling/secret.wav")]
    public async Task Recording_ThatIsMissingOrElsewhere_Is404(string name)
    {
        // A file does lie where the name leads, so that only the rule stands before it.
        var secret = Path.Combine(api.Recordings.Parent!.FullName, "secret.wav");
        var sibling = Directory.CreateDirectory(api.Recordings.FullName + "-sibling");
        await File.WriteAllTextAsync(secret, "secret");
        await File.WriteAllTextAsync(Path.Combine(sibling.FullName, "secret.wav"), "secret");
        try
        {
            var session = await RecordedAsync(name.Replace("{folder}", "../" + api.Recordings.Name, StringComparison.Ordinal));

            await api.Viewer.GetAsync($"sessions/{session}/recording").ProblemAsync(HttpStatusCode.NotFound);
        }
        finally
        {
            File.Delete(secret);
            sibling.Delete(recursive: true);
        }
    }

    [PostgresFact]
    public async Task HangUp_OfAConversation_GoesToItsGrainAndIsAudited()
    {
        var (campaign, _, row) = await Talks.CampaignAsync(api);
        var session = await Talks.CallAsync(api, campaign, row);
        var hangUps = api.Services.GetRequiredService<HangUps>();

        var answer = await api.Operator.PostAsync($"sessions/{session}/hang-up", null).JsonAsync();

        Assert.Equal("ANSWERED", answer.Text("state"));
        Assert.Equal(["ended by acme Operator"], hangUps.Of(session));
        Assert.Equal(1L, await api.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE entity_id = '{session}' AND action = 'session.hang-up'"));
        await Talks.DistilAsync(api, session);
        Assert.Equal("ENDED", (await api.Operator.PostAsync($"sessions/{session}/hang-up", null).JsonAsync()).Text("state"));
        Assert.Single(hangUps.Of(session));
    }

    [PostgresFact]
    public async Task HangUp_BeforeTheConversation_IsAConflict()
    {
        var (campaign, _, row) = await Talks.CampaignAsync(api);
        var session = await Talks.CallAsync(api, campaign, row);
        await api.ExecuteAsync($"UPDATE sessions SET state = 'RINGING', media_begun_at = NULL, media_owner = NULL, media_until = NULL WHERE id = '{session}'");

        await api.Operator.PostAsync($"sessions/{session}/hang-up", null).ProblemAsync(HttpStatusCode.Conflict);

        Assert.Empty(api.Services.GetRequiredService<HangUps>().Of(session));
        await api.Operator.PostAsync($"sessions/{Guid.NewGuid()}/hang-up", null).ProblemAsync(HttpStatusCode.NotFound);
    }

    [PostgresFact]
    public async Task Overview_CountsConversationsAndWhatCameOfThem()
    {
        var (campaign, _, row) = await Talks.CampaignAsync(api);
        var empty = await api.Viewer.GetAsync($"campaigns/{campaign}/overview").JsonAsync();
        Assert.Equal((0, 0, 0, 0), (empty.Int("conversations"), empty.Int("optOuts"), empty.Int("callbacks"), empty.Int("recordings")));
        Assert.Equal(JsonValueKind.Null, empty.GetProperty("answerToFirstAudioMsP95").ValueKind);

        for (var i = 1; i <= 20; i++)
        {
            await Talks.DistilAsync(api, await Talks.CallAsync(api, campaign, row, $"{i} hours"), i * 100, i == 1 ? CallOutcome.Machine : CallOutcome.Completed);
        }

        await api.ExecuteAsync($"UPDATE sessions SET opted_out = true, callback_at = NULL, recording_file = NULL WHERE campaign = '{campaign}' AND first_audio_ms <= 200");
        await Talks.CallAsync(api, campaign, row);
        var overview = await api.Viewer.GetAsync($"campaigns/{campaign}/overview").JsonAsync();
        Assert.Equal((19, 2, 18, 18), (overview.Int("conversations"), overview.Int("optOuts"), overview.Int("callbacks"), overview.Int("recordings")));
        Assert.Equal(1_900, overview.Int("answerToFirstAudioMsP95"));
    }

    private async Task<Guid> RecordedAsync(string file)
    {
        var (campaign, _, row) = await Talks.CampaignAsync(api);
        var session = await Talks.CallAsync(api, campaign, row);
        await api.ExecuteAsync($"UPDATE sessions SET recording_file = '{file}' WHERE id = '{session}'");
        return session;
    }

    private async Task<HttpResponseMessage> RangeAsync(Guid session, long? from, long? to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"sessions/{session}/recording");
        request.Headers.Range = new RangeHeaderValue(from, to);
        return await api.Viewer.SendAsync(request);
    }
}
