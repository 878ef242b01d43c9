using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace CarrierSimulator;

/// <summary>A connected media WebSocket: sends in order without ever making the sender wait, receives whole text messages.</summary>
internal sealed class MediaSocket
{
    /// <summary>Half a minute of the smallest chunks.</summary>
    private const int MaxUnsent = 1500;

    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(2);

    // The simulator connects to the address it was given, whatever proxies the machine has.
    private static readonly HttpMessageInvoker s_invoker = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });

    private readonly ClientWebSocket _socket;
    private readonly Channel<OutgoingMessage> _unsent =
        Channel.CreateBounded<OutgoingMessage>(new BoundedChannelOptions(MaxUnsent) { SingleReader = true });
    private readonly Task _sending;
    private Task _receiving = Task.CompletedTask;
    private int _closeCode;

    private MediaSocket(ClientWebSocket socket)
    {
        _socket = socket;
        _sending = SendAsync();
    }

    /// <summary>A message from the peer is taken with this; it may throw <see cref="MediaProtocolException"/>.</summary>
    public delegate void Taker(ReadOnlySpan<byte> message);

    public static async Task<MediaSocket> ConnectAsync(string url, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            await socket.ConnectAsync(new Uri(url), s_invoker, either.Token);
            return new MediaSocket(socket);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new WebSocketException($"no handshake within {timeout.TotalSeconds:0.###} s", e);
            }

            throw;
        }
    }

    /// <summary>False if the peer has not read for so long that nothing more is kept for it.</summary>
    public bool Send(OutgoingMessage message)
    {
        if (_unsent.Writer.TryWrite(message))
        {
            return true;
        }

        message.Return();
        return false;
    }

    /// <summary>Gives each message to the taker until the socket ends.</summary>
    /// <returns>The peer's close code, 1006 if the connection broke.</returns>
    /// <exception cref="MediaProtocolException">The peer sent what the carrier does not take.</exception>
    public Task<int> ReceiveAsync(Taker take)
    {
        var receiving = ReceiveUntilClosedAsync(take);
        _receiving = receiving;
        return receiving;
    }

    /// <summary>Sends what is unsent and a close frame, waits a little for the peer's, and lets go.</summary>
    public async Task CloseAsync(int code)
    {
        _closeCode = code;
        _unsent.Writer.TryComplete();
        try
        {
            await Task.WhenAll(_sending, _receiving.ContinueWith(static _ => { }, TaskScheduler.Default)).WaitAsync(s_goodbye);
        }
        catch (TimeoutException)
        {
            // A peer that does not close is left.
        }
        finally
        {
            Abort();
        }
    }

    public void Abort()
    {
        _unsent.Writer.TryComplete();
        _socket.Abort();
        _socket.Dispose();
    }

    /// <summary>What a socket throws that breaks, or is let go while somebody uses it.</summary>
    private static bool IsBreak(Exception e) =>
        e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;

    private async Task SendAsync()
    {
        try
        {
            await foreach (var message in _unsent.Reader.ReadAllAsync())
            {
                try
                {
                    await _socket.SendAsync(message.Bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                }
                finally
                {
                    message.Return();
                }
            }

            await _socket.CloseOutputAsync((WebSocketCloseStatus)_closeCode, null, CancellationToken.None);
        }
        catch (Exception e) when (IsBreak(e))
        {
            // The receiving side tells why the socket ended.
            while (_unsent.Reader.TryRead(out var message))
            {
                message.Return();
            }
        }
    }

    private async Task<int> ReceiveUntilClosedAsync(Taker take)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(8 * 1024);
        var length = 0;
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    return (int?)_socket.CloseStatus ?? 1005;
                }

                if (result.MessageType == WebSocketMessageType.Binary)
                {
                    throw new MediaProtocolException(1003, "a message is binary");
                }

                length += result.Count;
                if (length > MediaReader.MaxMessage)
                {
                    throw new MediaProtocolException(1009, $"a message has more than {MediaReader.MaxMessage} bytes");
                }

                if (result.EndOfMessage)
                {
                    take(buffer.AsSpan(0, length));
                    length = 0;
                }
                else if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(2 * length);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
        }
        catch (Exception e) when (IsBreak(e))
        {
            return 1006;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
