using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using SpokenTones;

namespace Campaigns.Conversations.Tests.Bed;

/// <summary>One media socket as the carrier opens it, with a person behind it who speaks and hears in real time, and sends whatever a test wants.</summary>
public sealed class StreamClient : IAsyncDisposable
{
    private const int Rate = 8000;
    private const int ChunkMs = 100;
    private const string Stream = "stream-of-a-test";

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Lock _gate = new();
    private readonly Queue<short> _toSay = [];
    private readonly Queue<(short[] Samples, string? Mark)> _toPlay = [];
    private readonly Channel<HeardUtterance> _heard = System.Threading.Channels.Channel.CreateUnbounded<HeardUtterance>();
    private readonly ToneEar _ear = new(Rate, ToneSpeaker.Agent);
    private Task _reading = Task.CompletedTask;
    private Task _speaking = Task.CompletedTask;

    private StreamClient()
    {
    }

    /// <summary>The close code of the other side; null while it is open, 1006 where there was none.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Ends when the other side has closed the socket.</summary>
    public Task Closed => _reading;

    /// <summary>Opens a socket; fails with the status of a handshake that is refused.</summary>
    public static async Task<StreamClient> ConnectAsync(Uri address)
    {
        var client = new StreamClient();
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await client._socket.ConnectAsync(address, deadline.Token);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }

        client._reading = Task.Run(client.ReadAsync);
        return client;
    }

    /// <summary>The status that a handshake is refused with; fails if it is not.</summary>
    public static async Task<int> RefusalAsync(Uri address)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address, deadline.Token));
        return (int)socket.HttpStatusCode;
    }

    /// <summary>Begins the stream and speaks from then on: silence, unless something is to be said.</summary>
    public async Task StartAsync(string from)
    {
        var call = Guid.NewGuid().ToString("N");
        await SendAsync("""{"event":"connected"}""");
        await SendAsync(
            $$$$"""{"event":"start","sequence_number":"1","stream_sid":"{{{{Stream}}}}","start":{"stream_sid":"{{{{Stream}}}}","call_sid":"{{{{call}}}}","account_sid":"campaigns1","from":"{{{{from}}}}","to":"08047191234","custom_parameters":{},"media_format":{"encoding":"audio/x-raw","sample_rate":"8000","bit_rate":"16"}}}""");
        _speaking = Task.Run(SpeakAsync);
    }

    /// <summary>Says something after what is being said.</summary>
    public void Say(string text)
    {
        lock (_gate)
        {
            foreach (var sample in ToneVoice.Speak(text, Rate))
            {
                _toSay.Enqueue(sample);
            }
        }
    }

    /// <summary>The next utterance of the agent.</summary>
    public async Task<HeardUtterance> HearAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        return await _heard.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>A message of audio.</summary>
    public static string Media(byte[] pcm) => Media(Convert.ToBase64String(pcm));

    /// <summary>The same with any text for its payload.</summary>
    public static string Media(string payload)
        => $$$"""{"event":"media","sequence_number":"3","stream_sid":"{{{Stream}}}","media":{"chunk":"1","timestamp":"0","payload":"{{{payload}}}"}}""";

    /// <summary>Sends a text as one message; what the other side has closed takes nothing, without an error.</summary>
    public async Task SendAsync(string text)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, _stopping.Token);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Closed from the other side, which is what some tests wait for.
        }
        finally
        {
            _sending.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_reading, _speaking);
        _socket.Dispose();
        _sending.Dispose();
        _stopping.Dispose();
    }

    private async Task SpeakAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(ChunkMs));
        var chunk = new short[Rate * ChunkMs / 1000];
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token) && CloseCode is null)
            {
                lock (_gate)
                {
                    for (var i = 0; i < chunk.Length; i++)
                    {
                        chunk[i] = _toSay.TryDequeue(out var sample) ? sample : (short)0;
                    }
                }

                await SendAsync(Media(MemoryMarshal.AsBytes(chunk.AsSpan()).ToArray()));
                await PlayAsync(chunk.Length);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[256 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.AsMemory(length), _stopping.Token);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    CloseCode = (int?)_socket.CloseStatus ?? 1006;
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _stopping.Token);
                    break;
                }

                Take(buffer.AsMemory(0, length));
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            CloseCode ??= 1006;
        }

        lock (_gate)
        {
            while (_toPlay.TryDequeue(out var rest))
            {
                _ear.Hear(rest.Samples);
            }

            _ear.Hear(new short[Rate / 5]);
            Tell();
        }

        _heard.Writer.TryComplete();
    }

    // Heard at real time, and marks come back when what was before them has been heard.
    private async Task PlayAsync(int samples)
    {
        var marks = new List<string>();
        lock (_gate)
        {
            while (samples > 0 && _toPlay.TryDequeue(out var next))
            {
                _ear.Hear(next.Samples);
                samples -= next.Samples.Length;
                if (next.Mark is { } mark)
                {
                    marks.Add(mark);
                }
            }

            if (samples > 0)
            {
                _ear.Hear(new short[samples]);
            }

            Tell();
        }

        foreach (var mark in marks)
        {
            await SendAsync($$$"""{"event":"mark","stream_sid":"{{{Stream}}}","mark":{"name":"{{{mark}}}"} }""");
        }
    }

    private void Take(ReadOnlyMemory<byte> message)
    {
        using var json = JsonDocument.Parse(message);
        lock (_gate)
        {
            switch (json.RootElement.GetProperty("event").GetString())
            {
                case "media":
                    var pcm = json.RootElement.GetProperty("media").GetProperty("payload").GetBytesFromBase64();
                    _toPlay.Enqueue((MemoryMarshal.Cast<byte, short>(pcm).ToArray(), null));
                    break;
                case "mark":
                    _toPlay.Enqueue(([], json.RootElement.GetProperty("mark").GetProperty("name").GetString()));
                    break;
                case "clear":
                    _toPlay.Clear();
                    break;
            }
        }
    }

    private void Tell()
    {
        foreach (var utterance in _ear.Take())
        {
            _heard.Writer.TryWrite(utterance);
        }
    }
}
