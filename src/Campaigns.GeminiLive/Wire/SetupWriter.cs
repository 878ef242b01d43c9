using System.Buffers;
using System.Text.Json;
using Campaigns.GeminiLive.Platform;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Wire;

/// <summary>
/// Writes the <c>setup</c> message: only fields that the profile is known to take, everything whose default differs told explicitly.
/// </summary>
internal static class SetupWriter
{
    /// <summary>The message.</summary>
    /// <param name="options">The checked options.</param>
    /// <param name="profile">What the model takes.</param>
    /// <param name="setup">The conversation.</param>
    /// <param name="systemInstruction">The prompt, with a summary appended if the history was lost.</param>
    /// <param name="handle">The handle to go on from; null for a new session.</param>
    internal static ReadOnlyMemory<byte> Write(
        GeminiOptions options, GeminiProfile profile, LiveSetup setup, string systemInstruction, string? handle)
    {
        var buffer = new ArrayBufferWriter<byte>(4_096 + (systemInstruction.Length * 2));
        using var json = new Utf8JsonWriter(buffer, ClientMessages.Plain);
        json.WriteStartObject();
        json.WriteStartObject("setup");
        json.WriteString("model", GeminiAddresses.LiveModel(options));
        WriteGeneration(json, options, profile, setup);
        WriteInstruction(json, systemInstruction);
        WriteTools(json, setup);
        WriteActivityDetection(json, options);
        WriteTranscription(json, options, profile);
        json.WriteStartObject("sessionResumption");
        if (handle is not null)
        {
            json.WriteString("handle", handle);
        }

        json.WriteEndObject();
        WriteCompression(json, options);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteGeneration(Utf8JsonWriter json, GeminiOptions options, GeminiProfile profile, LiveSetup setup)
    {
        json.WriteStartObject("generationConfig");
        json.WriteStartArray("responseModalities");
        json.WriteStringValue("AUDIO");
        json.WriteEndArray();
        if (setup.Voice is not null || profile.TakesLanguage)
        {
            json.WriteStartObject("speechConfig");
            if (setup.Voice is { } voice)
            {
                json.WriteStartObject("voiceConfig");
                json.WriteStartObject("prebuiltVoiceConfig");
                json.WriteString("voiceName", voice);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            if (profile.TakesLanguage)
            {
                json.WriteString("languageCode", setup.Language);
            }

            json.WriteEndObject();
        }

        if (profile.TakesThinkingLevel && options.Thinking is { } level)
        {
            json.WriteStartObject("thinkingConfig");
            json.WriteString("thinkingLevel", level.ToText());
            json.WriteEndObject();
        }
        else if (profile.TakesThinkingBudget && options.ThinkingBudget is { } tokens)
        {
            json.WriteStartObject("thinkingConfig");
            json.WriteNumber("thinkingBudget", tokens);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteInstruction(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject("systemInstruction");
        json.WriteStartArray("parts");
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, LiveSetup setup)
    {
        if (setup.Tools.IsDefaultOrEmpty)
        {
            return;
        }

        json.WriteStartArray("tools");
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations");
        foreach (var tool in setup.Tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            if (tool.ParametersJson is { } parameters)
            {
                json.WritePropertyName("parameters");
                json.WriteRawValue(parameters, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteActivityDetection(Utf8JsonWriter json, GeminiOptions options)
    {
        json.WriteStartObject("realtimeInputConfig");
        json.WriteStartObject("automaticActivityDetection");
        json.WriteString("startOfSpeechSensitivity", "START_SENSITIVITY_" + options.StartSensitivity.ToText());
        json.WriteString("endOfSpeechSensitivity", "END_SENSITIVITY_" + options.EndSensitivity.ToText());
        json.WriteNumber("prefixPaddingMs", (int)options.PrefixPadding.TotalMilliseconds);
        json.WriteNumber("silenceDurationMs", (int)options.SilenceDuration.TotalMilliseconds);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTranscription(Utf8JsonWriter json, GeminiOptions options, GeminiProfile profile)
    {
        json.WriteStartObject("inputAudioTranscription");
        if (profile.TakesTranscriptionLanguages && options.TranscriptionLanguages.Length > 0)
        {
            json.WriteStartArray("languageCodes");
            foreach (var language in options.TranscriptionLanguages)
            {
                json.WriteStringValue(language);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteStartObject("outputAudioTranscription");
        json.WriteEndObject();
    }

    private static void WriteCompression(Utf8JsonWriter json, GeminiOptions options)
    {
        // Always on: without it a session ends after 15 minutes.
        json.WriteStartObject("contextWindowCompression");
        if (options.CompressionTrigger is { } trigger)
        {
            json.WriteNumber("triggerTokens", trigger);
        }

        json.WriteStartObject("slidingWindow");
        if (options.CompressionTarget is { } target)
        {
            json.WriteNumber("targetTokens", target);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
