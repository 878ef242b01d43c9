using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpokenTones;

namespace LiveModelSimulator.Tests;

/// <summary>A plain client: it keeps every message it gets and hears what the agent says.</summary>
internal sealed class LiveClient(int number) : IDisposable
{
    private const int Rate = 16_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonElement> _messages = [];
    private readonly ToneEar _ear = new(24_000, ToneSpeaker.Agent);
    private readonly List<HeardUtterance> _heard = [];
    private readonly List<(Func<JsonElement, bool> Wanted, TaskCompletionSource<JsonElement> Found)> _waiters = [];
    private Task _reading = Task.CompletedTask;

    /// <summary>Its place among the connections.</summary>
    public int Number => number;

    public int BinaryMessages { get; private set; }

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

    /// <summary>What it has heard the agent say, complete or not.</summary>
    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (_lock)
            {
                _heard.AddRange(_ear.Take());
                return [.. _heard.Select(h => h.Text)];
            }
        }
    }

    /// <summary>Milliseconds of agent audio received.</summary>
    public double AudioMs
    {
        get
        {
            lock (_lock)
            {
                return _ear.Samples / 24.0;
            }
        }
    }

    /// <summary>Texts of a kind of transcription, put together.</summary>
    public string Transcription(string kind) => string.Concat(
        Messages.Select(m => Content(m, kind)).Where(c => c is not null).Select(c => c!.Value.GetProperty("text").GetString()));

    public async Task ConnectAsync(Uri address, string header, string value)
    {
        _socket.Options.SetRequestHeader(header, value);
        using var limit = new CancellationTokenSource(s_patience);
        await _socket.ConnectAsync(address, limit.Token);
        _reading = ReadAsync();
    }

    public Task SendAsync(string json) => SendAsync(Encoding.UTF8.GetBytes(json));

    public async Task SendAsync(byte[] message)
    {
        using var limit = new CancellationTokenSource(s_patience);
        await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
    }

    public Task TypeAsync(string text) => SendAsync(new JsonObject { ["realtimeInput"] = new JsonObject { ["text"] = text } }.ToJsonString());

    /// <summary>Audio in pieces of 100 ms, as fast as it goes.</summary>
    public async Task SendAudioAsync(ReadOnlyMemory<short> pcm, int rate = Rate)
    {
        var size = rate / 10;
        for (var at = 0; at < pcm.Length; at += size)
        {
            var piece = pcm.Slice(at, Math.Min(size, pcm.Length - at));
            await SendAsync(AudioMessage(Convert.ToBase64String(MemoryMarshal.AsBytes(piece.Span)), $"audio/pcm;rate={rate}"));
        }
    }

    /// <summary>A sentence, and the silence that ends it.</summary>
    public async Task SpeakAsync(string text, int rate = Rate, int silenceMs = 300)
    {
        await SendAudioAsync(ToneVoice.Speak(text, rate), rate);
        await SendAudioAsync(new short[rate * silenceMs / 1000], rate);
    }

    public Task RespondAsync(ToolRecord call, string response, string? more = null) => RespondAsync(call.Id, call.Name, response, more);

    public Task RespondAsync(string? id, string name, string response, string? more = null)
    {
        var fields = new JsonObject { ["id"] = id, ["name"] = name, ["response"] = JsonNode.Parse(response) };
        if (id is null)
        {
            fields.Remove("id");
        }

        foreach (var (field, value) in more is null ? [] : JsonNode.Parse(more)!.AsObject())
        {
            fields[field] = value?.DeepClone();
        }

        return SendAsync(new JsonObject
        {
            ["toolResponse"] = new JsonObject { ["functionResponses"] = new JsonArray(fields) },
        }.ToJsonString(s_plain));
    }

    public static string AudioMessage(string data, string mimeType) => new JsonObject
    {
        ["realtimeInput"] = new JsonObject { ["audio"] = new JsonObject { ["data"] = data, ["mimeType"] = mimeType } },
    }.ToJsonString();

    /// <summary>A field of a message's serverContent; null if it has none.</summary>
    public static JsonElement? Content(JsonElement message, string field) =>
        message.TryGetProperty("serverContent", out var content) && content.TryGetProperty(field, out var value) ? value : null;

    /// <summary>The first message, past or to come, that is wanted.</summary>
    public async Task<JsonElement> WhenAsync(Func<JsonElement, bool> wanted, string what)
    {
        Task<JsonElement> found;
        lock (_lock)
        {
            if (_messages.Where(wanted).Take(1).ToList() is [var message])
            {
                return message;
            }

            var source = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((wanted, source));
            found = source.Task;
        }

        try
        {
            return await found.WaitAsync(s_patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Waited for {what}; got {string.Join('\n', Messages.Select(Short))}", e);
        }
    }

    /// <summary>How many messages have that field in their serverContent.</summary>
    public int Count(string field) => Messages.Count(m => Content(m, field) is not null);

    /// <summary>Completes when that many turns have been completed.</summary>
    public Task TurnsAsync(int count) => WhenAsync(_ => Count("turnComplete") >= count, $"{count} turnComplete");

    public Task<JsonElement> WhenContentAsync(string field) => WhenAsync(m => Content(m, field) is not null, field);

    /// <summary>The server's close frame.</summary>
    public async Task<(int Code, string Reason)> ClosedAsync()
    {
        await _reading.WaitAsync(s_patience);
        return ((int)_socket.CloseStatus.GetValueOrDefault(WebSocketCloseStatus.Empty), _socket.CloseStatusDescription ?? "");
    }

    /// <summary>Ends by a close frame, and returns when the server has answered it.</summary>
    public async Task CloseAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", limit.Token);
        await _reading.WaitAsync(s_patience);
    }

    /// <summary>Vanishes.</summary>
    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();

    public static string Short(JsonElement message) => message.GetRawText() is var text && text.Length > 200 ? $"{text[..100]}…{text[^100..]}" : text;

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 20];
        var length = 0;
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } result)
            {
                length += result.Count;
                if (result.EndOfMessage)
                {
                    Take(buffer.AsMemory(0, length), result.MessageType);
                    length = 0;
                }
            }

            if (_socket.State == WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(_socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Lost without a close frame.
        }
    }

    private void Take(ReadOnlyMemory<byte> utf8, WebSocketMessageType type)
    {
        using var document = JsonDocument.Parse(utf8);
        var message = document.RootElement.Clone();
        lock (_lock)
        {
            BinaryMessages += type == WebSocketMessageType.Binary ? 1 : 0;
            _messages.Add(message);
            Hear(message);
            _waiters.RemoveAll(w => w.Wanted(message) && w.Found.TrySetResult(message));
        }
    }

    private void Hear(JsonElement message)
    {
        if (Content(message, "modelTurn") is not { } turn)
        {
            return;
        }

        foreach (var part in turn.GetProperty("parts").EnumerateArray())
        {
            if (part.TryGetProperty("inlineData", out var audio))
            {
                Assert.Equal("audio/pcm;rate=24000", audio.GetProperty("mimeType").GetString());
                _ear.Hear(MemoryMarshal.Cast<byte, short>(audio.GetProperty("data").GetBytesFromBase64()));
            }
        }
    }
}
