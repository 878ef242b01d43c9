using System.Text;

namespace LiveModelSimulator.Tests;

public sealed class RobustnessTests
{
    [Fact]
    public async Task Setup_WithRandomBytesChanged_IsTakenOrRefusedWithACode()
    {
        await using var stage = await Stage.SetAsync();
        var random = new Random(7);
        for (var n = 1; n <= 300; n++)
        {
            var bytes = Encoding.UTF8.GetBytes(Setups.For(n % 2 == 0 ? Setups.Live31 : Setups.Native25));
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(' ', 127);
            }

            var client = await stage.ConnectAsync();
            await client.SendAsync(bytes);
            var entry = await stage.WhenAsync(
                client, e => !e.Live || e.Model is not null, $"what became of {Encoding.Latin1.GetString(bytes)}");

            Assert.True(entry.Live || (entry.CloseCode is 1007 or 1008 && entry.ProtocolErrors.Count == 1), $"{entry}");
            await (entry.Live ? client.CloseAsync() : client.ClosedAsync());
        }
    }

    [Fact]
    public async Task Message_ThatIsNoUtf8_IsAProtocolError()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31);

        await client.SendAsync([(byte)'"', 0xFF, (byte)'"']);
        await client.ClosedAsync();

        var entry = await stage.WhenAsync(client, e => !e.Live, "the end");
        Assert.Equal((ClosedBy.Server, 1007, 1), (entry.ClosedBy, entry.CloseCode, entry.ProtocolErrors.Count));
    }

    [Fact]
    public async Task Message_WithRandomBytesChanged_IsTakenOrRefusedWithACode()
    {
        await using var stage = await Stage.SetAsync();
        var random = new Random(8);
        string[] messages =
        [
            LiveClient.AudioMessage("AAAAAAAA", "audio/pcm;rate=16000"),
            """{"clientContent":{"turns":[{"role":"user","parts":[{"text":"Greet now."}]}],"turnComplete":true}}""",
            """{"toolResponse":{"functionResponses":[{"id":"function-call-1-1","name":"end_call","response":{"output":{"status":"ok"}}}]}}""",
            """{"realtimeInput":{"text":"Greet now."}}""",
        ];
        for (var n = 1; n <= 200; n++)
        {
            var bytes = Encoding.UTF8.GetBytes(messages[n % messages.Length]);
            bytes[random.Next(bytes.Length)] = (byte)random.Next(' ', 127);
            var client = await stage.BeginAsync(Setups.Native25);

            await client.SendAsync(bytes);
            await client.TrySendAsync("{}");
            var (code, _) = await client.ClosedAsync();

            Assert.True(code is 1007 or 1008, $"{code} after {Encoding.Latin1.GetString(bytes)}");
        }
    }
}
