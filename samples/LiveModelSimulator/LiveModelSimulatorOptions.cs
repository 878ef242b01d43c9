namespace LiveModelSimulator;

/// <summary>Everything that can be set about the simulated model. Times are those of <see cref="TimeProvider"/>.</summary>
public sealed class LiveModelSimulatorOptions
{
    /// <summary>TCP port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; set; }

    /// <summary>Listens on every address of the machine and not on loopback alone; false.</summary>
    public bool AnyAddress { get; set; }

    /// <summary>Key of the Developer API, taken from header x-goog-api-key or query parameter key.</summary>
    public string ApiKey { get; set; } = "key";

    /// <summary>Bearer token of Vertex.</summary>
    public string AccessToken { get; set; } = "token";

    /// <summary>The live models there are.</summary>
    public IList<ModelProfile> Models { get; set; } = [.. ModelProfile.Known];

    /// <summary>The models of generateContent, on both platforms.</summary>
    public IList<string> TextModels { get; set; } = ["gemini-3.1-flash-lite", "gemini-2.5-flash", "gemini-2.5-flash-lite"];

    /// <summary>How the agent talks.</summary>
    public AgentScript Script { get; set; } = new();

    /// <summary>Finds the person's name in the system instruction, in its first group.</summary>
    public string NamePattern { get; set; } = "(?mi)^name: (.+)$";

    /// <summary>
    /// Begins the part of the system instruction that holds facts; it ends before the next line that begins with "## ".
    /// </summary>
    public string MemorySection { get; set; } = "## What you know";

    /// <summary>Finds the first fact within that part, in its first group.</summary>
    public string FactPattern { get; set; } = "(?m)^- (.+)$";

    /// <summary>Finds the session's faults in the system instruction, in its first group.</summary>
    public string FaultPattern { get; set; } = "model_fault: ([a-z0-9_,=-]+)";

    /// <summary>
    /// Faults by connection, counted from 1 by handshake; null or an empty text is none. They add to those of the marker.
    /// </summary>
    public Func<long, string?>? FaultFor { get; set; }

    /// <summary>From the setup to setupComplete. Until then the client may send nothing else.</summary>
    public TimeSpan SetupDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>From the end of the person's speech (as the setup's silenceDurationMs has it) to the first audio.</summary>
    public TimeSpan ReplyDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How much faster than real time audio is sent.</summary>
    public double AudioSpeed { get; set; } = 4;

    /// <summary>Audio per message, a divisor of a second in milliseconds.</summary>
    public int ChunkMs { get; set; } = 40;

    /// <summary>Silence before the first sentence of a turn.</summary>
    public TimeSpan LeadIn { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Silence that ends the person's turn where the setup does not say; the vendor's default is not documented.</summary>
    public TimeSpan EndOfSpeechSilence { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Speech that begins the person's turn where the setup does not say; the vendor's default is not documented.</summary>
    public TimeSpan StartOfSpeechPadding { get; set; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Send a resumption handle right after the setup; by default the first comes with the end of the first turn.</summary>
    public bool HandleAfterSetup { get; set; }

    /// <summary>How long a resumption waits for the older connection to be seen closed before it is refused with 1011.</summary>
    public TimeSpan ResumeGrace { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Connections with a setup that may be open at once; one more is closed with 1011. Null is unlimited.</summary>
    public int? MaxSessions { get; set; }

    /// <summary>A connection's lifetime; the vendor's is about 10 minutes.</summary>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long before the end of the lifetime goAway comes.</summary>
    public TimeSpan GoAwayTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Close 2.5 sessions with 1008 when realtime input comes while a tool call is pending, as has been seen in the field. Off by
    /// default; the ledger counts such input in any case.
    /// </summary>
    public bool RefuseInputDuringToolCall { get; set; }

    /// <summary>Realtime input this soon after a tool call was under way before the client could know of it.</summary>
    public TimeSpan ToolCallGrace { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Reply to any sound after a silence, without decoding what was said: for load benches. Replies come from
    /// <see cref="AgentScript.CheapReplies"/>.
    /// </summary>
    public bool Cheap { get; set; }

    /// <summary>How generateContent answers.</summary>
    public ExtractionOptions Extraction { get; set; } = new();

    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Every mistake in these options, or an empty list.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        Check(Port is >= 0 and <= 65535, $"{nameof(Port)} must be 0 to 65535");
        Check(ApiKey.Length > 0, $"{nameof(ApiKey)} must not be empty");
        Check(AccessToken.Length > 0, $"{nameof(AccessToken)} must not be empty");
        Check(Models.Count > 0, $"{nameof(Models)} must name at least one model");
        Check(AudioSpeed is > 0 and <= 1000, $"{nameof(AudioSpeed)} must be above 0 and at most 1000");
        Check(ChunkMs is >= 10 and <= 1000, $"{nameof(ChunkMs)} must be 10 to 1000");
        Check(MaxSessions is null or >= 0, $"{nameof(MaxSessions)} must not be negative");
        Check(ConnectionLifetime > GoAwayTime, $"{nameof(ConnectionLifetime)} must be longer than {nameof(GoAwayTime)}");
        Check(Script.Unclear.Count > 0, $"{nameof(Script)}.{nameof(Script.Unclear)} must not be empty");
        Check(Script.CheapReplies.Count > 0, $"{nameof(Script)}.{nameof(Script.CheapReplies)} must not be empty");
        foreach (var (name, time) in Times())
        {
            Check(time >= TimeSpan.Zero, $"{name} must not be negative");
        }

        foreach (var (name, pattern) in RegularExpressions())
        {
            Check(Patterns.IsValid(pattern), $"{name} is no regular expression: {pattern}");
        }

        return errors;

        void Check(bool holds, string message)
        {
            if (!holds)
            {
                errors.Add($"{nameof(LiveModelSimulatorOptions)}.{message}.");
            }
        }
    }

    private IEnumerable<(string Name, TimeSpan Time)> Times() =>
    [
        (nameof(SetupDelay), SetupDelay),
        (nameof(ReplyDelay), ReplyDelay),
        (nameof(LeadIn), LeadIn),
        (nameof(EndOfSpeechSilence), EndOfSpeechSilence),
        (nameof(StartOfSpeechPadding), StartOfSpeechPadding),
        (nameof(ResumeGrace), ResumeGrace),
        (nameof(GoAwayTime), GoAwayTime),
        (nameof(ToolCallGrace), ToolCallGrace),
    ];

    private IEnumerable<(string Name, string Pattern)> RegularExpressions() =>
    [
        (nameof(NamePattern), NamePattern),
        (nameof(FactPattern), FactPattern),
        (nameof(FaultPattern), FaultPattern),
        ($"{nameof(Extraction)}.{nameof(Extraction.FactPattern)}", Extraction.FactPattern),
        ($"{nameof(Extraction)}.{nameof(Extraction.TurnPattern)}", Extraction.TurnPattern),
        ($"{nameof(Extraction)}.{nameof(Extraction.AgentLinePattern)}", Extraction.AgentLinePattern),
        .. Script.Rules.Concat(Script.TypedRules).Select(r => (nameof(Script), r.Pattern)),
        .. Extraction.Outcomes.Select(o => ($"{nameof(Extraction)}.{nameof(Extraction.Outcomes)}", o.Pattern)),
    ];
}
