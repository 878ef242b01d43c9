using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>The carrier's end of a media socket.</summary>
internal sealed class FakeCarrier : IDisposable
{
    private readonly byte[] buffer = new byte[256 * 1_024];

    private FakeCarrier(ClientWebSocket socket)
    {
        Socket = socket;
    }

    public ClientWebSocket Socket { get; }

    public static async Task<FakeCarrier> ConnectAsync(Uri address)
    {
        var (carrier, status) = await TryConnectAsync(address);
        return carrier ?? throw new InvalidOperationException($"The upgrade was answered {(int)status}.");
    }

    public static async Task<(FakeCarrier? Carrier, HttpStatusCode Status)> TryConnectAsync(Uri address)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        using var patience = new CancellationTokenSource(MediaRig.Patience);
        try
        {
            await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws" }.Uri, patience.Token);
            return (new FakeCarrier(socket), socket.HttpStatusCode);
        }
        catch (WebSocketException) when (socket.HttpStatusCode != default)
        {
            socket.Dispose();
            return (null, socket.HttpStatusCode);
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, bool end = true)
    {
        using var patience = new CancellationTokenSource(MediaRig.Patience);
        await Socket.SendAsync(bytes, type, end, patience.Token);
    }

    /// <summary>The next message; null when the socket was closed.</summary>
    public async Task<string?> ReceiveAsync()
    {
        var length = 0;
        using var patience = new CancellationTokenSource(MediaRig.Patience);
        while (true)
        {
            var part = await Socket.ReceiveAsync(buffer.AsMemory(length), patience.Token);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer.AsSpan(0, length));
            }
        }
    }

    /// <summary>Reads to our side's close and answers it.</summary>
    public async Task<(WebSocketCloseStatus? Status, string? Text)> ReceiveCloseAsync()
    {
        while (Socket.State == WebSocketState.Open && await ReceiveAsync() is not null)
        {
        }

        if (Socket.State == WebSocketState.CloseReceived)
        {
            using var patience = new CancellationTokenSource(MediaRig.Patience);
            await Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, patience.Token);
        }

        return (Socket.CloseStatus, Socket.CloseStatusDescription);
    }

    public void Dispose()
    {
        Socket.Abort();
        Socket.Dispose();
    }
}
