using System.Net.WebSockets;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Conversations.Tests;

/// <summary>What no carrier would send, while a good call goes on beside it in the same silo.</summary>
public sealed class BadInputTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [PostgresFact]
    public async Task Sockets_ThatSendGarbage_AreEndedAndAGoodCallBesideThemIsUnharmed()
    {
        await using var bed = await ConversationBed.StartAsync(
            fixture,
            new SeedShape { Numbers = ["+915555000001"], Dispositions = [new DispositionSpec { Code = "interested" }] },
            configure: c =>
            {
                c["Campaigns:Exotel:Media:StartTimeout"] = "00:00:02";
                c["Campaigns:Exotel:Media:MaxMessageBytes"] = "65536";
            });
        await bed.Carrier.Conversations.WhenAsync(c => c.FirstAudioMs is not null).WaitAsync(Patience);

        await bed.InboundSecretAsync();

        // All at once, in the middle of the conversation.
        var endings = await Task.WhenAll(
            EndAsync(bed, "oversized", WebSocketCloseStatus.MessageTooBig, c => c.SendAsync(new string('x', 100_000))),
            EndAsync(bed, "silent", WebSocketCloseStatus.PolicyViolation, c => Task.CompletedTask, start: false),
            EndAsync(bed, "garbage", WebSocketCloseStatus.PolicyViolation, c => RepeatAsync(c, "{not json", 200)),
            EndAsync(bed, "truncated", WebSocketCloseStatus.PolicyViolation, c => RepeatAsync(c, """{"event":"media","media":{"payload":"AAAA""", 200)),
            EndAsync(bed, "base64", WebSocketCloseStatus.PolicyViolation, c => RepeatAsync(c, """{"event":"media","stream_sid":"s","media":{"payload":"%%%%"}}""", 200)),
            EndAsync(bed, "flood", WebSocketCloseStatus.PolicyViolation, c => RepeatAsync(c, Media(32_000), 400)),
            EndAsync(bed, "early", WebSocketCloseStatus.PolicyViolation, c => RepeatAsync(c, Media(1_600), 20), start: false));

        Assert.All(endings, e => Assert.Equal("", e));
        await bed.WhenSettledAsync(TimeSpan.FromSeconds(60));
        var call = Assert.Single(bed.Carrier.Conversations.All);
        Assert.True(call.HeardAll("Goodbye"), string.Join('\n', call.Heard));
        Assert.Empty(call.Gaps);
        Assert.Equal("COMPLETED interested", await bed.Seed.ScalarAsync<string>(
            "SELECT outcome || ' ' || disposition FROM campaign_contacts WHERE campaign_id = $1", bed.Seed.CampaignId));
        Assert.Equal(0, await bed.Seed.ScalarAsync<long>("SELECT count(*) FROM sessions WHERE state <> 'ENDED'"));
    }

    [PostgresFact]
    public async Task Secret_ThatIsUsedWrongOrForAnotherCall_OpensNothing()
    {
        await using var bed = await ConversationBed.StartAsync(fixture, new SeedShape { Numbers = ["+915555000002"] });
        await bed.Carrier.Conversations.WhenAsync(c => c.FirstAudioMs is not null).WaitAsync(Patience);
        var address = new Uri(Assert.Single(bed.Carrier.Ledger.Entries).StreamUrl!);

        // While the call is live: a second socket under the same secret, and one under another.
        await RefusedAsync(address, 409);
        await RefusedAsync(new Uri(address + "x"), 404);
        await bed.WhenSettledAsync(TimeSpan.FromSeconds(60));

        // After it: the secret is used up.
        await RefusedAsync(address, 409);
        await bed.Seed.ExecuteAsync("UPDATE sessions SET token_expires_at = now() - interval '1 second'");
        await RefusedAsync(address, 404);
        Assert.True(Assert.Single(bed.Carrier.Conversations.All).HeardAll("Goodbye"));
    }

    private static async Task RefusedAsync(Uri address, int status)
    {
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ExotelCaller.ConnectAsync(address));
        Assert.Contains($"{status}", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Opens an inbound stream, does its worst, and says what was not as expected.</summary>
    private static async Task<string> EndAsync(
        ConversationBed bed, string name, WebSocketCloseStatus expected, Func<ExotelCaller, Task> worst, bool start = true)
    {
        var secret = await bed.InboundSecretAsync();
        await using var caller = await ExotelCaller.ConnectAsync(bed.Media($"inbound/{bed.Seed.AgentId}/{secret}"));
        if (start)
        {
            await caller.StartAsync($"bad-{name}", $"05555{Math.Abs(name.GetHashCode(StringComparison.Ordinal)) % 1_000_000:000000}");
        }

        try
        {
            await worst(caller);
        }
        catch (Exception error) when (error is WebSocketException or IOException)
        {
            // It was cut off while it did.
        }

        await caller.Closed.WaitAsync(Patience);
        return caller.CloseStatus is { } status && status != expected ? $"{name} was closed with {status}, not {expected}" : "";
    }

    private static async Task RepeatAsync(ExotelCaller caller, string message, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await caller.SendAsync(message);
        }
    }

    private static string Media(int bytes) => $$$"""{"event":"media","stream_sid":"s","media":{"payload":"{{{Convert.ToBase64String(new byte[bytes])}}}"}}""";
}
