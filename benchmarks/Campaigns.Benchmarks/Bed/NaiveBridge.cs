using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Campaigns.Benchmarks.Bed;

/// <summary>
/// One call through what one would write first: JSON by the serializer, linear interpolation, what comes goes on at once. It records nothing,
/// keeps no account of what was heard, and stores nothing.
/// </summary>
internal sealed class NaiveBridge(WebSocket carrier, ClientWebSocket model, string streamSid)
{
    private const int Chunk = 1600;

    private readonly SemaphoreSlim _sending = new(1);

    /// <summary>Holds the call until one side ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(UpAsync(cancellationToken), DownAsync(cancellationToken));
        }
        finally
        {
            carrier.Abort();
            model.Abort();
        }
    }

    public static async Task<JsonNode?> ReceiveAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, cancellationToken);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return part.MessageType == WebSocketMessageType.Close ? null : JsonNode.Parse(message.ToArray());
    }

    public static async Task SendAsync(WebSocket socket, object message, CancellationToken cancellationToken)
        => await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private async Task UpAsync(CancellationToken cancellationToken)
    {
        short last = 0;
        while (await ReceiveAsync(carrier, cancellationToken) is { } message)
        {
            if ((string?)message["event"] != "media")
            {
                continue;
            }

            var narrow = Samples(Convert.FromBase64String((string)message["media"]!["payload"]!));
            var wide = new short[narrow.Length * 2];
            for (var i = 0; i < narrow.Length; i++)
            {
                wide[2 * i] = (short)((last + narrow[i]) / 2);
                wide[(2 * i) + 1] = last = narrow[i];
            }

            var audio = new { data = Convert.ToBase64String(Bytes(wide)), mimeType = "audio/pcm;rate=16000" };
            await SendAsync(model, new { realtimeInput = new { audio } }, cancellationToken);
        }
    }

    private async Task DownAsync(CancellationToken cancellationToken)
    {
        while (await ReceiveAsync(model, cancellationToken) is { } message)
        {
            if (message["serverContent"] is not { } content)
            {
                continue;
            }

            if ((bool?)content["interrupted"] == true)
            {
                await ToCarrierAsync(new { @event = "clear", stream_sid = streamSid }, cancellationToken);
            }

            foreach (var part in content["modelTurn"]?["parts"]?.AsArray() ?? [])
            {
                if ((string?)part?["inlineData"]?["data"] is { } data)
                {
                    await PlayAsync(Bytes(Narrow(Samples(Convert.FromBase64String(data)))), cancellationToken);
                }
            }
        }
    }

    private async Task PlayAsync(byte[] pcm, CancellationToken cancellationToken)
    {
        for (var at = 0; at < pcm.Length; at += Chunk)
        {
            var payload = Convert.ToBase64String(pcm, at, Math.Min(Chunk, pcm.Length - at));
            await ToCarrierAsync(new { @event = "media", stream_sid = streamSid, media = new { payload } }, cancellationToken);
        }
    }

    private async Task ToCarrierAsync(object message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await SendAsync(carrier, message, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private static short[] Narrow(short[] wide)
    {
        var narrow = new short[wide.Length / 3];
        for (var i = 0; i < narrow.Length; i++)
        {
            narrow[i] = wide[3 * i];
        }

        return narrow;
    }

    private static short[] Samples(byte[] bytes)
    {
        var samples = new short[bytes.Length / 2];
        Buffer.BlockCopy(bytes, 0, samples, 0, samples.Length * 2);
        return samples;
    }

    private static byte[] Bytes(short[] samples)
    {
        var bytes = new byte[samples.Length * 2];
        Buffer.BlockCopy(samples, 0, bytes, 0, bytes.Length);
        return bytes;
    }
}
