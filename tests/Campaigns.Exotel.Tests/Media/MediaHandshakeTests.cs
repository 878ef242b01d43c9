using System.Diagnostics;
using System.Net;
using Campaigns.Calls;
using Campaigns.Carrier;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>Who gets a media socket, and how the others are answered.</summary>
public sealed class MediaHandshakeTests
{
    [Fact]
    public async Task Connect_WhenSecretIsNotGood_Answers404WithoutDifference()
    {
        await using var rig = await MediaRig.StartAsync();
        var (agent, secret) = (Guid.NewGuid(), SessionToken.Create());
        rig.Gates.AddAgent(agent, secret);
        string[] paths =
        [
            MediaRig.PathOf(rig.Session, SessionToken.Create()),
            MediaRig.PathOf(rig.Session, "x"),
            MediaRig.PathOf(rig.Session, new string('a', 1_000)),
            MediaRig.PathOf(Guid.NewGuid(), rig.Token),
            MediaRig.PathOf(Guid.Empty, rig.Token),
            $"/media/exotel/{rig.Session:N}/{rig.Token}",
            $"/media/exotel/not-a-session/{rig.Token}",
            $"/media/exotel/inbound/{agent}/{SessionToken.Create()}",
            $"/media/exotel/inbound/{Guid.NewGuid()}/{secret}",
            $"/media/exotel/inbound/{agent}/{rig.Token}",
            $"/media/exotel/inbound/{rig.Session}/{rig.Token}",
            $"/media/exotel/inbound/x/y",
        ];
        foreach (var path in paths)
        {
            Assert.Equal(HttpStatusCode.NotFound, await rig.UpgradeStatusAsync(path));
        }

        rig.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.NotFound, await rig.UpgradeStatusAsync());
        Assert.Equal(paths.Length + 1, rig.Measures["refused reason=unknown"]);

