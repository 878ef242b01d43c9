using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace LiveModelSimulator;

/// <summary>generateContent on both platforms: checks the request, and answers from the transcript in it.</summary>
internal sealed class ExtractionApi(SessionServices services)
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task HandleAsync(HttpContext context, Platform platform, string apiVersion, string model)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = await reader.ReadToEndAsync(context.RequestAborted);
        var (status, body, answer) = Answer(context.Request, platform, apiVersion, model, request);
        services.Ledger.Add((sequence, now) => new ExtractionEntry
        {
            Sequence = sequence,
            At = now,
            Platform = platform,
            Model = model,
            Request = request,
            HttpStatus = status,
            Answer = answer,
        });
        if (body is null)
        {
            await GoogleError.WriteAsync(context, status, answer, status == 400 ? "generate_content_request" : null);
        }
        else
        {
            await context.Response.WriteAsJsonAsync(body, s_plain, context.RequestAborted);
        }
    }

    private (int Status, JsonObject? Body, string Answer) Answer(
        HttpRequest http, Platform platform, string apiVersion, string model, string request)
    {
        if (Credentials.Check(http, platform, services.Options) is { } refusal)
        {
            return (refusal.Status, null, refusal.Message);
        }

        if (!services.Options.TextModels.Contains(model, StringComparer.Ordinal))
        {
            return (404, null, $"models/{model} is not found for API version {apiVersion}, or is not supported for generateContent.");
        }

        try
        {
            using var document = JsonDocument.Parse(request);
            var root = document.RootElement;
            GenerateContentTypes.Request.Check(root, "", new WireScope(platform, apiVersion, null));
            GenerateContentRules.Check(root);
            if (services.TakeExtractionFailure() is { } status)
            {
                return (status, null, status == 429 ? "Resource has been exhausted (e.g. check quota)." : "The model is overloaded. Please try again later.");
            }

            return services.Options.Extraction.Blocked ? (200, Blocked(model), "blocked") : Answer(root, model);
        }
        catch (ProtocolException e)
        {
            return (400, null, e.Message);
        }
        catch (JsonException e)
        {
            return (400, null, $"Invalid JSON payload received. {e.Message}");
        }
    }

    private (int Status, JsonObject Body, string Answer) Answer(JsonElement root, string model)
    {
        var options = services.Options.Extraction;
        var text = string.Join('\n', root.Field("contents").Items().Select(c => ((JsonElement?)c).ContentText()));
        var generation = root.Field("generationConfig");
        var transcript = Transcript.Read(text, options);
        var schema = generation.Field("responseSchema") ?? generation.Field("responseJsonSchema");
        var answer = schema is { } shape ? new SchemaFiller(transcript, options).Fill(shape)?.ToJsonString(s_plain) ?? "null"
            : transcript.Summary(transcript.Outcome([], options));
        answer = options.InvalidJson ? $"Here is the JSON you asked for: {answer}" : answer;
        var truncated = options.Truncated || answer.Length > 4 * (generation.Field("maxOutputTokens").Whole() ?? int.MaxValue);
        answer = truncated ? answer[..(answer.Length / 2)] : answer;
        var parts = new JsonArray(new JsonObject { ["text"] = answer });
        if (options.Thoughts)
        {
            parts.Insert(0, new JsonObject { ["text"] = "**Reading the transcript** {not the answer}", ["thought"] = true });
        }

        return (200, new JsonObject
        {
            ["candidates"] = new JsonArray(new JsonObject
            {
                ["content"] = new JsonObject { ["parts"] = parts, ["role"] = "model" },
                ["finishReason"] = truncated ? "MAX_TOKENS" : "STOP",
                ["index"] = 0,
            }),
            ["usageMetadata"] = new JsonObject
            {
                ["promptTokenCount"] = text.Length / 4,
                ["candidatesTokenCount"] = answer.Length / 4,
                ["totalTokenCount"] = (text.Length / 4) + (answer.Length / 4),
            },
            ["modelVersion"] = model,
            ["responseId"] = $"response-{services.Ledger.Extractions.Count + 1}",
        }, answer);
    }

    private static JsonObject Blocked(string model) => new()
    {
        ["promptFeedback"] = new JsonObject { ["blockReason"] = "PROHIBITED_CONTENT" },
        ["usageMetadata"] = new JsonObject { ["promptTokenCount"] = 0, ["totalTokenCount"] = 0 },
        ["modelVersion"] = model,
    };
}
