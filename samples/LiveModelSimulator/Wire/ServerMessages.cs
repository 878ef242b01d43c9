using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>The server's messages, as JSON in camelCase.</summary>
internal static class ServerMessages
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Audio at 24 kHz, with a transcription in the same message if one is given.</summary>
    /// <param name="pcm">16-bit little endian.</param>
    /// <param name="transcription">What it says.</param>
    /// <param name="odd">Add what nobody knows.</param>
    /// <param name="halves">Send it as two parts.</param>
    public static byte[] Audio(ReadOnlySpan<byte> pcm, string? transcription, bool odd, bool halves)
    {
        var buffer = new ArrayBufferWriter<byte>((pcm.Length * 4 / 3) + 200);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("serverContent");
            writer.WriteStartObject("modelTurn");
            writer.WriteStartArray("parts");
            var middle = halves ? pcm.Length / 4 * 2 : pcm.Length;
            WriteAudio(writer, pcm[..middle]);
            if (odd)
            {
                writer.WriteStartObject();
                writer.WriteString("futurePart", "?");
                writer.WriteEndObject();
            }

            if (middle < pcm.Length)
            {
                WriteAudio(writer, pcm[middle..]);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            if (transcription is not null)
            {
                writer.WriteStartObject("outputTranscription");
                writer.WriteString("text", transcription);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] SetupComplete(string sessionId) => Write(w => w.WriteString("sessionId", sessionId), "setupComplete");

    public static byte[] Thought(string text) => Content(w =>
    {
        w.WriteStartObject("modelTurn");
        w.WriteStartArray("parts");
        w.WriteStartObject();
        w.WriteString("text", text);
        w.WriteBoolean("thought", true);
        w.WriteEndObject();
        w.WriteEndArray();
        w.WriteEndObject();
    });

    public static byte[] InputTranscription(string text, bool finished) => Transcription("inputTranscription", text, finished);

    public static byte[] OutputTranscription(string text, bool finished) => Transcription("outputTranscription", text, finished);

    public static byte[] Interrupted() => Content(w => w.WriteBoolean("interrupted", true));

    public static byte[] GenerationComplete() => Content(w => w.WriteBoolean("generationComplete", true));

    /// <summary>The end of a turn, with its usage in the same message if given.</summary>
    public static byte[] TurnComplete(Usage? usage, bool odd) => Write(w =>
    {
        w.WriteStartObject("serverContent");
        w.WriteBoolean("turnComplete", true);
        if (odd)
        {
            w.WriteString("turnCompleteReason", "REASON_OF_THE_FUTURE");
            w.WriteStartObject("futureContent");
            w.WriteNumber("n", 1);
            w.WriteEndObject();
        }

        w.WriteEndObject();
        usage?.WriteTo(w);
    });

    public static byte[] UsageMetadata(Usage usage) => Write(usage.WriteTo);

    public static byte[] ToolCall(IEnumerable<ToolRecord> calls) => Write(
        w =>
        {
            w.WriteStartArray("functionCalls");
            foreach (var call in calls)
            {
                w.WriteStartObject();
                if (call.Id is not null)
                {
                    w.WriteString("id", call.Id);
                }

                w.WriteString("name", call.Name);
                w.WriteStartObject("args");
                foreach (var (name, value) in call.Args)
                {
                    w.WriteString(name, value);
                }

                w.WriteEndObject();
                w.WriteEndObject();
            }

            w.WriteEndArray();
        },
        "toolCall");

    public static byte[] ToolCallCancellation(IEnumerable<string> ids) => Write(
        w =>
        {
            w.WriteStartArray("ids");
            foreach (var id in ids)
            {
                w.WriteStringValue(id);
            }

            w.WriteEndArray();
        },
        "toolCallCancellation");

    /// <summary>A Duration is text: seconds with as many decimals as it takes, and an s.</summary>
    public static byte[] GoAway(TimeSpan timeLeft) => Write(
        w => w.WriteString("timeLeft", timeLeft.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s"), "goAway");

    /// <summary>Without a handle the session cannot be resumed from where it is.</summary>
    public static byte[] Resumption(string? handle) => Write(
        w =>
        {
            if (handle is not null)
            {
                w.WriteString("newHandle", handle);
                w.WriteBoolean("resumable", true);
            }
            else
            {
                w.WriteBoolean("resumable", false);
            }
        },
        "sessionResumptionUpdate");

    /// <summary>Messages that a client of today knows nothing about.</summary>
    public static IEnumerable<byte[]> Unknown() =>
    [
        Write(w => w.WriteNumber("level", 7), "futureMessage"),
        Write(w => w.WriteString("voiceActivityType", "ACTIVITY_OF_THE_FUTURE"), "voiceActivity"),
    ];

    private static byte[] Transcription(string name, string text, bool finished) => Content(w =>
    {
        w.WriteStartObject(name);
        w.WriteString("text", text);
        if (finished)
        {
            w.WriteBoolean("finished", true);
        }

        w.WriteEndObject();
    });

    private static byte[] Content(Action<Utf8JsonWriter> write) => Write(write, "serverContent");

    private static byte[] Write(Action<Utf8JsonWriter> write, string name) => Write(w =>
    {
        w.WriteStartObject(name);
        write(w);
        w.WriteEndObject();
    });

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAudio(Utf8JsonWriter writer, ReadOnlySpan<byte> pcm)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("inlineData");
        writer.WriteString("mimeType", "audio/pcm;rate=24000");
        writer.WriteBase64String("data", pcm);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
