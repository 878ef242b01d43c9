using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Campaigns.GeminiLive.Tests.Bed;

/// <summary>A server on loopback that does nothing by itself: the test plays the platform, connection by connection.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly System.Threading.Channels.Channel<Peer> peers = System.Threading.Channels.Channel.CreateUnbounded<Peer>();
    private readonly ConcurrentQueue<Peer> all = new();

    private ScriptedServer(WebApplication app) => this.app = app;

    /// <summary>HTTP statuses that the next handshakes are answered with.</summary>
    public ConcurrentQueue<int> Refusals { get; } = new();

    /// <summary>Whether handshakes are left without an answer.</summary>
    public bool Silent { get; set; }

    /// <summary>Handshakes seen, refused ones included.</summary>
    public SemaphoreSlim Handshakes { get; } = new(0);

    public Uri Address => new(app.Urls.Single());

    public static async Task<ScriptedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = builder.Build();
        var server = new ScriptedServer(host);
        host.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        host.Run(server.TakeAsync);
        await host.StartAsync();
        return server;
    }

    /// <summary>The next connection, once its handshake is done.</summary>
    public async Task<Peer> NextAsync()
        => await Patience.For(peers.Reader.ReadAsync().AsTask(), "a connection to the server");

    /// <summary>The next connection, its setup read and confirmed.</summary>
    public async Task<Peer> NextConfirmedAsync()
    {
        var peer = await NextAsync();
        peer.Setup = await peer.ReadAsync();
        await peer.SendAsync("""{"setupComplete":{}}""");
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in all)
        {
            peer.Abort();
        }

        await app.DisposeAsync();
        Handshakes.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        Handshakes.Release();
        if (Silent)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        if (Refusals.TryDequeue(out var status))
        {
            context.Response.StatusCode = status;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var othersOpen = all.Count(p => !p.IsOver);
        var peer = new Peer(socket, context, othersOpen);
        all.Enqueue(peer);
        peers.Writer.TryWrite(peer);
        await peer.PumpAsync();
    }
}

/// <summary>The platform's end of one connection.</summary>
internal sealed class Peer(WebSocket socket, HttpContext context, int othersOpen)
{
    private readonly System.Threading.Channels.Channel<string> received = System.Threading.Channels.Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<WebSocketCloseStatus?> over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? key = context.Request.Headers["x-goog-api-key"];
    private readonly string? authorization = context.Request.Headers.Authorization;
    private readonly string target = context.Request.Path + context.Request.QueryString;

    public string? ApiKey => key;

    public string? Authorization => authorization;

    public string Target => target;

    /// <summary>How many other connections were open when this one came.</summary>
    public int OthersOpen => othersOpen;

    /// <summary>Whether a close frame is answered.</summary>
    public bool AnswersClose { get; set; } = true;

    public bool IsOver => over.Task.IsCompleted;

    /// <summary>The setup, if it was read.</summary>
    public JsonElement Setup { get; set; }

    public string? Instruction => Setup.GetProperty("setup").GetProperty("systemInstruction").GetProperty("parts")[0].GetProperty("text").GetString();

    public string? Handle
        => Setup.GetProperty("setup").GetProperty("sessionResumption").TryGetProperty("handle", out var handle) ? handle.GetString() : null;

    /// <summary>The client's next message.</summary>
    public async Task<JsonElement> ReadAsync()
        => JsonDocument.Parse(await Patience.For(received.Reader.ReadAsync().AsTask(), "a message of the client")).RootElement;

    /// <summary>The client's next message that is not audio.</summary>
    public async Task<JsonElement> ReadControlAsync()
    {
        while (true)
        {
            var message = await ReadAsync();
            if (AudioOf(message) is null)
            {
                return message;
            }
        }
    }

    /// <summary>Audio of the next message, which must be audio.</summary>
    public async Task<byte[]> ReadAudioAsync()
    {
        var message = await ReadAsync();
        return AudioOf(message) ?? throw new InvalidOperationException($"Not audio: {message}");
    }

    /// <summary>Whether a message of the client is waiting to be read.</summary>
    public bool HasMessage => received.Reader.Count > 0;

    public Task SendAsync(string json) => SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, int fragment = int.MaxValue)
    {
        for (var i = 0; i == 0 || i < bytes.Length;)
        {
            var size = Math.Min(fragment, bytes.Length - i);
            await socket.SendAsync(bytes.Slice(i, size), type, i + size == bytes.Length, CancellationToken.None);
            i += Math.Max(1, size);
        }
    }

    /// <summary>Ends the connection with a close frame.</summary>
    public Task CloseAsync(int code, string? reason = null)
        => socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, CancellationToken.None);

    /// <summary>Cuts the connection.</summary>
    public void Abort()
    {
        // Once it is over the context belongs to nobody.
        if (over.TrySetResult(null))
        {
            try
            {
                context.Abort();
            }
            catch (ObjectDisposedException)
            {
                // Over already.
            }

            socket.Abort();
        }
        else if (!AnswersClose)
        {
            given.TrySetResult();
        }
    }

    /// <summary>The client's close frame; null if the connection was cut.</summary>
    public Task<WebSocketCloseStatus?> WhenOverAsync() => Patience.For(over.Task, "the client to close");

    public async Task PumpAsync()
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, length * 2);
                }

                var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    over.TrySetResult(socket.CloseStatus);
                    if (AnswersClose && socket.State == WebSocketState.CloseReceived)
                    {
                        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    }
                    else if (!AnswersClose)
                    {
                        await given.Task;
                    }

                    return;
                }

                length += part.Count;
                if (part.EndOfMessage)
                {
                    received.Writer.TryWrite(Encoding.UTF8.GetString(buffer, 0, length));
                    length = 0;
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            over.TrySetResult(null);
        }
    }

    public static byte[]? AudioOf(JsonElement message)
        => message.TryGetProperty("realtimeInput", out var input) && input.TryGetProperty("audio", out var audio)
            ? audio.GetProperty("data").GetBytesFromBase64()
            : null;
}
