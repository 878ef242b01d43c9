using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using static Campaigns.Carrier.PlaceCallResult;

namespace Campaigns.Exotel.Tests;

/// <summary>A request leaves once or not at all, and the answer says which, whatever the connection does.</summary>
public sealed class SendOnceTests
{
    private const string Created = """{"Call":{"Sid":"abc"}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PlaceCall_WhenPooledConnectionClosesAfterReceiving_IsAmbiguousAndNotSentAgain(bool reset)
    {
        var answered = 0;
        await using var server = new WireServer(async x =>
        {
            if (Interlocked.Increment(ref answered) % 2 == 1)
            {
                await x.ReplyAsync(200, Created);
            }
            else
            {
                x.Close(reset);
            }
        });
        await using var rig = new Rig(server.Address);

        for (var round = 1; round <= 10; round++)
        {
            Assert.IsType<Accepted>(await rig.PlaceAsync());
            Assert.IsType<Ambiguous>(await rig.PlaceAsync());
            Assert.Equal(2 * round, server.Requests.Count);
            Assert.Equal(round, server.Connections);
        }
    }

    [Fact]
    public async Task PlaceCall_WhenServerClosesIdleConnections_SendsEachRequestAtMostOnce()
    {
        // The close races the next request: it may be seen in time (a new connection) or not (ambiguous), but never is a request sent
        // twice.
        await using var server = new WireServer(async x =>
        {
            await x.ReplyAsync(200, Created);
            x.Close();
        });
        await using var rig = new Rig(server.Address);

        var accepted = 0;
        for (var i = 1; i <= 100; i++)
        {
            accepted += await rig.PlaceAsync() is Accepted ? 1 : 0;
            Assert.InRange(server.Requests.Count, accepted, i);
        }

        Assert.Equal(accepted, server.Requests.Count);
    }

    [Fact]
    public async Task PlaceCall_WhenConnectionBreaksInHeaders_IsAmbiguous()
    {
        await using var server = new WireServer(async x =>
        {
            await x.RawAsync("HTTP/1.1 200 OK\r\nContent-Le");
            x.Close();
        });
        await using var rig = new Rig(server.Address);

        Assert.IsType<Ambiguous>(await rig.PlaceAsync());
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("""{"Call":{"Si""", "Ambiguous")]
    [InlineData("""{"Call":{"Sid":"abc"}}""", "Accepted")]
    public async Task PlaceCall_WhenAnswerBreaksOff_BelievesOnlyAWholeDocument(string arrived, string expected)
    {
        await using var server = new WireServer(async x =>
        {
            await x.RawAsync($"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{arrived}");
            x.Close();
        });
        await using var rig = new Rig(server.Address);

        Assert.Equal(expected, (await rig.PlaceAsync()).GetType().Name);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task PlaceCall_WhenRefusalBreaksOff_TheStatusLineIsEnough()
    {
        await using var server = new WireServer(async x =>
        {
            await x.RawAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n{\"RestEx");
            x.Close();
        });
        await using var rig = new Rig(server.Address);

        Assert.IsType<Rejected>(await rig.PlaceAsync());
    }

    [Fact]
    public async Task PlaceCall_WhenAnswerIsGiant_StopsReadingAndIsAmbiguous()
    {
        var written = 0L;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new WireServer(async x =>
        {
            try
            {
                await x.RawAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n{\"Call\":{\"Sid\":\"abc\",\"Junk\":\"");
                var junk = new string('j', 65_536);
                while (written < 1_000_000_000)
                {
                    await x.RawAsync(junk);
                    written += junk.Length;
                }
            }
            finally
            {
                ended.SetResult();
            }
        });
        await using var rig = new Rig(server.Address);

        Assert.Contains("too large", Assert.IsType<Ambiguous>(await rig.PlaceAsync()).Reason, StringComparison.Ordinal);
        await ended.Task.WaitAsync(Patience);
        Assert.InRange(written, 0, 50_000_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"Call\":")]
    public async Task PlaceCall_WhenNoWholeAnswerInTime_IsAmbiguous(string begun)
    {
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new WireServer(async x =>
        {
            await x.RawAsync(begun);
            received.SetResult();
            await Task.Delay(Timeout.Infinite, x.Stopping);
        });
        await using var rig = new Rig(server.Address);

        var placing = rig.PlaceAsync();
        await received.Task.WaitAsync(Patience);
        rig.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(placing.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.IsType<Ambiguous>(await placing.WaitAsync(Patience));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(200, """{"Call":{"Sid":"abc"}}""", "Accepted { Sid = abc }")]
    [InlineData(200, """{"Call":""", "Ambiguous { Reason = HTTP 200, answer broken off }")]
    [InlineData(429, "", "RejectedForNow { RetryAfter = 00:00:03, Reason = HTTP 429 }")]
    [InlineData(404, "<", "Rejected { Reason = HTTP 404 }")]
    [InlineData(503, "", "Ambiguous { Reason = HTTP 503 }")]
    public async Task Answer_WhenItStopsArriving_SaysWhatIsKnown(int status, string arrived, string expected)
    {
        // The writer's flush ends when the reader has taken the bytes: then, and not before, the reading is cancelled.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
        using var deadline = new CancellationTokenSource();
        var reading = BoundedBody.ReadAsync(pipe.Reader.AsStream(), 1_000, deadline.Token);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(arrived));
        await deadline.CancelAsync();
        var body = await reading.WaitAsync(Patience);

        Assert.Equal(BodyEnd.Broken, body.End);
        Assert.Equal(expected, ExotelCallCodec.Read(new ExotelAnswer((HttpStatusCode)status, TimeSpan.FromSeconds(3), body)).ToString());
    }

    [Fact]
    public async Task PlaceCall_WhenCancelledAfterSending_IsAmbiguous()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new WireServer(async x =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, x.Stopping);
        });
        await using var rig = new Rig(server.Address);

        Assert.Equal(new Ambiguous("Cancelled after sending."), await rig.PlaceAsync(cancel.Token).WaitAsync(Patience));
    }

    [Fact]
    public async Task PlaceCall_WhenCancelledBeforeSending_Throws()
    {
        await using var server = new WireServer(x => x.ReplyAsync(200, Created));
        await using var rig = new Rig(server.Address);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.PlaceAsync(cancelled.Token));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task PlaceCall_WhenTimePassesWhileWaitingForAConnection_IsNotSent()
    {
        using var cancel = new CancellationTokenSource();
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new WireServer(async x =>
        {
            received.TrySetResult();
            await release.Task;
            await x.ReplyAsync(200, Created);
        });
        await using var rig = new Rig(server.Address, ("MaxConnections", "1"));

        var first = rig.PlaceAsync();
        await received.Task.WaitAsync(Patience);
        var late = rig.PlaceAsync(sendWithin: TimeSpan.FromSeconds(2));
        var impatient = rig.PlaceAsync(cancel.Token);
        var patient = rig.PlaceAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient.WaitAsync(Patience));
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        release.SetResult();

        Assert.IsType<Accepted>(await first.WaitAsync(Patience));
        Assert.Contains("Too late", Assert.IsType<NotSent>(await late.WaitAsync(Patience)).Reason, StringComparison.Ordinal);
        Assert.IsType<Accepted>(await patient.WaitAsync(Patience));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task PlaceCall_WhenNoConnectionBecomesFreeInTime_IsNotSent()
    {
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new WireServer(async x =>
        {
            received.TrySetResult();
            await Task.Delay(Timeout.Infinite, x.Stopping);
        });
        await using var rig = new Rig(server.Address, ("MaxConnections", "1"));

        var first = rig.PlaceAsync();
        await received.Task.WaitAsync(Patience);
        var second = rig.PlaceAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.IsType<Ambiguous>(await first.WaitAsync(Patience));
        Assert.IsType<NotSent>(await second.WaitAsync(Patience));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task PlaceCall_WhenSendBeforeHasCome_IsNotSent()
    {
        await using var server = new WireServer(x => x.ReplyAsync(200, Created));
        await using var rig = new Rig(server.Address);

        Assert.IsType<NotSent>(await rig.PlaceAsync(sendWithin: TimeSpan.Zero));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task PlaceCall_WhenConnectionIsRefused_IsNotSent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var rig = new Rig(new Uri($"http://127.0.0.1:{port}/"));

        Assert.IsType<NotSent>(await rig.PlaceAsync());
    }

    [Fact]
    public async Task PlaceCall_WhenHostIsUnknown_IsNotSent()
    {
        await using var rig = new Rig(new Uri("https://carrier.invalid/"));

        Assert.IsType<NotSent>(await rig.PlaceAsync());
    }

    [Fact]
    public async Task PlaceCall_WhenTlsFails_IsNotSent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var refusing = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            await socket.ReceiveAsync(new byte[1_024]);
            await socket.SendAsync("HTTP/1.1 400 plain\r\n\r\n"u8.ToArray());
        });
        await using var rig = new Rig(new Uri($"https://127.0.0.1:{port}/"));

        Assert.IsType<NotSent>(await rig.PlaceAsync());
        await refusing;
    }

    [Fact]
    public async Task Content_WhenCopiedTwice_RefusesTheSecondTime()
    {
        using var content = new SingleUseContent([1, 2, 3], () => true);
        using var sink = new MemoryStream();

        await content.CopyToAsync(sink);
        await Assert.ThrowsAsync<InvalidOperationException>(() => content.CopyToAsync(sink));

        Assert.True(content.Sent);
        Assert.Equal(3, sink.Length);
    }

    [Fact]
    public async Task Content_WhenClosedFirst_IsNeverSent()
    {
        using var content = new SingleUseContent([1, 2, 3], () => true);
        using var sink = new MemoryStream();
        content.Close();

        await Assert.ThrowsAsync<InvalidOperationException>(() => content.CopyToAsync(sink));

        Assert.False(content.Sent);
        Assert.Equal(0, sink.Length);
    }
}
