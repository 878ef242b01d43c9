using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Campaigns.Exotel.Tests;

/// <summary>One request as it came over the wire.</summary>
internal sealed record WireRequest(int Connection, string Line, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Target => Line.Split(' ')[1];
}

/// <summary>A request with the connection it came on, to be answered byte by byte.</summary>
internal sealed class WireExchange(WireRequest request, NetworkStream stream, Socket socket, CancellationToken stopping)
{
    public WireRequest Request => request;

    public CancellationToken Stopping => stopping;

    public bool Closed { get; private set; }

    public Task RawAsync(string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), stopping).AsTask();

    public Task ReplyAsync(int status, string body, params string[] headers)
        => RawAsync(
            $"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
            + string.Concat(headers.Select(h => h + "\r\n")) + "\r\n" + body);

    /// <summary>Ends the connection: orderly, or with a reset.</summary>
    public void Close(bool reset = false)
    {
        Closed = true;
        if (reset)
        {
            socket.LingerState = new LingerOption(true, 0);
        }

        socket.Close();
    }
}

/// <summary>A server on loopback that knows no HTTP beyond finding the end of a request; the test writes the answers.</summary>
internal sealed class WireServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<WireExchange, Task> handler;
    private readonly ConcurrentBag<Task> connections = [];
    private readonly Task accepting;
    private int count;

    public WireServer(Func<WireExchange, Task> handler)
    {
        this.handler = handler;
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    public ConcurrentQueue<WireRequest> Requests { get; } = new();

    public int Connections => Volatile.Read(ref count);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(connections);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                connections.Add(ServeAsync(socket, Interlocked.Increment(ref count)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        using var owned = socket;
        try
        {
            await using var stream = new NetworkStream(socket);
            while (await ReadAsync(stream, number) is { } request)
            {
                Requests.Enqueue(request);
                var exchange = new WireExchange(request, stream, socket, stopping.Token);
                await handler(exchange);
                if (exchange.Closed)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client went away or the test is over.
        }
    }

    private async Task<WireRequest?> ReadAsync(NetworkStream stream, int number)
    {
        var bytes = new List<byte>();
        var buffer = new byte[8_192];
        while (true)
        {
            var text = Encoding.ASCII.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var lines = text[..end].Split("\r\n");
                var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
                var length = headers.TryGetValue("Content-Length", out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : 0;
                if (text.Length - end - 4 >= length)
                {
                    return new WireRequest(number, lines[0], headers, text.Substring(end + 4, length));
                }
            }

            var read = await stream.ReadAsync(buffer, stopping.Token);
            if (read == 0)
            {
                return null;
            }

            bytes.AddRange(buffer.AsSpan(0, read));
        }
    }
}
