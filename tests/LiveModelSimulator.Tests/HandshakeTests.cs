using System.Net;
using System.Net.WebSockets;

namespace LiveModelSimulator.Tests;

public sealed class HandshakeTests
{
    [Theory]
    [InlineData(Stage.Developer, "x-goog-api-key", "wrong", 401)]
    [InlineData(Stage.Developer, "x-nothing", "key", 403)]
    [InlineData(Stage.Developer, "Authorization", "Bearer token", 403)]
    [InlineData(Stage.Developer + "?key=wrong", "x-nothing", "", 401)]
    [InlineData(Stage.Vertex, "Authorization", "Bearer wrong", 401)]
    [InlineData(Stage.Vertex, "Authorization", "token", 401)]
    [InlineData(Stage.Vertex, "x-goog-api-key", "key", 401)]
    [InlineData("ws/google.ai.generativelanguage.v1beta.GenerativeService/BidiGenerateContent", "x-goog-api-key", "key", 404)]
    [InlineData("ws/google.cloud.aiplatform.v1beta1.LlmBidiService.BidiGenerateContent", "Authorization", "Bearer token", 404)]
    public async Task Connect_WithoutTheRightCredentialsOrPath_IsRefused(string path, string header, string value, int status)
    {
        await using var stage = await Stage.SetAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader(header, value);

        await Assert.ThrowsAsync<WebSocketException>(
            () => socket.ConnectAsync(new Uri(stage.Host.WebSocketAddress, path), CancellationToken.None));

        Assert.Equal((HttpStatusCode)status, socket.HttpStatusCode);
        Assert.Equal(status == 404 ? [] : [status], stage.Host.Ledger.Sessions.Select(s => s.HttpStatus));
        Assert.Equal(0, stage.Host.Ledger.LiveSessions);
    }

    [Fact]
    public async Task Connect_WithTheKeyInTheQuery_IsTaken()
    {
        await using var stage = await Stage.SetAsync();

        await stage.ConnectAsync($"{Stage.Developer}?key=key", "x-nothing", "");

        Assert.Equal(101, stage.Session(1).HttpStatus);
    }

    [Fact]
    public async Task Get_WithoutAnUpgrade_Is400()
    {
        await using var stage = await Stage.SetAsync();

        using var response = await stage.Http.GetAsync(Stage.Developer);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Sessions_OpenAtOnce_AreCounted()
    {
        await using var stage = await Stage.SetAsync();
        var first = await stage.BeginAsync(Setups.Live31);
        await stage.BeginAsync(Setups.Native25);
        await first.CloseAsync();
        await stage.BeginAsync(Setups.Vertex);

        Assert.Equal((2, 2), (stage.Host.Ledger.PeakSessions, stage.Host.Ledger.LiveSessions));
        Assert.Equal((ClosedBy.Client, 1000, "bye"), (stage.Session(1).ClosedBy, stage.Session(1).CloseCode, stage.Session(1).CloseReason));
    }

    [Fact]
    public async Task Session_WhoseClientVanishes_IsRecordedAsLost()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31);

        client.Abort();

        var entry = await stage.WhenAsync(client, e => !e.Live, "the end");
        Assert.Equal((ClosedBy.ClientLost, null), (entry.ClosedBy, entry.CloseCode));
    }

    [Fact]
    public async Task Session_OverTheLimit_IsClosedAsOverQuota()
    {
        await using var stage = await Stage.SetAsync(o => o.MaxSessions = 1);
        var first = await stage.BeginAsync(Setups.Live31);

        var second = await stage.OpenAsync(Setups.Live31);
        var (code, reason) = await second.ClosedAsync();
        await first.CloseAsync();
        await stage.BeginAsync(Setups.Live31);

        Assert.Equal(1011, code);
        Assert.Contains("exceeded your current quota", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_AtTheEndOfItsLifetime_GetsGoAwayAndIsClosed()
    {
        await using var stage = await Stage.SetAsync(o => (o.ConnectionLifetime, o.GoAwayTime) = (TimeSpan.FromMinutes(9), TimeSpan.FromSeconds(9.5)));
        var client = await stage.BeginAsync(Setups.Vertex);

        stage.Clock.Advance(TimeSpan.FromMinutes(9) - TimeSpan.FromSeconds(9.5));
        var goAway = await client.WhenAsync(m => m.TryGetProperty("goAway", out _), "goAway");
        Assert.Equal("9.5s", goAway.GetProperty("goAway").GetProperty("timeLeft").GetString());
        Assert.True(stage.Session(1).Live);

        stage.Clock.Advance(TimeSpan.FromSeconds(9.5));
        Assert.Equal(1000, (await client.ClosedAsync()).Code);
    }
}
