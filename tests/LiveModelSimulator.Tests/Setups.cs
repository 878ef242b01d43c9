using System.Text.Json.Nodes;

namespace LiveModelSimulator.Tests;

/// <summary>Setup messages.</summary>
internal static class Setups
{
    public const string Live31 = "models/gemini-3.1-flash-live-preview";
    public const string Native25 = "models/gemini-2.5-flash-native-audio-preview-12-2025";
    public const string Vertex = "projects/p/locations/us-central1/publishers/google/models/gemini-live-2.5-flash-native-audio";

    public const string Prompt =
        """
        You are Mira.
        name: Asha
        ## What you know
        - her plan is gold.
        - she prefers mornings
        ## Rules
        - be brief
        """;

    public static readonly string[] Tools =
        ["update_campaign_contact", "schedule_callback", "mark_do_not_call", "report_answering_machine", "transfer_to_human", "end_call"];

    /// <summary>What a careful client sends, with a JSON object merged over it; a null there takes a field away.</summary>
    public static string For(string model, string? changes = null, string? prompt = null)
    {
        var functions = new JsonArray([.. Tools.Select(t => new JsonObject
        {
            ["name"] = t,
            ["description"] = "A tool.",
            ["parameters"] = new JsonObject
            {
                ["type"] = "OBJECT",
                ["properties"] = new JsonObject { ["reason"] = new JsonObject { ["type"] = "STRING" } },
            },
        })]);
        var setup = new JsonObject
        {
            ["model"] = model,
            ["generationConfig"] = new JsonObject
            {
                ["responseModalities"] = new JsonArray("AUDIO"),
                ["speechConfig"] = new JsonObject
                {
                    ["voiceConfig"] = new JsonObject { ["prebuiltVoiceConfig"] = new JsonObject { ["voiceName"] = "Kore" } },
                    ["languageCode"] = "hi-IN",
                },
                ["thinkingConfig"] = model == Live31 ? new JsonObject { ["thinkingLevel"] = "MINIMAL" } : new JsonObject { ["thinkingBudget"] = 0 },
            },
            ["systemInstruction"] = new JsonObject { ["parts"] = new JsonArray(new JsonObject { ["text"] = prompt ?? Prompt }) },
            ["tools"] = new JsonArray(new JsonObject { ["functionDeclarations"] = functions }),
            ["realtimeInputConfig"] = new JsonObject
            {
                ["automaticActivityDetection"] = new JsonObject
                {
                    ["startOfSpeechSensitivity"] = "START_SENSITIVITY_LOW",
                    ["endOfSpeechSensitivity"] = "END_SENSITIVITY_HIGH",
                    ["prefixPaddingMs"] = 20,
                    ["silenceDurationMs"] = 200,
                },
            },
            ["inputAudioTranscription"] = new JsonObject { ["languageCodes"] = new JsonArray("hi-IN", "en-IN") },
            ["outputAudioTranscription"] = new JsonObject(),
            ["sessionResumption"] = new JsonObject(),
            ["contextWindowCompression"] = new JsonObject
            {
                ["triggerTokens"] = 25_000,
                ["slidingWindow"] = new JsonObject { ["targetTokens"] = "8000" },
            },
        };
        if (changes is not null)
        {
            Merge(setup, JsonNode.Parse(changes)!.AsObject());
        }

        return new JsonObject { ["setup"] = setup }.ToJsonString();
    }

    public static void Merge(JsonObject target, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
