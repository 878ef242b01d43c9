using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using SpokenTones;

namespace Campaigns.Conversations.Tests.Bed;

/// <summary>The carrier's end of one media stream, written by hand: it may do what the simulated carrier never would.</summary>
internal sealed class ExotelCaller : IAsyncDisposable
{
    private const int Rate = 8000;
    private const int FrameSamples = Rate / 10;

    private readonly ClientWebSocket _socket = new();
    private readonly ToneEar _ear = new(Rate, ToneSpeaker.Agent);
    private readonly List<HeardUtterance> _heard = [];
    private readonly Queue<short> _voice = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;
    private Task _talking = Task.CompletedTask;
    private long _audioBytes;

    /// <summary>What the socket was closed with, once it was.</summary>
    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    /// <summary>Ends when the other side has closed the socket or the connection is gone.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Audio received, in bytes.</summary>
    public long AudioBytes => Interlocked.Read(ref _audioBytes);

    public static async Task<ExotelCaller> ConnectAsync(Uri address)
    {
        var caller = new ExotelCaller();
        await caller._socket.ConnectAsync(address, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        caller._reading = caller.ReadAsync();
        return caller;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public async Task SendAsync(byte[] message, WebSocketMessageType type)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(message, type, endOfMessage: true, _stop.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    public Task StartAsync(string callSid, string from) => SendAsync(
        $$$$"""{"event":"start","sequence_number":"1","stream_sid":"s-{{{{callSid}}}}","start":{"stream_sid":"s-{{{{callSid}}}}","call_sid":"{{{{callSid}}}}","account_sid":"a","from":"{{{{from}}}}","to":"08047191234","media_format":{"encoding":"audio/x-raw","sample_rate":"8000","bit_rate":"16"}}}""");

    /// <summary>From now on a frame goes out every tenth of a second: what is to be said, or silence.</summary>
    public void BeginTalking() => _talking = TalkAsync();

    public void Say(string text)
    {
        lock (_voice)
        {
            foreach (var sample in ToneVoice.Speak(text, Rate))
            {
                _voice.Enqueue(sample);
            }
        }
    }

    /// <summary>Returns when the agent has been heard to say something with this in it, to its end.</summary>
    public async Task<string> WhenHeardAsync(string part, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            lock (_heard)
            {
                if (_heard.Find(h => h.Complete && h.Text.Contains(part, StringComparison.OrdinalIgnoreCase)) is { } found)
                {
                    return found.Text;
                }
            }

            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException error)
            {
                throw new TimeoutException($"'{part}' was not heard within {patience}; heard was: {string.Join(" | ", _heard)}", error);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Abort();
        await Task.WhenAll(_reading, _talking);
        _socket.Dispose();
        _stop.Dispose();
        _sending.Dispose();
    }

    private async Task TalkAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var frame = new byte[FrameSamples * 2];
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                lock (_voice)
                {
                    for (var i = 0; i < FrameSamples; i++)
                    {
                        BitConverter.TryWriteBytes(frame.AsSpan(2 * i), _voice.TryDequeue(out var sample) ? sample : (short)0);
                    }
                }

                await SendAsync($$$"""{"event":"media","stream_sid":"s","media":{"payload":"{{{Convert.ToBase64String(frame)}}}"}}""");
            }
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The call is over.
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[256 * 1024];
        var length = 0;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    return;
                }

                length += part.Count;
                if (part.EndOfMessage)
                {
                    Take(Encoding.UTF8.GetString(buffer, 0, length));
                    length = 0;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException)
        {
            // Gone.
        }
        finally
        {
            _closed.TrySetResult();
        }
    }

    private void Take(string message)
    {
        var json = JsonNode.Parse(message)!;
        if ((string?)json["event"] != "media")
        {
            return;
        }

        var bytes = Convert.FromBase64String((string)json["media"]!["payload"]!);
        Interlocked.Add(ref _audioBytes, bytes.Length);
        var samples = new short[bytes.Length / 2];
        Buffer.BlockCopy(bytes, 0, samples, 0, bytes.Length);
        _ear.Hear(samples);
        lock (_heard)
        {
            _heard.AddRange(_ear.Take());
        }
    }
}
