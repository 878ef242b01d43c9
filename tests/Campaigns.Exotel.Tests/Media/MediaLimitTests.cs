using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Campaigns.Carrier;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>Each limit, and what is beyond it.</summary>
public sealed class MediaLimitTests
{
    private const string NotJson = "{\"event\":";

    [Fact]
    public async Task Malformed_WhenUpToTheLimit_IsIgnoredAndCounted()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        string[] bad =
        [
            NotJson, "[1]", """{"event":"media","media":5}""", """{"event":"media"}""", """{"event":"media","media":{"payload":"A"} }""",
        ];
        for (var i = 0; i < 50; i++)
        {
            await carrier.SendAsync(bad[i % 5]);
        }

        await carrier.SendAsync(Messages.Mark("on"));
        await call.Sink.WhenEventAsync("mark on");
        Assert.Equal(
            ["malformed kind=bad_base64: 10", "malformed kind=bad_value: 10", "malformed kind=no_event: 10", "malformed kind=not_json: 10", "malformed kind=wrong_type: 10"],
            rig.Measures.Of("malformed"));

        await carrier.SendAsync(NotJson);
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "More than 50 messages could not be read."), await carrier.ReceiveCloseAsync());
        Assert.Equal(MediaEndKind.Violated, (await call.EndAsync()).Kind);
    }

    [Fact]
    public async Task Garbage_WhenTenThousandMessages_EndsOneCallAndLeavesTheOther()
    {
        await using var rig = await MediaRig.StartAsync();
        var (good, goodCall) = await rig.TalkAsync();
        var (bad, badCall) = await rig.TalkAsync(rig.AddSession());
        var random = new Random(3);
        var sent = 0;
        var garbage = Task.Run(async () =>
        {
            var noise = new byte[500];
            try
            {
                for (; sent < 10_000; sent++)
                {
                    random.NextBytes(noise);
                    await bad.SendAsync(Convert.ToBase64String(noise));
                }
            }
            catch (WebSocketException)
            {
                // Closed by the other side.
            }
        });
        await rig.Measures.WhenAsync("malformed kind=not_json", 51);
        var pcm = Messages.Pcm(16_000);
        await good.SendAsync(Messages.Media(pcm));
        await goodCall.Sink.WhenAudioAsync(pcm.Length);
        await goodCall.Leg.SendAudioAsync(pcm, CancellationToken.None);
        Assert.Contains("media", await good.ReceiveAsync(), StringComparison.Ordinal);
        await rig.Clock.WhenArmedForAsync(TimeSpan.FromSeconds(2));
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        await garbage.WaitAsync(MediaRig.Patience);

        Assert.Equal(MediaEndKind.Violated, (await badCall.EndAsync()).Kind);
        Assert.Equal(51, rig.Measures["malformed kind=not_json"]);
        await rig.Measures.WhenAsync("connections", 1);
        Assert.False(goodCall.Ending.Task.IsCompleted);
    }

    [Fact]
    public async Task Binary_WhenItComes_IsIgnoredAndCounted()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        for (var i = 0; i < 100; i++)
        {
            await carrier.SendAsync(Encoding.UTF8.GetBytes(Messages.Media([1, 2])), WebSocketMessageType.Binary);
        }

        await carrier.SendAsync(Messages.Mark("on"));
        await call.Sink.WhenEventAsync("mark on");
        Assert.Equal(["malformed kind=binary: 100"], rig.Measures.Of("malformed"));
        Assert.Empty(call.Sink.Audio);
    }

    [Fact]
    public async Task OutOfOrder_WhenBeforeStartOrASecondStart_IsIgnoredAndCounted()
    {
        await using var rig = await MediaRig.StartAsync();
        var carrier = await rig.ConnectAsync();
        await carrier.SendAsync(Messages.Media([1, 2]));
        await carrier.SendAsync(Messages.Mark("early"));
        await carrier.SendAsync(Messages.Dtmf("1"));
        await carrier.SendAsync(Messages.Start());
        var call = await rig.Calls.NextAsync();
        await carrier.SendAsync(Messages.Start("st-2", "ca-2", "16000"));
        await carrier.SendAsync(Messages.Media([3, 4]));
        await call.Sink.WhenAudioAsync(2);

        Assert.Equal([3, 4], call.Sink.Audio);
        Assert.Empty(call.Sink.Events);
        Assert.Equal(("st-1", 8_000), (call.Leg.Start.StreamSid, call.Leg.Start.SampleRate));
        Assert.Equal(["malformed kind=before_start: 3", "malformed kind=second_start: 1"], rig.Measures.Of("malformed"));
    }

    [Fact]
    public async Task Message_WhenAtTheLimit_IsTakenAndBeyondClosesWith1009()
    {
        await using var rig = await MediaRig.StartAsync(("MaxMessageBytes", "20000"));
        var (carrier, call) = await rig.TalkAsync();
        await carrier.SendAsync($$"""{"event":"later","x":"{{new string('x', 20_000 - 24)}}"}""");
        await carrier.SendAsync(Messages.Mark("on"));
        await call.Sink.WhenEventAsync("mark on");

        await carrier.SendAsync($$"""{"event":"later","x":"{{new string('x', 20_001 - 24)}}"}""");
        Assert.Equal((WebSocketCloseStatus.MessageTooBig, "A message is longer than 20000 bytes."), await carrier.ReceiveCloseAsync());
        Assert.Equal(MediaEndKind.Violated, (await call.EndAsync()).Kind);
        Assert.Equal(["malformed kind=too_large: 1"], rig.Measures.Of("malformed"));
    }

    [Fact]
    public async Task Message_WhenItNeverEnds_ClosesWith1009()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        var part = new byte[64 * 1_024];
        part.AsSpan().Fill((byte)'x');
        for (var i = 0; i < 5; i++)
        {
            await carrier.SendAsync(part, WebSocketMessageType.Text, end: false);
        }

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, (await carrier.ReceiveCloseAsync()).Status);
        Assert.Equal(MediaEndKind.Violated, (await call.EndAsync()).Kind);
    }

    [Fact]
    public async Task Utf8_WhenBroken_IsAViolation()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        await carrier.SendAsync(new byte[] { (byte)'{', 0xff, 0xfe, (byte)'}' }, WebSocketMessageType.Text);

        Assert.Equal(MediaEndKind.Violated, (await call.EndAsync()).Kind);
        await rig.Measures.WhenAsync("connections", 0);
        Assert.Equal(["malformed kind=protocol: 1"], rig.Measures.Of("malformed"));
    }

    [Fact]
    public async Task Flood_WhenABurstFits_IsTakenAndBeyondEnds()
    {
        await using var rig = await MediaRig.StartAsync(("MediaWindow", "00:00:02"));
        var (carrier, call) = await rig.TalkAsync();
        var second = new byte[16_000];

        // The bucket holds 2 s × 3 = 6 s of audio, and drains 3 s a second.
        for (var i = 0; i < 5; i++)
        {
            await carrier.SendAsync(Messages.Media(second));
        }

        await call.Sink.WhenAudioAsync(5 * second.Length);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++)
        {
            await carrier.SendAsync(Messages.Media(second));
        }

        await call.Sink.WhenAudioAsync(8 * second.Length);
        Assert.Empty(rig.Measures.Of("malformed"));
        await carrier.SendAsync(Messages.Media(second));
        await carrier.SendAsync(Messages.Media(second));

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, (await carrier.ReceiveCloseAsync()).Status);
        Assert.Equal(new MediaEnd(MediaEndKind.Violated, "More came in than a conversation holds."), await call.EndAsync());
        Assert.Equal(["malformed kind=flood: 1"], rig.Measures.Of("malformed"));
        Assert.Equal(8 * second.Length, call.Sink.Audio.Length);
    }

    [Theory]
    [InlineData("""{"event":"later"}""", false)]
    [InlineData("""{"event":"media","media":{"payload":""} }""", false)]
    [InlineData("binary", true)]
    public async Task Flood_WhenOfMessagesWithoutAudio_EndsAsWell(string message, bool binary)
    {
        await using var rig = await MediaRig.StartAsync(("MediaWindow", "00:00:01"));
        var (carrier, call) = await rig.TalkAsync();
        var sending = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; i < 2_000; i++)
                {
                    await carrier.SendAsync(Encoding.UTF8.GetBytes(message), binary ? WebSocketMessageType.Binary : WebSocketMessageType.Text);
                }
            }
            catch (WebSocketException)
            {
                // Closed by the other side.
            }
        });

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, (await carrier.ReceiveCloseAsync()).Status);
        await sending.WaitAsync(MediaRig.Patience);
        Assert.Equal(MediaEndKind.Violated, (await call.EndAsync()).Kind);
        Assert.Equal(1, rig.Measures["malformed kind=flood"]);
    }

    [Fact]
    public async Task Start_WhenItDoesNotCome_ClosesInTime()
    {
        await using var rig = await MediaRig.StartAsync();
        var carrier = await rig.ConnectAsync();
        await carrier.SendAsync("""{"event":"connected"}""");
        await rig.Clock.WhenArmedForAsync(TimeSpan.FromSeconds(10));
        rig.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(1, rig.Measures["connections"]);
        rig.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "No start within 10 s."), await carrier.ReceiveCloseAsync());
        await rig.Measures.WhenAsync("connections", 0);
        Assert.Equal(["refused reason=no_start: 1"], rig.Measures.Of("refused"));
    }

    [Fact]
    public async Task Start_WhenItIsMalformed_IsStillWaitedFor()
    {
        await using var rig = await MediaRig.StartAsync();
        var carrier = await rig.ConnectAsync();
        await carrier.SendAsync(Messages.Start(call: ""));
        await carrier.SendAsync(Messages.Start(call: "ca-9"));

        Assert.Equal("ca-9", (await rig.Calls.NextAsync()).Leg.Start.CallSid);
        Assert.Equal(["malformed kind=bad_value: 1"], rig.Measures.Of("malformed"));
    }

    [Fact]
    public async Task Idle_WhenNothingComes_EndsAndAnythingPutsItOff()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        await carrier.SendAsync(Messages.Dtmf("1"));
        await call.Sink.WhenEventAsync("dtmf 1");
        rig.Clock.Advance(TimeSpan.FromSeconds(29));
        await carrier.SendAsync(Messages.Dtmf("2"));
        await call.Sink.WhenEventAsync("dtmf 2");
        rig.Clock.Advance(TimeSpan.FromSeconds(29));
        await call.Leg.SendClearAsync(CancellationToken.None);
        Assert.False(call.Ending.Task.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, (await carrier.ReceiveCloseAsync()).Status);
        Assert.Equal(new MediaEnd(MediaEndKind.Lost, "Nothing came for 30 s."), await call.EndAsync());
    }

    [Fact]
    public async Task Longest_WhenAnHourIsOver_Ends()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        for (var i = 0; i < 120; i++)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(29.9));
            await carrier.SendAsync(Messages.Mark($"{i}"));
            await call.Sink.WhenEventAsync($"mark {i}");
        }

        rig.Clock.Advance(TimeSpan.FromSeconds(11.9));
        await call.Leg.SendClearAsync(CancellationToken.None);
        rig.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(WebSocketCloseStatus.NormalClosure, (await carrier.ReceiveCloseAsync()).Status);
        Assert.Equal(new MediaEnd(MediaEndKind.ClosedByUs, "The stream lasted 60 min."), await call.EndAsync());
    }

    [Fact]
    public async Task Send_WhenTheCarrierTakesNothing_FailsAndAborts()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();

        // More than the buffers of both ends hold.
        var sends = Enumerable.Range(0, 300).Select(_ => call.Leg.SendAudioAsync(new byte[99_840], CancellationToken.None).AsTask()).ToList();
        for (var i = 0; !call.Ending.Task.IsCompleted; i++)
        {
            // It listens to us no more, and still talks.
            rig.Clock.Advance(TimeSpan.FromSeconds(5));
            try
            {
                await carrier.SendAsync(Messages.Mark($"{i}"));
                await Task.WhenAny(call.EndAsync(), call.Sink.WhenEventAsync($"mark {i}"));
            }
            catch (WebSocketException)
            {
                break;
            }
        }

        Assert.Equal(new MediaEnd(MediaEndKind.Lost, "The carrier took nothing for 5 s."), await call.EndAsync());
        await Assert.ThrowsAsync<MediaClosedException>(() => sends[^1].WaitAsync(MediaRig.Patience));
        await rig.Measures.WhenAsync("connections", 0);
        Assert.Equal(1, rig.Measures["send_timeouts"]);
        Assert.All(sends, s => Assert.True(s.IsCompleted));
        Assert.Equal(sends.Count(s => s.IsCompletedSuccessfully), rig.Measures["frames direction=out"]);
    }

    [Fact]
    public async Task Close_WhenTheCarrierDoesNotAnswer_AbortsAfterTwoSeconds()
    {
        await using var rig = await MediaRig.StartAsync();
        using var mute = await RawSocketAsync(rig);
        var call = await rig.Calls.NextAsync();
        await call.Leg.CloseAsync("agent hung up");
        await rig.Clock.WhenArmedForAsync(TimeSpan.FromSeconds(2));
        rig.Clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(call.Ending.Task.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(MediaEndKind.ClosedByUs, (await call.EndAsync()).Kind);
        await rig.Measures.WhenAsync("connections", 0);
    }

    [Fact]
    public async Task Close_WhenTheCarrierNeverStopsTalking_AbortsAfterTwoSeconds()
    {
        await using var rig = await MediaRig.StartAsync();
        using var mute = await RawSocketAsync(rig);
        var call = await rig.Calls.NextAsync();
        await call.Leg.CloseAsync("agent hung up");
        using var over = new CancellationTokenSource();
        var talking = Task.Run(async () =>
        {
            try
            {
                while (!over.IsCancellationRequested)
                {
                    await mute.GetStream().WriteAsync(Frame(Messages.Media([1, 2])), over.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // Closed by the other side.
            }
        });
        await rig.Clock.WhenArmedForAsync(TimeSpan.FromSeconds(2));
        rig.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(MediaEndKind.ClosedByUs, (await call.EndAsync()).Kind);
        await rig.Measures.WhenAsync("connections", 0);
        await talking.WaitAsync(MediaRig.Patience);
        await over.CancelAsync();
    }

    [Fact]
    public async Task Frame_WhenTheProtocolIsBroken_IsAViolation()
    {
        await using var rig = await MediaRig.StartAsync();
        using var rude = await RawSocketAsync(rig);
        var call = await rig.Calls.NextAsync();

        // Unmasked, and of an opcode that there is not.
        await rude.GetStream().WriteAsync(new byte[] { 0x8b, 0x02, 0x01, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 });

        Assert.Equal(MediaEndKind.Violated, (await call.EndAsync()).Kind);
        Assert.Equal(["malformed kind=protocol: 1"], rig.Measures.Of("malformed"));
    }

    // A carrier that upgrades, says start, and never reads again.
    private static async Task<TcpClient> RawSocketAsync(MediaRig rig)
    {
        var client = new TcpClient();
        await client.ConnectAsync(rig.Address.Host, rig.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {rig.Path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await stream.ReadAsync(one).AsTask().WaitAsync(MediaRig.Patience));
            head.Append((char)one[0]);
        }

        Assert.StartsWith("HTTP/1.1 101", head.ToString(), StringComparison.Ordinal);
        await stream.WriteAsync(Frame(Messages.Start()));
        return client;
    }

    // A text frame of less than 64 kB, masked with zeros.
    private static byte[] Frame(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        return payload.Length < 126
            ? [0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]
            : [0x81, 0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length, 0, 0, 0, 0, .. payload];
    }
}