        using var client = new HttpClient { BaseAddress = rig.Address };
        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths.Append(rig.Path))
        {
            using var answer = await client.GetAsync(path);
            answer.Headers.Date = null;
            answers.Add($"{(int)answer.StatusCode} {answer.Headers} {answer.Content.Headers} {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.StartsWith("404", Assert.Single(answers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WhenTheProcessTakesNoMoreOfADirection_Answers503AndServesTheOther()
    {
        await using var rig = await MediaRig.StartAsync();
        var (agent, secret) = (Guid.NewGuid(), SessionToken.Create());
        rig.Gates.AddAgent(agent, secret);
        var inbound = $"/media/exotel/inbound/{agent}/{secret}";
        rig.Gate.Refused.Add(CallDirection.Inbound);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await rig.UpgradeStatusAsync(inbound));
        Assert.Equal(HttpStatusCode.NotFound, await rig.UpgradeStatusAsync($"/media/exotel/inbound/{agent}/{SessionToken.Create()}"));
        var (carrier, call) = await rig.TalkAsync();
        Assert.False(call.Inbound);
        Assert.Equal(1, rig.Gate.Inside);
        rig.Gate.Refused.Add(CallDirection.Outbound);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await rig.UpgradeStatusAsync(rig.AddSession()));
        Assert.Equal(2, rig.Measures["refused reason=draining"]);

        // Whoever is inside is not disturbed, and is counted until the call is over.
        Assert.False(call.Ending.Task.IsCompleted);
        await carrier.SendAsync("""{"event":"stop","stream_sid":"st-1","stop":{"call_sid":"ca-1","reason":"callended"}}""");
        await call.Ending.Task.WaitAsync(MediaRig.Patience);
    }

    [Fact]
    public async Task Connect_WhenSecretIsUsedUp_Answers409()
    {
        await using var rig = await MediaRig.StartAsync();
        rig.Gates.Add(rig.Session, rig.Token, rig.Clock.GetUtcNow().AddHours(1), used: true);

        Assert.Equal(HttpStatusCode.Conflict, await rig.UpgradeStatusAsync());
        Assert.Equal(HttpStatusCode.NotFound, await rig.UpgradeStatusAsync(MediaRig.PathOf(rig.Session, "wrong")));
        Assert.Equal(["refused reason=unknown: 1", "refused reason=used: 1"], rig.Measures.Of("refused"));
    }

    [Fact]
    public async Task Get_WhenNoWebSocket_Answers426()
    {
        await using var rig = await MediaRig.StartAsync();
        using var client = new HttpClient { BaseAddress = rig.Address };

        using var answer = await client.GetAsync(rig.Path);

        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
        Assert.Equal("websocket", answer.Headers.Upgrade.Single().Name);
        Assert.Equal(1, rig.Measures["refused reason=not_websocket"]);
        using var post = await client.PostAsync(rig.Path, content: null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Fact]
    public async Task Connect_WhenOverTheCap_Answers503UntilOneHasEnded()
    {
        await using var rig = await MediaRig.StartAsync(("MaxConnections", "2"));
        var (first, _) = await rig.TalkAsync();
        await rig.TalkAsync(rig.AddSession());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await rig.UpgradeStatusAsync(rig.AddSession()));
        Assert.Equal(["refused reason=full: 1"], rig.Measures.Of("refused"));
        Assert.Equal(2, rig.Measures["connections"]);

        await first.SendAsync(Messages.Stop);
        await first.ReceiveCloseAsync();
        await rig.Measures.WhenAsync("connections", 1);
        await rig.TalkAsync(rig.AddSession());
        Assert.Equal(["refused reason=full: 1"], rig.Measures.Of("refused"));
    }

    [Fact]
    public async Task Connect_WhenHostStops_Answers503()
    {
        await using var rig = await MediaRig.StartAsync();
        rig.Lifetime.StopApplication();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await rig.UpgradeStatusAsync());
        Assert.Equal(1, rig.Measures["refused reason=stopping"]);
    }

    [Fact]
    public async Task Connect_WhenStoreFails_Answers503()
    {
        await using var rig = await MediaRig.StartAsync();
        rig.Gates.Failure = new IOException("database away");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await rig.UpgradeStatusAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await rig.UpgradeStatusAsync($"/media/exotel/inbound/{Guid.NewGuid()}/x"));
        Assert.Equal(2, rig.Measures["refused reason=unavailable"]);
    }

    [Fact]
    public async Task Connect_WhenStoreHangs_Answers503BeforeTheCarrierGivesUp()
    {
        await using var rig = await MediaRig.StartAsync();
        rig.Gates.Hang = true;

        var status = rig.UpgradeStatusAsync();
        await rig.Clock.WhenArmedForAsync(TimeSpan.FromSeconds(5));
        Assert.False(status.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await status);
    }

    [Fact]
    public async Task Connect_WhenSecretIsAnAgents_RunsAnInboundCall()
    {
        await using var rig = await MediaRig.StartAsync();
        var (agent, secret) = (Guid.NewGuid(), SessionToken.Create());
        rig.Gates.AddAgent(agent, secret);

        // An agent's secret is not used up.
        for (var i = 0; i < 2; i++)
        {
            var (_, call) = await rig.TalkAsync($"/media/exotel/inbound/{agent}/{secret}");
            Assert.True(call.Inbound);
            Assert.Equal(agent, call.Id);
            Assert.Equal("09876543210", call.Leg.Start.From);
        }
    }

    [Fact]
    public async Task Connect_WhenTwoSocketsRace_TheCallRefusesOne()
    {
        await using var rig = await MediaRig.StartAsync();
        var begun = 0;
        rig.Calls.Run = async call =>
        {
            if (Interlocked.Increment(ref begun) > 1)
            {
                return "another socket has the call";
            }

            rig.Gates.Add(rig.Session, rig.Token, rig.Clock.GetUtcNow().AddHours(1), used: true);
            call.Ending.TrySetResult(await call.Leg.RunAsync(call.Sink, call.Stopping));
            return null;
        };
        var both = await Task.WhenAll(rig.ConnectAsync(), rig.ConnectAsync());
        await both[0].SendAsync(Messages.Start());
        var call = await rig.Calls.NextAsync();
        await both[1].SendAsync(Messages.Start());

        Assert.Equal((System.Net.WebSockets.WebSocketCloseStatus.PolicyViolation, "another socket has the call"), await both[1].ReceiveCloseAsync());
        Assert.Equal(HttpStatusCode.Conflict, await rig.UpgradeStatusAsync());
        await both[0].SendAsync(Messages.Dtmf("1"));
        await call.Sink.WhenEventAsync("dtmf 1");
        Assert.Equal(["refused reason=call: 1", "refused reason=used: 1"], rig.Measures.Of("refused"));
    }

    [Fact]
    public async Task Endpoints_WhenMapped_AreOpenToTheCarrierAndNotTimedByTheHost()
    {
        await using var rig = await MediaRig.StartAsync();

        Assert.Equal(
            ["/media/exotel/inbound/{agent}/{secret}", "/media/exotel/{session}/{token}"],
            rig.Endpoints.Cast<RouteEndpoint>().Select(e => e.RoutePattern.RawText).Order(StringComparer.Ordinal));
        Assert.All(rig.Endpoints, e => Assert.NotNull(e.Metadata.GetMetadata<IAllowAnonymous>()));
        Assert.All(rig.Endpoints, e => Assert.NotNull(e.Metadata.GetMetadata<DisableRequestTimeoutAttribute>()));
    }

    [Fact]
    public async Task Connect_WhateverHappens_LogsAndTracesNoSecretAndNoNumber()
    {
        var traced = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => !s.Name.Contains("System.Net", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => traced.Enqueue($"{a.DisplayName} {string.Join(' ', a.TagObjects.Select(t => $"{t.Key}={t.Value}"))}"),
        };
        ActivitySource.AddActivityListener(listener);
        var rig = await MediaRig.StartAsync();
        rig.Calls.Run = call => throw new InvalidOperationException("grain away");
        var (carrier, _) = await rig.TalkAsync();
        Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.InternalServerError, (await carrier.ReceiveCloseAsync()).Status);
        rig.Calls.Run = _ => Task.FromResult<string?>("09876543210 is on another call");
        (carrier, _) = await rig.TalkAsync();
        await carrier.ReceiveCloseAsync();
        await rig.UpgradeStatusAsync(MediaRig.PathOf(rig.Session, "wrong-secret"));
        rig.Gates.Failure = new IOException("database away");
        await rig.UpgradeStatusAsync();

        // Everything has been logged and traced once the host is gone.
        await rig.DisposeAsync();

        Assert.Contains(traced, t => t.Contains($"campaigns.session.id={rig.Session}", StringComparison.Ordinal));
        Assert.Contains(rig.Logs.Lines, l => l.Contains($"The call on the media socket of {rig.Session} failed", StringComparison.Ordinal));
        Assert.Contains(rig.Logs.Lines, l => l.Contains("refused by its call: *** is on another call", StringComparison.Ordinal));
        Assert.DoesNotContain(
            rig.Logs.Lines.Concat(traced),
            l => l.Contains(rig.Token, StringComparison.Ordinal) || l.Contains("wrong-secret", StringComparison.Ordinal)
                || l.Contains("9876543210", StringComparison.Ordinal));
    }
}
