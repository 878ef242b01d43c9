using System.Net;
using Campaigns.Domain.Audience;
using Campaigns.Postgres.Audience;

namespace Campaigns.Api.Tests.Bed;

/// <summary>Things for tests to work with.</summary>
internal static class Seed
{
    private static int _number;

    /// <summary>A phone number no other test has.</summary>
    internal static string Phone() => $"+9197{Interlocked.Increment(ref _number):00000000}";

    internal static async Task<Guid> AgentAsync(HttpClient client)
        => (await client.PostJsonAsync("agents", """{"name":"Asha","systemPrompt":"You are Asha."}""").JsonAsync(HttpStatusCode.Created)).Id();

    internal static async Task<Guid> ContactAsync(HttpClient client, string? phone = null, string extra = "")
        => (await client.PostJsonAsync("contacts", $$"""{"name":"Ravi","phone":"{{phone ?? Phone()}}"{{extra}}}""").JsonAsync(HttpStatusCode.Created)).Id();

    internal static async Task DoNotCallAsync(HttpClient client, string phone)
        => await client.PostJsonAsync("do-not-call", $$"""{"phone":"{{phone}}"}""").JsonAsync();

    internal static string Campaign(Guid agent, string audience, string extra = "")
        => $$"""{"name":"Renewals","agentId":"{{agent}}","channel":"VOICE_REALTIME","instructions":"Remind {name}.","audience":{{audience}}{{extra}}}""";

    internal static async Task<Guid> DraftAsync(HttpClient client, string? audience = null, string extra = "")
        => (await client.PostJsonAsync(
            "campaigns", Campaign(await AgentAsync(client), audience ?? $$"""{"phoneNumbers":["{{Phone()}}"]}""", extra)).JsonAsync(HttpStatusCode.Created)).Id();

    /// <summary>Freezes an audience into a draft's rows without starting it; returns the rows' ids in order.</summary>
    internal static async Task<(SnapshotCounts Counts, Guid[] Rows)> SnapshotAsync(
        ApiFixture api, Guid organization, Guid campaign, AudienceSpec audience, DateTimeOffset? startAt = null, DateTimeOffset? now = null)
    {
        var spec = new CampaignSpec { Name = "x", AgentId = Guid.NewGuid(), Audience = audience, StartAt = startAt };
        await using var connection = await api.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var counts = await AudienceSnapshot.InsertAsync(
            connection,
            transaction,
            campaign,
            organization,
            spec,
            AudienceRules.Resolve(audience, "91"),
            now ?? DateTimeOffset.UtcNow,
            CancellationToken.None);
        await transaction.CommitAsync();
        await using var rows = api.Database.CreateCommand($"SELECT array(SELECT id FROM campaign_contacts WHERE campaign_id = '{campaign}' ORDER BY position)");
        return (counts, (Guid[])(await rows.ExecuteScalarAsync())!);
    }
}
