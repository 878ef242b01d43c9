using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Campaigns.Carrier;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;
using CarrierSimulator;

namespace Campaigns.Conversations.Tests;

/// <summary>Whatever comes in on other sockets, a good call beside them is not harmed.</summary>
public sealed class BadInputTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [PostgresFact]
    public async Task BadInput_BesideAGoodCall_IsRefusedCountedAndHarmsNobody()
    {
        var secret = SessionToken.Create();
        var counted = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var listener = Count(counted);
        var people = Enumerable.Range(0, 2).Select(i => $"+91980001000{i}").ToArray();
        await using var bed = await ConversationBed.StartAsync(
            fixture,
            new SeedShape { Numbers = people, Instructions = "Ask whether they will renew.", Dispositions = [new DispositionSpec { Code = "interested" }] },
            prepare: seed => seed.ExecuteAsync("UPDATE agents SET inbound_secret_hash = $1 WHERE id = $2", SessionToken.Hash(secret), seed.AgentId),
            configure: c => c["Campaigns:Exotel:Media:StartTimeout"] = "00:00:03");
        var inbound = new Uri(bed.MediaAddress, $"inbound/{bed.Seed.AgentId}/{secret}");
        using var deadline = new CancellationTokenSource(Patience);
        var live = await bed.Carrier.Conversations.WhenAsync(c => c.Heard.Count > 0 && c.EndedMs is null, deadline.Token);
        var address = new Uri(bed.Carrier.Ledger.Entries.Single(e => e.CallSid == live.CallSid).StreamUrl!);

        // A second socket for a live session, a secret that is wrong, one for nobody.
        Assert.Equal(409, await StreamClient.RefusalAsync(address));
        Assert.Equal(404, await StreamClient.RefusalAsync(new Uri(address.GetLeftPart(UriPartial.Path)[..^3] + "abc")));
        Assert.Equal(404, await StreamClient.RefusalAsync(new Uri(bed.MediaAddress, $"{Guid.NewGuid()}/{secret}")));

        await Task.WhenAll(
            AttackAsync(inbound, 1, expected: 1009, c => c.SendAsync(new string('x', 300 * 1024))),
            AttackAsync(inbound, 2, expected: 1008, c => ManyAsync(c, 60, "this is no json")),
            AttackAsync(inbound, 3, expected: 1008, c => ManyAsync(c, 60, StreamClient.Media("AAAA")[..40])),
            AttackAsync(inbound, 4, expected: 1008, c => ManyAsync(c, 60, StreamClient.Media("%%% no base64 %%%"))),
            AttackAsync(inbound, 5, expected: 1008, c => ManyAsync(c, 80, StreamClient.Media(new byte[16_000]))),
            SilentAsync(inbound),
            OutOfOrderAsync(inbound));
        await bed.WhenSettledAsync(TimeSpan.FromSeconds(60));

        // Used up once the call is over, and unknown once it has expired.
        Assert.Equal(409, await StreamClient.RefusalAsync(address));
        await bed.Seed.ExecuteAsync("UPDATE sessions SET token_expires_at = now() - interval '1 second' WHERE campaign = $1", bed.Seed.CampaignId);
        Assert.Equal(404, await StreamClient.RefusalAsync(address));

        Assert.All(
            ["too_large", "not_json", "bad_base64", "flood", "before_start", "used", "unknown", "no_start"],
            kind => Assert.True(counted.ContainsKey(kind), $"{kind} was not counted: {string.Join(", ", counted)}"));
        Assert.Equal(2, bed.Carrier.Conversations.All.Count);
        Assert.All(bed.Carrier.Conversations.All, call =>
        {
            Assert.True(call.HeardAll("Will you renew") && call.HeardAll("Goodbye"), string.Join('\n', call.Heard));
            Assert.Empty(call.ProtocolErrors);
        });
        Assert.Equal(2L, await bed.Seed.ScalarAsync<long>(
            "SELECT count(*) FROM campaign_contacts WHERE campaign_id = $1 AND disposition = 'interested'", bed.Seed.CampaignId));
        await bed.WhenZeroAsync(
            "SELECT count(*) FROM sessions WHERE organization_id = $1 AND state <> 'ENDED'", Patience, "sessions have not ended", bed.Seed.OrganizationId);
        await bed.WhenQuietAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task AttackAsync(Uri address, int number, int expected, Func<StreamClient, Task> attack)
    {
        await using var client = await StreamClient.ConnectAsync(address);
        await client.StartAsync($"0981111000{number}");
        await attack(client);
        await client.Closed.WaitAsync(Patience);
        Assert.Contains(client.CloseCode, new int?[] { expected, 1006 });
    }

    private static async Task ManyAsync(StreamClient client, int count, string message)
    {
        for (var i = 0; i < count; i++)
        {
            await client.SendAsync(message);
        }
    }

    private static async Task SilentAsync(Uri address)
    {
        await using var client = await StreamClient.ConnectAsync(address);
        await client.Closed.WaitAsync(Patience);
        Assert.NotNull(client.CloseCode);
    }

    // Audio, keys and marks before the start are left out; the call that then begins is an ordinary one.
    private static async Task OutOfOrderAsync(Uri address)
    {
        await using var client = await StreamClient.ConnectAsync(address);
        await client.SendAsync(StreamClient.Media(new byte[1600]));
        await client.SendAsync("""{"event":"mark","stream_sid":"x","mark":{"name":"c9"}}""");
        await client.SendAsync("""{"event":"dtmf","stream_sid":"x","dtmf":{"digit":"1","duration":"100"}}""");
        await client.StartAsync("09811110009");
        Assert.StartsWith("Hello", (await client.HearAsync(Patience)).Text, StringComparison.Ordinal);
    }

    private static MeterListener Count(ConcurrentDictionary<string, long> counted)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name is "campaigns.exotel.media.malformed" or "campaigns.exotel.media.refused")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                counted.AddOrUpdate((string)tag.Value!, value, (_, old) => old + value);
            }
        });
        listener.Start();
        return listener;
    }
}
