using System.Text.Json;
using Campaigns.GeminiLive.Tests.Bed;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Tests;

/// <summary>Tool calls: single, batched, without ids, taken back, answered too late.</summary>
public sealed class ToolTests
{
    private static readonly (string, string?)[] Vertex = [("Platform", "Vertex"), ("Project", "acme"), ("Location", "us-central1"), ("Model", Rig.Vertex25)];

    [Fact]
    public async Task Call_WhenAnswered_SendsTheAnswerUnderThePlatformsId()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        await CallAsync(peer, """{"id":"fc-1","name":"schedule_callback","args":{"when":"Tuesday at four"}}""");
        await rig.Sink.WhenAsync("""calls fc-1:schedule_callback{"when":"Tuesday at four"}""");
        session.Answer([new("fc-1", "schedule_callback", """{"output":{"status":"ok","At_K":1}}""")]);
        Assert.Equal(
            """{"toolResponse":{"functionResponses":[{"id":"fc-1","name":"schedule_callback","response":{"output":{"status":"ok","At_K":1}}}]}}""",
            (await peer.ReadAsync()).GetRawText());
    }

    [Fact]
    public async Task Calls_WhenBatched_AreHandedOverTogetherAndMayBeAnsweredApart()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        await CallAsync(peer, """{"id":"a","name":"f"},{"id":"b","name":"g"},{"id":"c","name":"h"}""");
        await rig.Sink.WhenAsync("calls a:f{} b:g{} c:h{}");
        session.Answer([new("c", "h", "{}")]);
        session.Answer([new("a", "f", "{}"), new("b", "g", "{}")]);
        Assert.Equal(["c"], Ids(await peer.ReadAsync()));
        Assert.Equal(["a", "b"], Ids(await peer.ReadAsync()));
    }

    [Fact]
    public async Task Calls_WhenTheyHaveNoIds_GetTheirOwnWhichAreNotSent()
    {
        await using var rig = await Rig.StartAsync(Vertex);
        var (session, peer) = await rig.OpenAsync();
        await CallAsync(peer, """{"name":"f"},{"id":"call-2","name":"g"},{"id":"","name":"h"}""");
        await rig.Sink.WhenAsync(lines => lines.Count == 1, "the calls");
        Assert.Equal(["call-1", "call-2", "call-3"], rig.Sink.Calls.Select(c => c.Id));
        session.Answer([.. rig.Sink.Calls.Select(c => new ToolAnswer(c.Id, c.Name, "{}"))]);
        Assert.Equal(
            """{"toolResponse":{"functionResponses":[{"name":"f","response":{}},{"id":"call-2","name":"g","response":{}},{"name":"h","response":{}}]}}""",
            (await peer.ReadAsync()).GetRawText());
    }

    [Fact]
    public async Task Calls_WhenThePlatformRepeatsAnId_StayApart()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        await CallAsync(peer, """{"id":"a","name":"f"}""");
        await CallAsync(peer, """{"id":"a","name":"f"}""");
        await rig.Sink.WhenAsync(lines => lines.Count == 2, "both calls");
        Assert.Equal(2, rig.Sink.Calls.Select(c => c.Id).Distinct(StringComparer.Ordinal).Count());
        session.Answer([.. rig.Sink.Calls.Select(c => new ToolAnswer(c.Id, c.Name, "{}"))]);
        Assert.Equal(["a", "a"], Ids(await peer.ReadAsync()));
    }

    [Fact]
    public async Task Calls_WhenTakenBack_AreNotAnsweredAnyMore()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        await CallAsync(peer, """{"id":"a","name":"f"},{"id":"b","name":"g"}""");
        await peer.SendAsync("""{"toolCallCancellation":{"ids":["a","unheard-of"]}}""");
        await rig.Sink.WhenAsync("cancelled a");
        session.Answer([new("a", "f", "{}"), new("b", "g", "{}")]);
        session.Answer([new("b", "g", "{}"), new("z", "g", "{}")]);
        session.Prompt("end");
        Assert.Equal(["b"], Ids(await peer.ReadAsync()));
        Assert.True((await peer.ReadAsync()).TryGetProperty("realtimeInput", out _));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("")]
    [InlineData("{\"output\":")]
    public async Task Answer_WhenItIsNoObject_IsWrappedRatherThanBreakingTheConnection(string response)
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        await CallAsync(peer, """{"id":"a","name":"f"}""");
        await rig.Sink.WhenAsync("calls a:f{}");
        session.Answer([new("a", "f", response)]);
        var answer = (await peer.ReadAsync()).GetProperty("toolResponse").GetProperty("functionResponses")[0];
        Assert.Equal(response, answer.GetProperty("response").GetProperty("output").GetString());
    }

    [Fact]
    public async Task Voice_WhenA25ModelWaitsForATool_IsHeldAndFollowsTheAnswer()
    {
        await using var rig = await Rig.StartAsync(("Model", Rig.Native25));
        var (session, peer) = await rig.OpenAsync();
        session.SendAudio(Chunk(1));
        Assert.Equal(Chunk(1), await peer.ReadAudioAsync());
        await CallAsync(peer, """{"id":"a","name":"f"},{"id":"b","name":"g"}""");
        await rig.Sink.WhenAsync("calls a:f{} b:g{}");
        session.SendAudio(Chunk(2));
        session.SendAudio(Chunk(3));
        session.Answer([new("a", "f", "{}")]);
        Assert.Equal(["a"], Ids(await peer.ReadAsync()));
        session.SendAudio(Chunk(4));
        session.Answer([new("b", "g", "{}")]);
        Assert.Equal(["b"], Ids(await peer.ReadAsync()));
        var held = await peer.ReadAudioAsync();
        Assert.Equal(Chunk(2).Concat(Chunk(3)).Concat(Chunk(4)), held);
    }

    [Fact]
    public async Task Voice_WhenA25ToolIsSlow_KeepsItsNewestSecond()
    {
        await using var rig = await Rig.StartAsync(("Model", Rig.Native25));
        var (session, peer) = await rig.OpenAsync();
        await CallAsync(peer, """{"id":"a","name":"f"}""");
        await rig.Sink.WhenAsync("calls a:f{}");
        for (var i = 0; i < 75; i++)
        {
            session.SendAudio(Chunk((byte)i));
        }

        session.Answer([new("a", "f", "{}")]);
        Assert.Equal(["a"], Ids(await peer.ReadAsync()));
        var heard = new List<byte>();
        while (heard.Count < 32_000)
        {
            heard.AddRange(await peer.ReadAudioAsync());
        }

        Assert.Equal(Enumerable.Range(25, 50).SelectMany(i => Chunk((byte)i)), heard);
    }

    [Fact]
    public async Task Voice_WhenA25CallIsTakenBack_FlowsAgain()
    {
        await using var rig = await Rig.StartAsync(("Model", Rig.Native25));
        var (session, peer) = await rig.OpenAsync();
        await CallAsync(peer, """{"id":"a","name":"f"}""");
        await rig.Sink.WhenAsync("calls a:f{}");
        session.SendAudio(Chunk(2));
        await peer.SendAsync("""{"toolCallCancellation":{"ids":["a"]}}""");
        Assert.Equal(Chunk(2), await peer.ReadAudioAsync());
    }

    [Fact]
    public async Task Voice_WhenA31ModelWaitsForATool_FlowsOn()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        await CallAsync(peer, """{"id":"a","name":"f"}""");
        await rig.Sink.WhenAsync("calls a:f{}");
        session.SendAudio(Chunk(2));
        Assert.Equal(Chunk(2), await peer.ReadAudioAsync());
    }

    private static Task CallAsync(Peer peer, string calls) => peer.SendAsync("{\"toolCall\":{\"functionCalls\":[" + calls + "]}}");

    private static byte[] Chunk(byte value) => [.. Enumerable.Repeat(value, 640)];

    private static IEnumerable<string?> Ids(JsonElement message)
        => message.GetProperty("toolResponse").GetProperty("functionResponses").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();
}
