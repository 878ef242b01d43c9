using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using SpokenTones;

namespace CarrierSimulator.Tests;

/// <summary>The agent's end of one media stream: sends whatever a test wants, keeps every message, and hears the person.</summary>
internal sealed class AgentSession(WebSocket socket, string path) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly List<JsonElement> _messages = [];
    private readonly List<(Predicate<JsonElement> Wanted, TaskCompletionSource<JsonElement> Found)> _waiters = [];
    private readonly Channel<HeardUtterance> _heard = Channel.CreateUnbounded<HeardUtterance>();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ToneEar? _ear;

    /// <summary>Path and query the carrier asked for.</summary>
    public string Path => path;

    public string StreamSid { get; private set; } = "";

    /// <summary>The name of the stream's id as the carrier writes it.</summary>
    public string SidName { get; private set; } = "";

    public int Rate { get; private set; }

    public JsonElement Start { get; private set; }

    public Task Started => _started.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>The carrier's close code once it closed; null if the connection broke.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Runs while somebody begins to speak.</summary>
    public Action? SpeechStarted { get; set; }

    public IReadOnlyList<JsonElement> Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    public Task<JsonElement> WhenAsync(Predicate<JsonElement> wanted, string what)
    {
        lock (_lock)
        {
            var source = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_messages.Exists(wanted))
            {
                source.SetResult(_messages.Find(wanted));
            }
            else
            {
                _waiters.Add((wanted, source));
            }

            return Patiently(source.Task, what);
        }
    }

    public Task<JsonElement> WhenEventAsync(string name) => WhenAsync(m => EventOf(m) == name, $"the event {name}");

    public Task<JsonElement> WhenMarkAsync(string name) =>
        WhenAsync(m => EventOf(m) == "mark" && m.GetProperty("mark").GetProperty("name").GetString() == name, $"the mark {name}");

    /// <summary>The person's next utterance; null when the stream has ended.</summary>
    public async Task<HeardUtterance?> HearAsync() =>
        await _heard.Reader.WaitToReadAsync() && _heard.Reader.TryRead(out var heard) ? heard : null;

    public static string EventOf(JsonElement message) => message.GetProperty("event").GetString()!;

    /// <summary>Sends a text's audio at once, in chunks of 100 ms, the last one padded to a multiple of 320 bytes.</summary>
    public Task SayAsync(string text) => SendAudioAsync(ToneVoice.Speak(text, Rate, ToneSpeaker.Agent));

    public async Task SendAudioAsync(short[] pcm)
    {
        foreach (var chunk in pcm.Chunk(Rate / 10))
        {
            await SendMediaAsync(BytesOf([.. chunk, .. new short[(160 - (chunk.Length % 160)) % 160]]));
        }
    }

    public Task SendMediaAsync(byte[] payload) =>
        SendAsync($$$"""{"event":"media","{{{SidName}}}":"{{{StreamSid}}}","media":{"payload":"{{{Convert.ToBase64String(payload)}}}"}}""");

    public Task SendMarkAsync(string name) =>
        SendAsync($$$"""{"event":"mark","{{{SidName}}}":"{{{StreamSid}}}","mark":{"name":"{{{name}}}"}}""");

    public Task SendClearAsync() => SendAsync($$"""{"event":"clear","{{SidName}}":"{{StreamSid}}"}""");

    /// <summary>Sends a text message; $SID stands for the stream's id.</summary>
    public Task SendAsync(string json) =>
        SendAsync(Encoding.UTF8.GetBytes(json.Replace("$SID", StreamSid, StringComparison.Ordinal)), WebSocketMessageType.Text);

    public async Task SendAsync(byte[] bytes, WebSocketMessageType type)
    {
        try
        {
            await _sending.WaitAsync();
            try
            {
                await socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None);
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The carrier has closed, and this session may be gone with it: what a test expects shows in the ledger.
        }
    }

    public Task CloseAsync(int code = 1000) => socket.CloseOutputAsync((WebSocketCloseStatus)code, null, CancellationToken.None);

    public void Abort() => socket.Abort();

    /// <summary>Takes messages until the stream ends.</summary>
    public async Task ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    result = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += result.Count;
                }
                while (!result.EndOfMessage);

                if (result.MessageType == WebSocketMessageType.Close)
                {
                    CloseCode = (int?)socket.CloseStatus;
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    return;
                }

                using var message = JsonDocument.Parse(buffer.AsMemory(0, length));
                Take(message.RootElement.Clone());
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // Broken: there is no close code.
        }
        finally
        {
            _heard.Writer.TryComplete();
        }
    }

    public void Dispose() => _sending.Dispose();

    public static byte[] BytesOf(short[] pcm)
    {
        var bytes = new byte[2 * pcm.Length];
        for (var n = 0; n < pcm.Length; n++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * n), pcm[n]);
        }

        return bytes;
    }

    public static short[] SamplesOf(byte[] bytes) =>
        [.. Enumerable.Range(0, bytes.Length / 2).Select(n => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * n)))];

    private static async Task<T> Patiently<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"The carrier did not send {what} within 30 s.", e);
        }
    }

    private void Take(JsonElement message)
    {
        switch (EventOf(message))
        {
            case "start":
                SidName = message.TryGetProperty("stream_sid", out _) ? "stream_sid" : "streamSid";
                StreamSid = message.GetProperty(SidName).GetString()!;
                Start = message.GetProperty("start");
                var format = Start.GetProperty(SidName == "stream_sid" ? "media_format" : "mediaFormat");
                Rate = int.Parse(format.GetProperty(SidName == "stream_sid" ? "sample_rate" : "sampleRate").ToString());
                _ear = new ToneEar(Rate, ToneSpeaker.Person);
                _ear.SpeechStarted += (_, _) => SpeechStarted?.Invoke();
                break;
            case "media":
                _ear!.Hear(SamplesOf(message.GetProperty("media").GetProperty("payload").GetBytesFromBase64()));
                foreach (var heard in _ear.Take())
                {
                    _heard.Writer.TryWrite(heard);
                }

                break;
        }

        lock (_lock)
        {
            _messages.Add(message);
            foreach (var (_, found) in _waiters.Where(w => w.Wanted(message)))
            {
                found.TrySetResult(message);
            }
        }

        if (EventOf(message) == "start")
        {
            _started.TrySetResult();
        }
    }
}
