using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using System.Text;
using Campaigns.Carrier;
using Campaigns.Exotel.Media;
using Campaigns.Testing;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>Sending on a socket that takes its time, on the test's clock.</summary>
public sealed class MediaSenderTests : IDisposable
{
    private readonly Meter meter = new("test");
    private readonly FakeClock clock = new();
    private readonly SlowSocket socket = new();
    private readonly MediaLink link;
    private readonly MediaSender sender;
    private int aborted;

    public MediaSenderTests()
    {
        link = new MediaLink(socket, () => aborted++);
        sender = new MediaSender(link, new ExotelMediaOptions(), clock, new MediaInstruments(meter))
        {
            Writer = new MediaWriter("s", NamingStyle.Snake, 8_000, numbered: false),
        };
    }

    public void Dispose()
    {
        sender.Dispose();
        socket.Dispose();
        meter.Dispose();
    }

    [Fact]
    public async Task Send_WhenNothingIsTaken_FailsAtFiveSecondsAndNotBefore()
    {
        var audio = sender.SendAudioAsync(new byte[320], CancellationToken.None).AsTask();
        var behind = sender.SendClearAsync(CancellationToken.None).AsTask();
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(audio.IsCompleted);
        Assert.Null(link.End);
        clock.Advance(TimeSpan.FromSeconds(0.1));

        await Assert.ThrowsAsync<MediaClosedException>(() => audio.WaitAsync(MediaRig.Patience));
        await Assert.ThrowsAsync<MediaClosedException>(() => behind.WaitAsync(MediaRig.Patience));
        Assert.Equal(new MediaEnd(MediaEndKind.Lost, "The carrier took nothing for 5 s."), link.End);
        Assert.True(aborted > 0);
        Assert.Single(socket.Begun);
    }

    [Fact]
    public async Task Send_WhenOneGoesOutInTime_TheNextHasItsOwnTime()
    {
        var first = sender.SendMarkAsync("1", CancellationToken.None).AsTask();
        clock.Advance(TimeSpan.FromSeconds(4.9));
        socket.Take();
        await first.WaitAsync(MediaRig.Patience);
        var second = sender.SendMarkAsync("2", CancellationToken.None).AsTask();
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(second.IsCompleted);
        socket.Take();
        await second.WaitAsync(MediaRig.Patience);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(link.End);
    }

    [Fact]
    public async Task Send_WhenSeveralWait_TheyGoOutInTheirOrderWithoutTheCancelledOne()
    {
        using var cancel = new CancellationTokenSource();
        var first = sender.SendMarkAsync("1", CancellationToken.None).AsTask();
        var second = sender.SendMarkAsync("2", cancel.Token).AsTask();
        var third = sender.SendMarkAsync("3", CancellationToken.None).AsTask();
        var fourth = sender.SendMarkAsync("4", cancel.Token).AsTask();
        var close = sender.SendCloseAsync(WebSocketCloseStatus.NormalClosure, text: null);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(MediaRig.Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fourth.WaitAsync(MediaRig.Patience));
        Assert.False(third.IsCompleted);
        socket.Take();
        await first.WaitAsync(MediaRig.Patience);
        await socket.BegunAsync(2);
        Assert.False(close.IsCompleted);
        socket.Take();
        await third.WaitAsync(MediaRig.Patience);
        await close.WaitAsync(MediaRig.Patience);

        Assert.Equal(["1", "3", "closed"], socket.Begun.Select(m => m.Contains("mark", StringComparison.Ordinal) ? m.Split('"')[^2] : m));
    }

    [Fact]
    public async Task Send_WhenCancelledWhileUnderWay_GoesOutWhole()
    {
        using var cancel = new CancellationTokenSource();
        var sending = sender.SendMarkAsync("1", cancel.Token).AsTask();
        await cancel.CancelAsync();
        Assert.False(sending.IsCompleted);
        socket.Take();

        await sending.WaitAsync(MediaRig.Patience);
        Assert.Null(link.End);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await sender.SendMarkAsync("2", cancel.Token));
        Assert.Single(socket.Begun);
    }

    [Fact]
    public async Task Send_WhenOver_FailsAtOnce()
    {
        link.TryEnd(MediaEndKind.Stopped, "callended");

        var failure = await Assert.ThrowsAsync<MediaClosedException>(async () => await sender.SendClearAsync(CancellationToken.None));
        Assert.Equal("callended", failure.Message);
        Assert.Empty(socket.Begun);
    }

    [Fact]
    public void Send_WhenWaitingRepeats_AllocatesNothing()
    {
        var gate = new SendGate();

        // All on one thread: the waiter is granted before it is awaited.
        Assert.Equal(0, Allocation.OfRound(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                gate.EnterAsync(CancellationToken.None).GetAwaiter().GetResult();
                var waiting = gate.EnterAsync(CancellationToken.None);
                gate.Exit();
#pragma warning disable CA1849 // It is granted already: nothing blocks.
                waiting.GetAwaiter().GetResult();
#pragma warning restore CA1849
                gate.Exit();
            }
        }));
    }

    private sealed class SlowSocket : WebSocket
    {
        private readonly Lock sync = new();
        private readonly List<string> begun = [];
        private readonly List<(int Count, TaskCompletionSource Reached)> waits = [];
        private TaskCompletionSource taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private WebSocketState state = WebSocketState.Open;

        public string[] Begun
        {
            get
            {
                lock (sync)
                {
                    return [.. begun];
                }
            }
        }

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => state;

        public override string? SubProtocol => null;

        public Task BegunAsync(int count)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (sync)
            {
                waits.Add((count, reached));
                Look();
            }

            return reached.Task.WaitAsync(MediaRig.Patience);
        }

        public void Take()
        {
            lock (sync)
            {
                taken.SetResult();
                taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public override void Abort()
        {
            lock (sync)
            {
                state = WebSocketState.Aborted;
                taken.TrySetException(new OperationCanceledException("Aborted"));
            }
        }

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
            => BeginAsync(Encoding.UTF8.GetString(buffer));

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
        {
            _ = BeginAsync("closed");
            return Task.CompletedTask;
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public override void Dispose()
        {
        }

        private Task BeginAsync(string message)
        {
            lock (sync)
            {
                begun.Add(message);
                Look();
                return taken.Task;
            }
        }

        private void Look()
        {
            foreach (var (count, reached) in waits.Where(w => begun.Count >= w.Count))
            {
                reached.TrySetResult();
            }
        }
    }
}
