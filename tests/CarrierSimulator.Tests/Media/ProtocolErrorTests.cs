using System.Net.WebSockets;
using System.Text;
using SpokenTones;

namespace CarrierSimulator.Tests;

/// <summary>What the carrier does not take.</summary>
public sealed class ProtocolErrorTests : IAsyncLifetime
{
    private const string Audio = "AAAA";
    private MediaStage _stage = null!;

    public async Task InitializeAsync() => _stage = await MediaStage.SetAsync();

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Theory]
    [InlineData("""{"event":"hangup","stream_sid":"$SID"}""", "unknown event hangup")]
    [InlineData("""{"event":"stop","stream_sid":"$SID"}""", "unknown event stop")]
    [InlineData("""{"stream_sid":"$SID"}""", "event is missing")]
    [InlineData("""{"event":7,"stream_sid":"$SID"}""", "event is not a string")]
    [InlineData("""{"event":"clear"}""", "stream_sid is missing in clear")]
    [InlineData("""{"event":"clear","stream_sid":"other"}""", "stream_sid of clear is not that of this stream")]
    [InlineData("""{"event":"clear","streamSid":"$SID"}""", "streamSid is not this stream's way to write stream_sid")]
    [InlineData("""{"event":"clear","stream_sid":"$SID","reason":"x"}""", "unknown field reason")]
    [InlineData("""{"event":"clear","stream_sid":"$SID","mark":{"name":"a"}}""", "clear has a field mark")]
    [InlineData("""{"event":"mark","stream_sid":"$SID"}""", "mark has no field mark")]
    [InlineData("""{"event":"mark","stream_sid":"$SID","mark":{"name":""}}""", "mark.name is empty")]
    [InlineData("""{"event":"mark","stream_sid":"$SID","mark":{"name":3}}""", "mark.name is not a string")]
    [InlineData("""{"event":"mark","stream_sid":"$SID","mark":"a"}""", "mark is not an object")]
    [InlineData("""{"event":"mark","stream_sid":"$SID","mark":{"name":"a","id":1}}""", "unknown field mark.id")]
    [InlineData("""{"event":"media","stream_sid":"$SID","media":{}}""", "media has no payload")]
    [InlineData("""{"event":"media","stream_sid":"$SID","media":{"payload":5}}""", "media.payload is not a string")]
    [InlineData("""{"event":"media","stream_sid":"$SID","media":{"payload":"AAAA","track":"inbound"}}""", "unknown field media.track")]
    [InlineData("""{"event":"media","stream_sid":"$SID","media":{"payload":"AAAA"}}""", "a chunk has 3 bytes; the least is 320")]
    [InlineData("""{"event":"media","stream_sid":"$SID","media":{"payload":"AAAA"}}""", "a chunk has half a sample")]
    public async Task Message_ThatIsNotTaken_IsRecordedAndTheCallGoesOn(string message, string error)
    {
        var sid = await _stage.DialAsync(() => new Listener());
        using var agent = await _stage.NextAsync();

        await agent.SendAsync(message);
        var talk = await _stage.WhenAsync(sid, c => c.ProtocolErrors.Any(e => e.Text == error));
        await agent.SendMarkAsync("still there");
        await agent.WhenMarkAsync("still there");

        Assert.False(talk.ProtocolErrors.Single(e => e.Text == error).Fatal);
        await agent.CloseAsync();
        Assert.Equal("bot", (await _stage.EndAsync(sid)).ClosedBy);
    }

    [Theory]
    [InlineData("hello", 1007, "JSON")]
    [InlineData("", 1007, "JSON")]
    [InlineData("[]", 1007, "JSON object")]
    [InlineData("""{"event":"clear","stream_sid":"$SID"}{}""", 1007, "JSON")]
    [InlineData("""{"event":"media","stream_sid":"$SID","media":{"payload":"!!!"}}""", 1007, "base64")]
    [InlineData("""{"event":"media","stream_sid":"$SID","media":{"payload":"AAA"}}""", 1007, "base64")]
    [InlineData("100320 bytes", 1009, "100320 bytes")]
    [InlineData("a flood", 1009, "140000")]
    [InlineData("binary", 1003, "binary")]
    public async Task Message_ThatIsOfNoUse_ClosesTheSocket(string message, int code, string error)
    {
        var sid = await _stage.DialAsync(() => new Listener());
        using var agent = await _stage.NextAsync();

        await (message switch
        {
            "100320 bytes" => agent.SendMediaAsync(new byte[100_320]),
            "a flood" => agent.SendAsync(new string(' ', 200_000)),
            "binary" => agent.SendAsync(new byte[320], WebSocketMessageType.Binary),
            _ => agent.SendAsync(message),
        });
        var talk = await _stage.EndAsync(sid);

        var told = Assert.Single(talk.ProtocolErrors);
        Assert.True(told.Fatal);
        Assert.Contains(error, told.Text, StringComparison.Ordinal);
        Assert.Equal(("carrier", code), (talk.ClosedBy, talk.CloseCode));
        Assert.Equal("completed", _stage.Carrier.Ledger.Entries.Single(e => e.CallSid == sid).FinalStatus);
    }

    [Fact]
    public async Task Media_OfTheLargestSize_IsTaken()
    {
        var sid = await _stage.DialAsync(() => new Listener(), "?sample-rate=24000");
        using var agent = await _stage.NextAsync();

        await agent.SendMediaAsync(new byte[99_840]);
        await agent.SendMarkAsync("end");
        await agent.WhenMarkAsync("end");
        await agent.CloseAsync();

        var talk = await _stage.EndAsync(sid);
        Assert.Empty(talk.ProtocolErrors);
        Assert.Equal((1, 2080), (talk.MediaReceived, talk.ReceivedMs));
    }

    [Fact]
    public async Task Media_ThatIsMisaligned_IsAnErrorInMidUtteranceAndCountedAtItsEnd()
    {
        var sid = await _stage.DialAsync(() => new Listener());
        using var agent = await _stage.NextAsync();

        await agent.SendMediaAsync(new byte[1600]);
        await agent.SendMediaAsync(new byte[1000]);
        await agent.SendMediaAsync(new byte[1600]);
        await _stage.WhenAsync(sid, c => c.ProtocolErrors.Any(e => e.Text.Contains("multiple of 320", StringComparison.Ordinal)));
        await agent.SendMediaAsync(new byte[1000]);
        await agent.SendMarkAsync("end");
        await agent.WhenMarkAsync("end");
        await agent.SendMediaAsync(new byte[1000]);
        await agent.CloseAsync();

        var talk = await _stage.EndAsync(sid);
        Assert.Equal((1, 2), (talk.ProtocolErrorCount, talk.MisalignedEnds));
    }

    [Fact]
    public async Task Media_TooFarAhead_IsDroppedAndToldOnce()
    {
        await using var stage = await MediaStage.SetAsync(o => o.MediaStream.MaxLead = TimeSpan.FromSeconds(1));
        var sid = await stage.DialAsync(() => new Listener());
        using var agent = await stage.NextAsync();

        await agent.SendAudioAsync(ToneVoice.Speak("This sentence is longer than the carrier waits.", 8000, ToneSpeaker.Agent));
        await agent.SendMarkAsync("end");
        await agent.WhenMarkAsync("end");
        await agent.CloseAsync();

        var talk = await stage.EndAsync(sid);
        Assert.Contains("1 s ahead", Assert.Single(talk.ProtocolErrors).Text, StringComparison.Ordinal);
        Assert.InRange(talk.OverLeadMs, 600, 1100);
        var heard = Assert.Single(talk.Heard);
        Assert.False(heard.Complete);
        Assert.StartsWith(heard.Text, "This sentence is longer than the carrier waits.", StringComparison.Ordinal);
        Assert.InRange(heard.EndMs - heard.StartMs, 700, 1400);
    }

    [Fact]
    public async Task Message_BeforeStart_IsAnError()
    {
        await using var stage = await MediaStage.SetAsync(o => o.MediaStream.StartDelay = Timeout.InfiniteTimeSpan);
        var sid = await stage.DialAsync(() => new Listener());
        using var agent = await stage.NextAsync(started: false);
        await agent.WhenEventAsync("connected");

        await agent.SendAsync($$$"""{"event":"media","stream_sid":"x","media":{"payload":"{{{Audio}}}"}}""");
        await agent.CloseAsync();

        var talk = await stage.EndAsync(sid);
        Assert.Equal("a message came before start", Assert.Single(talk.ProtocolErrors).Text);
        Assert.Null(talk.StartedMs);
        Assert.Equal(["connected"], agent.Messages.Select(AgentSession.EventOf));
    }

    [Fact]
    public async Task Errors_WithoutEnd_AreCountedAndTheFirstFiftyKept()
    {
        var sid = await _stage.DialAsync(() => new Listener());
        using var agent = await _stage.NextAsync();

        for (var i = 0; i < 70; i++)
        {
            await agent.SendAsync($$"""{"event":"no-{{i}}","stream_sid":"$SID"}""");
        }

        await agent.CloseAsync();

        var talk = await _stage.EndAsync(sid);
        Assert.Equal((70, 50, "unknown event no-49"), (talk.ProtocolErrorCount, talk.ProtocolErrors.Count, talk.ProtocolErrors[^1].Text));
    }

    [Fact]
    public void Read_AnyBytes_NeverThrowsAnythingElse()
    {
        var style = new MediaStyle(false, false, false);
        var valid = Encoding.UTF8.GetBytes(
            """{"event":"media","stream_sid":"S","media":{"chunk":1,"payload":"AAAAAAAA"},"x":[1,{"a":null}]}""");
        var random = new Random(7);
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = valid[..random.Next(valid.Length + 1)];
            for (var changes = random.Next(4); changes > 0 && bytes.Length > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                MediaReader.Return(MediaReader.Read(bytes, style, "S"));
            }
            catch (MediaProtocolException e)
            {
                Assert.Equal(1007, e.CloseCode);
            }
        }
    }
}
