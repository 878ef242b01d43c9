using System.Net.WebSockets;
using Campaigns.Carrier;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Conversations.Tests;

/// <summary>Calls that come in take the same path as those that go out, without an objective.</summary>
public sealed class InboundTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [PostgresFact]
    public async Task Call_OfAStranger_IsHeldAndEndsOnANewContactsRecord()
    {
        await using var bed = await StartAsync();
        var secret = await bed.InboundSecretAsync();

        await using var caller = await ExotelCaller.ConnectAsync(bed.Media($"inbound/{bed.Seed.AgentId}/{secret}"));
        await caller.SendAsync("""{"event":"connected"}""");
        await caller.StartAsync("in-1", "05555700001");
        caller.BeginTalking();
        await caller.WhenHeardAsync("Hello", Patience);
        caller.Say("no, not interested");
        await caller.WhenHeardAsync("Goodbye", Patience);
        await caller.Closed.WaitAsync(Patience);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, caller.CloseStatus);
        Assert.Equal("INBOUND ENDED COMPLETED +915555700001 INBOUND", await bed.Seed.ScalarAsync<string>(
            """
            SELECT concat_ws(' ', s.direction, s.state, s.outcome, c.phone, c.source) FROM sessions s JOIN contacts c ON c.id = s.contact_id
            WHERE s.carrier_sid = 'in-1'
            """));
        Assert.Equal("AGENT PERSON AGENT", await bed.Seed.ScalarAsync<string>(
            "SELECT string_agg(speaker, ' ' ORDER BY position) FROM session_turns t JOIN sessions s ON s.id = t.session_id WHERE s.carrier_sid = 'in-1'"));
        var prompt = Assert.Single(bed.Model.Ledger.Sessions).Prompt!;
        Assert.DoesNotContain("## Your objective on THIS call", prompt, StringComparison.Ordinal);
        Assert.True(await bed.Seed.ScalarAsync<bool>("SELECT recording_file IS NOT NULL AND first_audio_ms > 0 FROM sessions WHERE carrier_sid = 'in-1'"));
    }

    [PostgresFact]
    public async Task Call_WithAWrongSecret_IsRefusedAtTheHandshake()
    {
        await using var bed = await StartAsync();
        await bed.InboundSecretAsync();

        foreach (var path in new[] { $"inbound/{bed.Seed.AgentId}/wrong", $"inbound/{Guid.NewGuid()}/{SessionToken.Create()}" })
        {
            var refused = await Assert.ThrowsAsync<WebSocketException>(() => ExotelCaller.ConnectAsync(bed.Media(path)));
            Assert.Contains("404", refused.Message, StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task Call_WithAWithheldNumber_IsClosedAndLeavesNothing()
    {
        await using var bed = await StartAsync();
        var secret = await bed.InboundSecretAsync();

        await using var caller = await ExotelCaller.ConnectAsync(bed.Media($"inbound/{bed.Seed.AgentId}/{secret}"));
        await caller.StartAsync("in-2", "anonymous");
        await caller.Closed.WaitAsync(Patience);

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, caller.CloseStatus);
        Assert.Equal(0, await bed.Seed.ScalarAsync<long>("SELECT count(*) FROM sessions WHERE carrier_sid = 'in-2'"));
    }

    private Task<ConversationBed> StartAsync() => ConversationBed.StartAsync(fixture, new SeedShape { Numbers = [] });
}
