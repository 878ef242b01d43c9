using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Campaigns.Carrier;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>What passes through a socket, both ways, and how it ends.</summary>
public sealed class MediaStreamTests
{
    [Fact]
    public async Task Audio_WhateverItsChunks_ArrivesToTheByte()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        var pcm = Messages.Pcm(40_000);
        var random = new Random(7);
        var at = 0;
        var frames = 0;
        while (at < pcm.Length)
        {
            var size = Math.Min(random.Next(0, 700), pcm.Length - at);
            await carrier.SendAsync(Messages.Media(pcm.AsSpan(at, size)));
            at += size;
            frames++;
        }

        await carrier.SendAsync(Messages.Mark("end"));
        await call.Sink.WhenEventAsync("mark end");

        Assert.Equal(pcm, call.Sink.Audio);
        Assert.Equal(0, call.Sink.Odd);
        Assert.Equal(pcm.Length, rig.Measures["audio direction=in"]);
        Assert.Equal(frames, rig.Measures["frames direction=in"]);
        Assert.Empty(rig.Measures.Of("malformed"));
    }

    [Fact]
    public async Task Audio_WhenAMessageComesInManyFrames_IsOneMessage()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        var pcm = Messages.Pcm(100_000);
        var text = Encoding.UTF8.GetBytes(Messages.Media(pcm));
        for (var at = 0; at < text.Length; at += 4_000)
        {
            var end = Math.Min(at + 4_000, text.Length);
            await carrier.SendAsync(text.AsMemory(at..end), WebSocketMessageType.Text, end == text.Length);
        }

        await call.Sink.WhenAudioAsync(pcm.Length);
        Assert.Equal(pcm, call.Sink.Audio);
    }

    [Fact]
    public async Task Audio_WhenAMessageIsLost_AnOddByteDoesNotShiftWhatFollows()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        await carrier.SendAsync(Messages.Media([1, 2, 3]));
        await carrier.SendAsync("""{"event":"media","media":{"payload":"A"} }""");
        await carrier.SendAsync(Messages.Media([5, 6]));
        await call.Sink.WhenAudioAsync(4);

        Assert.Equal([1, 2, 5, 6], call.Sink.Audio);
    }

    [Theory]
    [InlineData("snake")]
    [InlineData("camel")]
    public async Task Send_WhateverTheNaming_IsAnsweredAlike(string naming)
    {
        await using var rig = await MediaRig.StartAsync(("SequenceFields", "true"));
        var camel = naming == "camel";
        var start = camel
            ? """{"event":"start","streamSid":"s\"1","start":{"callSid":"c","mediaFormat":{"sampleRate":8000} } }"""
            : """{"event":"start","stream_sid":"s\"1","start":{"call_sid":"c","media_format":{"sample_rate":"8000"} } }""";
        var (carrier, call) = await rig.TalkAsync(start: start);
        var pcm = Messages.Pcm(3_200);
        await call.Leg.SendAudioAsync(pcm, CancellationToken.None);
        await call.Leg.SendMarkAsync("turn-1", CancellationToken.None);
        await call.Leg.SendClearAsync(CancellationToken.None);

        var (sid, sequence) = camel ? ("streamSid", "sequenceNumber") : ("stream_sid", "sequence_number");
        var media = JsonDocument.Parse((await carrier.ReceiveAsync())!).RootElement;
        Assert.Equal("1", media.GetProperty(sequence).GetString());
        Assert.Equal("s\"1", media.GetProperty(sid).GetString());
        Assert.Equal(pcm, media.GetProperty("media").GetProperty("payload").GetBytesFromBase64());
        Assert.Equal($$$"""{"event":"mark","{{{sid}}}":"s\u00221","mark":{"name":"turn-1"}}""", await carrier.ReceiveAsync());
        Assert.Equal($$"""{"event":"clear","{{sid}}":"s\u00221"}""", await carrier.ReceiveAsync());
        Assert.Equal(3_200, rig.Measures["audio direction=out"]);
        Assert.Equal(1, rig.Measures["frames direction=out"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(319)]
    [InlineData(321)]
    [InlineData(100_160)]
    public async Task SendAudio_WhenNoChunkTheCarrierTakes_IsRefusedAndTheLegGoesOn(int bytes)
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();

        await Assert.ThrowsAsync<ArgumentException>(async () => await call.Leg.SendAudioAsync(new byte[bytes], CancellationToken.None));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await call.Leg.SendMarkAsync("", CancellationToken.None));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await call.Leg.SendMarkAsync(new string('x', 201), CancellationToken.None));

        await call.Leg.SendClearAsync(CancellationToken.None);
        Assert.Contains("clear", await carrier.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WhenFromManyPlaces_EveryMessageIsWhole()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        var received = ReceiveAllAsync(carrier);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await call.Leg.SendMarkAsync($"{worker}.{i}", CancellationToken.None);
                await call.Leg.SendAudioAsync(Messages.Pcm(640, worker), CancellationToken.None);
            }
        })));
        await call.Leg.CloseAsync("done");

        var messages = await received;
        Assert.Equal(1_600, messages.Count);
        var marks = messages.Where(m => m.GetProperty("event").GetString() == "mark").Select(m => m.GetProperty("mark").GetProperty("name").GetString()!.Split('.'));

        // Each sender's own messages stay in their order.
        Assert.All(marks.GroupBy(m => m[0]), g => Assert.Equal(Enumerable.Range(0, 100), g.Select(m => int.Parse(m[1]))));
        Assert.Equal(800, messages.Count(m => m.GetProperty("event").GetString() == "media"));
    }

    [Fact]
    public async Task MarksAndKeys_WhenTheyCome_AreHandedOnAndCounted()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        await call.Leg.SendMarkAsync("a", CancellationToken.None);
        await call.Leg.SendMarkAsync("b", CancellationToken.None);
        Assert.Equal(2, rig.Measures["marks_pending"]);

        await carrier.SendAsync(Messages.Mark("a"));
        await carrier.SendAsync(Messages.Dtmf("5"));
        await carrier.SendAsync(Messages.Dtmf("#"));
        await carrier.SendAsync(Messages.Mark("b"));
        await carrier.SendAsync(Messages.Mark("never-sent"));
        await call.Sink.WhenEventAsync("mark never-sent");
        Assert.Equal(["mark a", "dtmf 5", "dtmf #", "mark b", "mark never-sent"], call.Sink.Events);
        Assert.Equal(0, rig.Measures["marks_pending"]);

        // What never comes back is let go with the socket.
        await call.Leg.SendMarkAsync("c", CancellationToken.None);
        Assert.Equal(1, rig.Measures["marks_pending"]);
        await carrier.SendAsync(Messages.Stop);
        await carrier.ReceiveCloseAsync();
        await rig.Measures.WhenAsync("connections", 0);
        Assert.Equal(0, rig.Measures["marks_pending"]);
    }

    [Fact]
    public async Task Stop_WhenItComes_EndsTheLegAndClosesTheSocket()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        await carrier.SendAsync(Messages.Media([1, 2]));
        await carrier.SendAsync(Messages.Stop);
        await carrier.SendAsync(Messages.Media([3, 4]));

        Assert.Equal(new MediaEnd(MediaEndKind.Stopped, "callended"), await call.EndAsync());
        Assert.Equal((WebSocketCloseStatus.NormalClosure, ""), await carrier.ReceiveCloseAsync());
        Assert.Equal([1, 2], call.Sink.Audio);
        await Assert.ThrowsAsync<MediaClosedException>(async () => await call.Leg.SendAudioAsync(new byte[320], CancellationToken.None));
        await Assert.ThrowsAsync<MediaClosedException>(async () => await call.Leg.SendMarkAsync("x", CancellationToken.None));
        await Assert.ThrowsAsync<MediaClosedException>(async () => await call.Leg.SendClearAsync(CancellationToken.None));
        await rig.Measures.WhenAsync("connections", 0);
        Assert.Equal(1, rig.Measures["stream.duration end=Stopped"]);
    }

    [Fact]
    public async Task Stop_WhenBeforeStart_ClosesWithoutACall()
    {
        await using var rig = await MediaRig.StartAsync();
        var carrier = await rig.ConnectAsync();
        await carrier.SendAsync(Messages.Stop);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, (await carrier.ReceiveCloseAsync()).Status);
        await rig.Measures.WhenAsync("refused reason=no_start", 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task End_WhenTheCarrierIsGone_IsLost(bool politely)
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        if (politely)
        {
            await carrier.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None).WaitAsync(MediaRig.Patience);
        }
        else
        {
            carrier.Socket.Abort();
        }

        Assert.Equal(MediaEndKind.Lost, (await call.EndAsync()).Kind);
        await rig.Measures.WhenAsync("connections", 0);
        await Assert.ThrowsAsync<MediaClosedException>(async () => await call.Leg.SendClearAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Close_WhenCalledTwice_ClosesOnce()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        await Task.WhenAll(call.Leg.CloseAsync("agent hung up").AsTask(), call.Leg.CloseAsync("again").AsTask());

        // The reason is ours alone.
        Assert.Equal((WebSocketCloseStatus.NormalClosure, ""), await carrier.ReceiveCloseAsync());
        Assert.Equal(MediaEndKind.ClosedByUs, (await call.EndAsync()).Kind);
        await call.Leg.CloseAsync("and again");
        await Assert.ThrowsAsync<MediaClosedException>(async () => await call.Leg.SendClearAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Run_WhenCalledTwice_Throws()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        await carrier.SendAsync(Messages.Dtmf("1"));
        await call.Sink.WhenEventAsync("dtmf 1");

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.Leg.RunAsync(call.Sink, CancellationToken.None));
    }

    [Fact]
    public async Task Run_WhenCancelled_HangsUp()
    {
        await using var rig = await MediaRig.StartAsync();
        using var cancel = new CancellationTokenSource();
        rig.Calls.Run = async call =>
        {
            call.Ending.TrySetResult(await call.Leg.RunAsync(call.Sink, cancel.Token));
            return null;
        };
        var (carrier, call) = await rig.TalkAsync();
        await cancel.CancelAsync();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, (await carrier.ReceiveCloseAsync()).Status);
        Assert.Equal(MediaEndKind.ClosedByUs, (await call.EndAsync()).Kind);
    }

    [Fact]
    public async Task Call_WhenItRefuses_ClosesWithItsReasonCutToFit()
    {
        await using var rig = await MediaRig.StartAsync();
        rig.Calls.Run = _ => Task.FromResult<string?>(string.Concat(Enumerable.Repeat("é", 100)));
        var (carrier, _) = await rig.TalkAsync();

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, string.Concat(Enumerable.Repeat("é", 61))), await carrier.ReceiveCloseAsync());
        await rig.Measures.WhenAsync("refused reason=call", 1);
    }

    [Fact]
    public async Task Call_WhenItReturnsWithoutRunning_ClosesTheSocket()
    {
        await using var rig = await MediaRig.StartAsync();
        rig.Calls.Run = async call =>
        {
            await call.Leg.SendMarkAsync("last", CancellationToken.None);
            return null;
        };
        var (carrier, _) = await rig.TalkAsync();

        Assert.Contains("last", await carrier.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, (await carrier.ReceiveCloseAsync()).Status);
        await rig.Measures.WhenAsync("connections", 0);
    }

    [Fact]
    public async Task Sink_WhenItThrows_EndsTheCallAndNothingElse()
    {
        await using var rig = await MediaRig.StartAsync();
        var (other, otherCall) = await rig.TalkAsync();
        rig.Calls.Run = async call =>
        {
            call.Ending.TrySetResult(await call.Leg.RunAsync(new ThrowingSink(), call.Stopping));
            return null;
        };
        var (carrier, call) = await rig.TalkAsync(rig.AddSession());
        await carrier.SendAsync(Messages.Media([1, 2]));

        Assert.Equal(WebSocketCloseStatus.InternalServerError, (await carrier.ReceiveCloseAsync()).Status);
        Assert.Equal(MediaEndKind.ClosedByUs, (await call.EndAsync()).Kind);
        await other.SendAsync(Messages.Media([1, 2]));
        await otherCall.Sink.WhenAudioAsync(2);
    }

    [Theory]
    [InlineData("", "16000", 16_000)]
    [InlineData("?sample-rate=16000", "24000", 24_000)]
    [InlineData("?sample-rate=16000", "44100", 16_000)]
    [InlineData("?sample-rate=junk", "", 8_000)]
    public async Task Start_WhenTheRateIsAnother_TheStreamIsTrustedAndTheMismatchLogged(string query, string told, int expected)
    {
        await using var rig = await MediaRig.StartAsync();
        var (_, call) = await rig.TalkAsync(rig.Path + query, Messages.Start(rate: told));

        Assert.Equal(expected, call.Leg.Start.SampleRate);
        Assert.Contains(rig.Logs.Lines, l => l.Contains("another sample rate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WhenRight_TellsEverythingAndLogsNothing()
    {
        await using var rig = await MediaRig.StartAsync();
        var (_, call) = await rig.TalkAsync(rig.Path + "?sample-rate=8000&a=1");

        var start = call.Leg.Start;
        Assert.Equal(rig.Session, call.Id);
        Assert.False(call.Inbound);
        Assert.Equal(("st-1", "ca-1", "09876543210", "08047112233", 8_000), (start.StreamSid, start.CallSid, start.From, start.To, start.SampleRate));
        Assert.Equal("1", Assert.Single(start.CustomParameters).Value);
        Assert.DoesNotContain(rig.Logs.Lines, l => l.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HostStop_WhenACallIsOn_EndsItAndClosesTheSocket()
    {
        await using var rig = await MediaRig.StartAsync();
        var (carrier, call) = await rig.TalkAsync();
        var waiting = await rig.ConnectAsync(rig.AddSession());
        rig.Lifetime.StopApplication();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, (await carrier.ReceiveCloseAsync()).Status);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, (await waiting.ReceiveCloseAsync()).Status);
        Assert.Equal(MediaEndKind.ClosedByUs, (await call.EndAsync()).Kind);
        Assert.True(call.Stopping.IsCancellationRequested);
        await rig.Measures.WhenAsync("connections", 0);
    }

    private static async Task<List<JsonElement>> ReceiveAllAsync(FakeCarrier carrier)
    {
        var messages = new List<JsonElement>();
        while (await carrier.ReceiveAsync() is { } text)
        {
            messages.Add(JsonDocument.Parse(text).RootElement);
        }

        await carrier.ReceiveCloseAsync();
        return messages;
    }

    private sealed class ThrowingSink : IMediaSink
    {
        public void OnAudio(ReadOnlySpan<byte> pcm) => throw new InvalidOperationException("pipe is gone");

        public void OnMark(string name) => throw new InvalidOperationException("pipe is gone");

        public void OnDtmf(char digit) => throw new InvalidOperationException("pipe is gone");
    }
}
