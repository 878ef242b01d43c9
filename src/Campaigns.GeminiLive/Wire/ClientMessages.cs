using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Campaigns.GeminiLive.Platform;

namespace Campaigns.GeminiLive.Wire;

/// <summary>The answer to a tool call as it goes over the wire.</summary>
/// <param name="Id">The id that the platform gave the call; null if it gave none: an id of our own would be refused.</param>
/// <param name="Name">The tool.</param>
/// <param name="ResponseJson">A JSON object.</param>
internal readonly record struct WireAnswer(string? Id, string Name, string ResponseJson);

/// <summary>The rare messages of a conversation: texts and answers to tools.</summary>
internal static class ClientMessages
{
    // The receiver is a JSON parser: escaping beyond JSON's own rules would make Hindi six times as long.
    internal static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A text that the model answers.</summary>
    internal static ReadOnlyMemory<byte> Prompt(GeminiProfile profile, string text) => Write(json =>
    {
        if (!profile.PromptsByClientContent)
        {
            json.WriteStartObject("realtimeInput");
            json.WriteString("text", text);
            json.WriteEndObject();
            return;
        }

        json.WriteStartObject("clientContent");
        json.WriteStartArray("turns");
        json.WriteStartObject();
        json.WriteString("role", "user");
        json.WriteStartArray("parts");
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("turnComplete", true);
        json.WriteEndObject();
    });

    /// <summary>
    /// Answers to tool calls. A response that is not a JSON object is wrapped as the documented <c>{"output":…}</c>, since the connection would
    /// not survive it.
    /// </summary>
    internal static ReadOnlyMemory<byte> Answers(ImmutableArray<WireAnswer> answers) => Write(json =>
    {
        json.WriteStartObject("toolResponse");
        json.WriteStartArray("functionResponses");
        foreach (var answer in answers)
        {
            json.WriteStartObject();
            if (answer.Id is { } id)
            {
                json.WriteString("id", id);
            }

            json.WriteString("name", answer.Name);
            json.WritePropertyName("response");
            WriteResponse(json, answer.ResponseJson);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteResponse(Utf8JsonWriter json, string response)
    {
        if (JsonText.IsObject(response))
        {
            json.WriteRawValue(response, skipInputValidation: true);
            return;
        }

        json.WriteStartObject();
        json.WriteString("output", response);
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        body(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
