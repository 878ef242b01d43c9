using System.Net.WebSockets;
using Campaigns.Carrier;

namespace Campaigns.Exotel.Media;

/// <summary>One socket and how it ended: the first reason counts, whoever finds it.</summary>
/// <param name="socket">The socket, open.</param>
/// <param name="abortConnection">Breaks the connection beneath, so that a send that hangs comes back.</param>
internal sealed class MediaLink(WebSocket socket, Action abortConnection)
{
    private readonly Lock sync = new();
    private Action? abortConnection = abortConnection;
    private MediaEnd? end;

    internal WebSocket Socket => socket;

    /// <summary>Null while it lives.</summary>
    internal MediaEnd? End => Volatile.Read(ref end);

    /// <summary>True: this was the end.</summary>
    internal bool TryEnd(MediaEndKind kind, string detail) => Interlocked.CompareExchange(ref end, new MediaEnd(kind, detail), null) is null;

    /// <summary>Breaks the connection: what waits for it fails.</summary>
    internal void Abort()
    {
        lock (sync)
        {
            socket.Abort();
            abortConnection?.Invoke();
        }
    }

    /// <summary>Lets go of the connection: the server uses what belongs to it for others from now on.</summary>
    internal void Release()
    {
        lock (sync)
        {
            abortConnection = null;
        }

        socket.Dispose();
    }

    /// <summary>Whether an exception is the socket's, not a mistake of ours.</summary>
    internal static bool IsOfSocket(Exception e)
        => e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
