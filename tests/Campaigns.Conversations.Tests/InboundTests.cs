using Campaigns.Carrier;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Conversations.Tests;

/// <summary>Somebody calls in.</summary>
public sealed class InboundTests : IAsyncLifetime
{
    // A database for each test: a host would go on with the campaigns of the one before.
    private readonly PostgresFixture fixture = new();

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [PostgresTheory]
    [InlineData("09812345678", "+919812345678")]
    [InlineData("09811110000", "+919811110000")]
    public async Task Caller_KnownOrNot_IsGreetedHeardAndRecorded(string from, string phone)
    {
        var secret = SessionToken.Create();
        await using var bed = await ConversationBed.StartAsync(
            fixture,
            new SeedShape { Numbers = ["+919811110000"] },
            prepare: async seed =>
            {
                await seed.ExecuteAsync("UPDATE agents SET inbound_secret_hash = $1 WHERE id = $2", SessionToken.Hash(secret), seed.AgentId);
                await seed.ExecuteAsync("UPDATE campaign_contacts SET due_at = now() + interval '1 hour' WHERE campaign_id = $1", seed.CampaignId);
            });
        await using var caller = await StreamClient.ConnectAsync(new Uri(bed.MediaAddress, $"inbound/{bed.Seed.AgentId}/{secret}"));

        await caller.StartAsync(from);
        var greeting = await caller.HearAsync(Patience);
        caller.Say("no, not interested");
        var goodbye = await caller.HearAsync(Patience);
        await caller.Closed.WaitAsync(Patience);

        Assert.StartsWith("Hello", greeting.Text, StringComparison.Ordinal);
        Assert.True(greeting.Complete);
        Assert.Equal("Thank you for your time. Goodbye.", goodbye.Text);
        await bed.WhenZeroAsync(
            "SELECT count(*) FROM sessions WHERE organization_id = $1 AND state <> 'ENDED'", Patience, "sessions have not ended", bed.Seed.OrganizationId);
        Assert.Equal("INBOUND COMPLETED", await bed.Seed.ScalarAsync<string>(
            "SELECT direction || ' ' || outcome FROM sessions WHERE organization_id = $1", bed.Seed.OrganizationId));
        Assert.Equal(1L, await bed.Seed.ScalarAsync<long>(
            "SELECT count(*) FROM contacts c JOIN sessions s ON s.contact_id = c.id WHERE c.phone = $1 AND c.organization_id = $2", phone, bed.Seed.OrganizationId));
        var recording = HeardRecording.Read(Assert.Single(Directory.EnumerateFiles(bed.Recordings, "*.wav", SearchOption.AllDirectories)));
        Assert.Contains(recording.Person, u => u is { Complete: true, Text: "no, not interested" });
        Assert.Contains(recording.Agent, u => u.Complete && u.Text == greeting.Text);
        await bed.WhenQuietAsync(TimeSpan.FromSeconds(10));
    }
}
