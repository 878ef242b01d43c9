using System.Text.Json;
using System.Text.RegularExpressions;

namespace LiveModelSimulator;

/// <summary>What a session runs by, read from an acceptable setup.</summary>
internal sealed record SessionSetup
{
    public required ModelProfile Model { get; init; }

    public required string Prompt { get; init; }

    /// <summary>The person's name in the prompt, if any.</summary>
    public string? Name { get; init; }

    /// <summary>The first fact in the prompt's memory section, if any.</summary>
    public string? Fact { get; init; }

    public required FaultPlan Faults { get; init; }

    public required IReadOnlyList<string> Tools { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    public bool ManualActivity { get; init; }

    public bool NoInterruption { get; init; }

    public required TimeSpan Silence { get; init; }

    public required TimeSpan Padding { get; init; }

    public bool TranscribesInput { get; init; }

    public bool TranscribesOutput { get; init; }

    public bool Resumable { get; init; }

    public string? Handle { get; init; }

    public bool InitialHistory { get; init; }

    /// <exception cref="ProtocolException">The platform refuses it.</exception>
    /// <exception cref="FormatException">The prompt's marker names a fault that does not exist.</exception>
    public static SessionSetup Read(JsonElement setup, ModelProfile model, LiveModelSimulatorOptions options, FaultPlan faults)
    {
        SetupRules.Check(setup, model);
        var prompt = setup.Field("systemInstruction").ContentText() ?? "";
        var functions = setup.Field("tools").Items().SelectMany(t => t.Field("functionDeclarations").Items()).ToList();
        var realtime = setup.Field("realtimeInputConfig");
        var detection = realtime.Field("automaticActivityDetection");
        var marker = Group(options.FaultPattern, prompt);
        return new SessionSetup
        {
            Model = model,
            Prompt = prompt,
            Name = Group(options.NamePattern, prompt),
            Fact = Group(options.FactPattern, Section(prompt, options.MemorySection))?.TrimEnd('.'),
            Faults = marker is null ? faults : faults.With(FaultPlan.Parse(marker)),
            Tools = [.. functions.Select(f => f.Field("name").Text()!)],
            Notes = functions.Any(f => f.Field("parametersJsonSchema") is not null) ? ["parametersJsonSchema is ignored by live models"] : [],
            ManualActivity = detection.Field("disabled").IsTrue(),
            NoInterruption = realtime.Field("activityHandling").Text() == "NO_INTERRUPTION",
            Silence = Ms(detection.Field("silenceDurationMs")) ?? options.EndOfSpeechSilence,
            Padding = Ms(detection.Field("prefixPaddingMs")) ?? options.StartOfSpeechPadding,
            TranscribesInput = setup.Field("inputAudioTranscription") is not null,
            TranscribesOutput = setup.Field("outputAudioTranscription") is not null,
            Resumable = setup.Field("sessionResumption") is not null,
            Handle = setup.Field("sessionResumption").Field("handle").Text() is { Length: > 0 } handle ? handle : null,
            InitialHistory = setup.Field("historyConfig").Field("initialHistoryInClientContent").IsTrue(),
        };
    }

    private static TimeSpan? Ms(JsonElement? value) => value.Whole() is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static string? Group(string pattern, string text) =>
        Patterns.Compile(pattern).Match(text) is { Success: true } match && match.Groups[1].Value.Trim() is { Length: > 0 } value ? value : null;

    private static string Section(string prompt, string header)
    {
        var start = Regex.Match(prompt, $"(?m)^{Regex.Escape(header)}", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2));
        if (!start.Success)
        {
            return "";
        }

        var end = prompt.IndexOf("\n## ", start.Index, StringComparison.Ordinal);
        return end < 0 ? prompt[start.Index..] : prompt[start.Index..end];
    }
}
