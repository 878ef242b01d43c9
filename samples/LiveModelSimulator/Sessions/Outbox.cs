using System.Net.WebSockets;
using System.Threading.Channels;

namespace LiveModelSimulator;

/// <summary>The one writer of a socket: messages in order, then perhaps a close frame.</summary>
internal sealed class Outbox(WebSocket socket, TimeSpan patience)
{
    private readonly Channel<byte[]> _messages = Channel.CreateUnbounded<byte[]>(new() { SingleReader = true });
    private volatile Farewell? _farewell;

    /// <summary>Send binary frames from now on.</summary>
    public bool Binary { get; set; }

    /// <summary>What was sent after <see cref="Close"/> is dropped.</summary>
    public void Send(byte[] message) => _messages.Writer.TryWrite(message);

    /// <summary>Sends what is queued, then the close frame. The first call counts.</summary>
    public void Close(int code, string reason)
    {
        if (Interlocked.CompareExchange(ref _farewell, new Farewell((WebSocketCloseStatus)code, Short(reason)), null) is null)
        {
            _messages.Writer.TryComplete();
        }
    }

    /// <summary>Ends when the close frame has been sent, or the connection is gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _messages.Reader.ReadAllAsync(cancellationToken))
            {
                await socket.SendAsync(
                    message, Binary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(patience);
            await socket.CloseOutputAsync(_farewell!.Code, _farewell.Reason, limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The connection is gone; the reader of the socket finds out and records it.
        }
    }

    /// <summary>A close frame holds 123 bytes of reason.</summary>
    private static string Short(string reason) => reason.Length <= 123 ? reason : reason[..123];

    private sealed record Farewell(WebSocketCloseStatus Code, string Reason);
}
