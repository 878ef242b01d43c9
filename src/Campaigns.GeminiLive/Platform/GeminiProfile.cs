namespace Campaigns.GeminiLive.Platform;

/// <summary>
/// What one kind of model on one platform takes. An unknown field closes the connection with 1007, so a field is sent only where this says so.
/// </summary>
internal sealed record GeminiProfile
{
    /// <summary>The platform.</summary>
    internal required GeminiPlatform Platform { get; init; }

    /// <summary>The kind of model.</summary>
    internal required GeminiFamily Family { get; init; }

    /// <summary>Takes <c>thinkingConfig.thinkingLevel</c>.</summary>
    internal bool TakesThinkingLevel { get; init; }

    /// <summary>Takes <c>thinkingConfig.thinkingBudget</c>.</summary>
    internal bool TakesThinkingBudget { get; init; }

    /// <summary>
    /// Takes <c>speechConfig.languageCode</c>; native audio chooses its language by context and is steered by the prompt.
    /// </summary>
    internal bool TakesLanguage { get; init; }

    /// <summary>Takes <c>inputAudioTranscription.languageCodes</c>.</summary>
    internal bool TakesTranscriptionLanguages { get; init; }

    /// <summary>A text in mid-call is <c>clientContent</c>; else it is <c>realtimeInput.text</c>.</summary>
    internal bool PromptsByClientContent { get; init; }

    /// <summary>Closes with 1008 when it is sent audio while it waits for a tool's answer.</summary>
    internal bool HoldsAudioDuringTools { get; init; }

    /// <summary>The profile of the options' platform and model.</summary>
    internal static GeminiProfile For(GeminiOptions options) => For(options.Platform, options.Family ?? FamilyOf(options.Model));

    /// <summary>The profile of a platform and a kind of model.</summary>
    internal static GeminiProfile For(GeminiPlatform platform, GeminiFamily family) => family switch
    {
        GeminiFamily.NativeAudio25 => new()
        {
            Platform = platform,
            Family = family,
            TakesThinkingBudget = true,
            TakesTranscriptionLanguages = platform == GeminiPlatform.Vertex,
            PromptsByClientContent = true,
            HoldsAudioDuringTools = true,
        },
        GeminiFamily.HalfCascade => new() { Platform = platform, Family = family, TakesLanguage = true, PromptsByClientContent = true },
        GeminiFamily.Live31 => new() { Platform = platform, Family = family, TakesThinkingLevel = true },
        _ => new() { Platform = platform, Family = GeminiFamily.Unknown },
    };

    /// <summary>The kind of model that an id names.</summary>
    internal static GeminiFamily FamilyOf(string model)
    {
        if (model.Contains("native-audio", StringComparison.Ordinal))
        {
            return model.Contains("2.5", StringComparison.Ordinal) ? GeminiFamily.NativeAudio25 : GeminiFamily.Unknown;
        }

        return model.StartsWith("gemini-3.1-", StringComparison.Ordinal) && model.Contains("-live", StringComparison.Ordinal)
                && !model.Contains("translate", StringComparison.Ordinal) ? GeminiFamily.Live31
            : model.StartsWith("gemini-live-2.5-flash", StringComparison.Ordinal)
                || model.StartsWith("gemini-2.0-flash-live", StringComparison.Ordinal) ? GeminiFamily.HalfCascade
            : GeminiFamily.Unknown;
    }
}
