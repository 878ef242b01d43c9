using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Campaigns.GeminiLive.Wire;

namespace Campaigns.GeminiLive.Session;

/// <summary>What came of waiting for a message.</summary>
internal enum Received
{
    /// <summary>A message; it is in <see cref="GeminiConnection.Message"/>.</summary>
    Message,

    /// <summary>Something that is not one.</summary>
    Broken,

    /// <summary>The connection has ended; how is in <see cref="GeminiConnection.End"/>.</summary>
    Ended,
}

/// <summary>
/// One WebSocket to the platform. One loop receives, one sends; closing may be asked for by any thread and is done by the one that sends.
/// </summary>
internal sealed class GeminiConnection : IDisposable
{
    /// <summary>Most bytes of a message.</summary>
    internal const int MaxMessage = 16 * 1024 * 1024;

    // Most time for the platform to answer a close frame, or to take it.
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly WebSocket socket;
    private readonly TimeProvider clock;
    private readonly PooledBuffer received = new();
    private readonly ITimer abort;
    private volatile bool closeRequested;
    private long sendingSince;

    internal GeminiConnection(WebSocket socket, TimeProvider clock)
    {
        this.socket = socket;
        this.clock = clock;
        OpenedAt = clock.GetUtcNow();
        abort = clock.CreateTimer(
            static state => ((GeminiConnection)state!).Abort(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When its handshake was done: its lifetime counts from here.</summary>
    internal DateTimeOffset OpenedAt { get; }

    /// <summary>The message received last.</summary>
    internal ServerMessage Message { get; } = new();

    /// <summary>How it ended.</summary>
    internal ConnectionEnd End { get; private set; }

    /// <summary>It is to be closed: nothing more is sent but the close frame.</summary>
    internal bool CloseRequested => closeRequested;

    /// <summary>Waits for the next message, text or binary.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<Received> ReceiveAsync()
    {
        received.Clear();
        try
        {
            while (true)
            {
                // Not cancellable: cancelling a receive breaks a WebSocket just as aborting it does, and costs an allocation each time.
                var part = await socket.ReceiveAsync(received.GetMemory(4_096), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    End = new((int?)socket.CloseStatus ?? 1005, CloseWords.Clean(socket.CloseStatusDescription));
                    return Received.Ended;
                }

                received.Advance(part.Count);
                if (received.Length > MaxMessage)
                {
                    End = new(CloseWords.MessageTooBig, $"a message of more than {MaxMessage} bytes");
                    return Received.Ended;
                }

                if (part.EndOfMessage)
                {
                    return ServerMessageReader.TryRead(received.Written, Message) ? Received.Message : Received.Broken;
                }
            }
        }
        catch (Exception e) when (IsDrop(e))
        {
            End = new(CloseWords.NoCloseFrame, "the connection broke");
            return Received.Ended;
        }
    }

    /// <summary>Sends a message. One at a time.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask SendAsync(ReadOnlyMemory<byte> utf8)
    {
        Volatile.Write(ref sendingSince, clock.GetTimestamp() | 1);
        await socket.SendAsync(utf8, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);
        Volatile.Write(ref sendingSince, 0);
    }

    /// <summary>Whether a message has been waiting to leave for so long.</summary>
    internal bool IsStuck(TimeSpan limit)
    {
        var since = Volatile.Read(ref sendingSince);
        return since != 0 && clock.GetElapsedTime(since) > limit;
    }

    /// <summary>Asks the sending loop to close, which must then be woken. If the platform does not answer, the connection is cut.</summary>
    internal void RequestClose()
    {
        closeRequested = true;
        abort.Change(CloseTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sends the close frame, or answers the platform's.</summary>
    internal async Task SendCloseAsync()
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            var status = End.Code == CloseWords.MessageTooBig ? WebSocketCloseStatus.MessageTooBig : WebSocketCloseStatus.NormalClosure;
            await socket.CloseOutputAsync(status, statusDescription: null, CancellationToken.None);
        }
    }

    /// <summary>Cuts the connection: whoever waits on it goes on.</summary>
    internal void Abort() => socket.Abort();

    /// <summary>Whether an error is one of a connection that is gone.</summary>
    internal static bool IsDrop(Exception e)
        => e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException;

    /// <inheritdoc/>
    public void Dispose()
    {
        abort.Dispose();
        socket.Dispose();
        received.Dispose();
        Message.Dispose();
    }
}
