using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace LiveModelSimulator;

/// <summary>The WebSocket endpoints of both platforms: handshake, and reading the socket.</summary>
internal sealed class LiveEndpoint(SessionServices services, CancellationToken stopping)
{
    private const int MaxMessageBytes = 8 * 1024 * 1024;
    private const int BufferBytes = 64 * 1024;

    /// <summary>How long a client may take to answer a close frame; a matter of the transport, so real time.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public async Task HandleAsync(HttpContext context, Platform platform, string apiVersion)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await GoogleError.WriteAsync(context, 400, "BidiGenerateContent is spoken over a WebSocket.");
            return;
        }

        var refusal = Credentials.Check(context.Request, platform, services.Options);
        var faults = FaultPlan.None;
        var entry = services.Ledger.Open((sequence, now) =>
        {
            faults = services.FaultsOf(sequence);
            var status = refusal?.Status ?? (faults.Has(Faults.Http503) ? 503 : 101);
            return new SessionEntry
            {
                Sequence = sequence,
                OpenedAt = now,
                Platform = platform,
                ApiVersion = apiVersion,
                HttpStatus = status,
                Faults = faults.Names,
                ClosedAt = status == 101 ? null : now,
            };
        });
        if (entry.HttpStatus != 101)
        {
            await GoogleError.WriteAsync(context, entry.HttpStatus, refusal?.Message ?? "The service is currently unavailable.");
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var outbox = new Outbox(socket, s_patience);
        using var session = new LiveSession(services, entry, faults, outbox, context.Abort);
        var writing = outbox.RunAsync(gone.Token);
        await ReadAsync(socket, session, gone.Token);

        // A client that left by a close frame gets one back, after what was on its way; one that vanished gets nothing.
        outbox.Close(1000, "");
        if (socket.State is WebSocketState.Aborted or WebSocketState.Closed)
        {
            await gone.CancelAsync();
        }
        else
        {
            gone.CancelAfter(s_patience);
        }

        await writing;
    }

    private static async Task ReadAsync(WebSocket socket, LiveSession session, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var length = 0;
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    session.ClientLeft(ClosedBy.Client, (int?)socket.CloseStatus, socket.CloseStatusDescription);
                    return;
                }

                length += result.Count;
                if (result.EndOfMessage)
                {
                    session.Receive(buffer.AsMemory(0, length));
                    length = 0;
                }
                else if (length == buffer.Length)
                {
                    buffer = Grow(buffer, session);

                    // What is too big has been refused; the rest of it is read over the old.
                    length = length < buffer.Length ? length : 0;
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            session.ClientLeft(ClosedBy.ClientLost, null, null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, LiveSession session)
    {
        if (buffer.Length * 2 > MaxMessageBytes)
        {
            session.Refuse(new ProtocolException(1009, "The message is too big."));
            return buffer;
        }

        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
