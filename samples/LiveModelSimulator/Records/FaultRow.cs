namespace LiveModelSimulator;

/// <summary>One fault a session can have.</summary>
/// <param name="Name">As it is written in a marker.</param>
/// <param name="Value">What the number after = means, and its default; null where none is taken.</param>
/// <param name="Default">The number when none is given.</param>
/// <param name="Description">What happens.</param>
public sealed record FaultRow(string Name, string? Value, int Default, string Description);

/// <summary>Every fault, and how a list of them is written.</summary>
public static class Faults
{
    public const string SlowAudio = "slow-audio";
    public const string BurstyAudio = "bursty-audio";
    public const string LeadIn = "lead-in";
    public const string GoAwayMidTurn = "go-away-mid-turn";
    public const string GoAwayIdle = "go-away-idle";
    public const string GoAwayAbort = "go-away-abort";
    public const string Drop = "drop";
    public const string Close1007 = "close-1007";
    public const string Close1008 = "close-1008";
    public const string Close1011 = "close-1011";
    public const string Turn = "turn";
    public const string Always = "always";
    public const string RefuseResume1008 = "refuse-resume-1008";
    public const string RefuseResume1011 = "refuse-resume-1011";
    public const string NoTurnComplete = "no-turn-complete";
    public const string NoGenerationComplete = "no-generation-complete";
    public const string NoUsage = "no-usage";
    public const string BatchedTools = "batched-tools";
    public const string CancelledTool = "cancelled-tool";
    public const string ToolsWithoutIds = "tools-without-ids";
    public const string BinaryFrames = "binary-frames";
    public const string Thoughts = "thoughts";
    public const string Stall = "stall";
    public const string Drone = "drone";
    public const string Tone = "tone";
    public const string Http503 = "http-503";
    public const string NoSetupComplete = "no-setup-complete";
    public const string LateTranscription = "late-transcription";
    public const string NoTranscription = "no-transcription";
    public const string UnknownFields = "unknown-fields";
    public const string SpuriousInterrupted = "spurious-interrupted";
    public const string LateAudio = "late-audio";
    public const string Quota = "quota";

    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        new(SlowAudio, "percent of real time", 50, "audio comes slower than it plays"),
        new(BurstyAudio, "gap in ms", 300, "audio comes in bursts with gaps between, at real time overall"),
        new(LeadIn, "ms", 2000, "every turn begins with that much silence"),
        new(GoAwayMidTurn, "timeLeft in ms", 2000, "`goAway` in mid-turn, then close 1000 when the time is over"),
        new(GoAwayIdle, "timeLeft in ms", 2000, "`goAway` after the turn is complete, then close 1000 when the time is over"),
        new(GoAwayAbort, null, 0, "with one of those: the connection is aborted instead of closed"),
        new(Drop, null, 0, "the connection is lost in mid-turn without a close frame"),
        new(Close1007, null, 0, "close 1007 in mid-turn"),
        new(Close1008, null, 0, "close 1008 in mid-turn"),
        new(Close1011, null, 0, "close 1011 in mid-turn"),
        new(Turn, "turn, the greeting being 1", 2, "which turn the faults above and `stall`, `drone`, `tone` strike"),
        new(Always, null, 0, "they strike every later turn too, also after a resumption; without it once in a conversation"),
        new(RefuseResume1008, "how often", int.MaxValue, "a resumption is refused: session not found"),
        new(RefuseResume1011, "how often", int.MaxValue, "a resumption is refused as if the older socket were open"),
        new(NoTurnComplete, null, 0, "`turnComplete` never comes"),
        new(NoGenerationComplete, null, 0, "`generationComplete` never comes"),
        new(NoUsage, null, 0, "`usageMetadata` never comes"),
        new(BatchedTools, null, 0, "a turn's tool calls come in one message, after its speech"),
        new(CancelledTool, "after ms", 50, "a conversation's first tool call is cancelled and made again with another id"),
        new(ToolsWithoutIds, null, 0, "tool calls have no id (Vertex only)"),
        new(BinaryFrames, null, 0, "messages come in binary frames"),
        new(Thoughts, null, 0, "each turn begins with a thought part"),
        new(Stall, null, 0, "the turn never begins"),
        new(Drone, null, 0, "the turn repeats its first sentence and never ends"),
        new(Tone, "ms", 60_000, "the turn is a tone without transcription"),
        new(Http503, null, 0, "the handshake is answered with 503 (not by marker: the instruction comes later)"),
        new(NoSetupComplete, null, 0, "`setupComplete` never comes"),
        new(LateTranscription, null, 0, "input transcription comes after the reply, output transcription after the audio"),
        new(NoTranscription, null, 0, "there is no transcription"),
        new(UnknownFields, null, 0, "messages have fields, parts and enum values nobody knows"),
        new(SpuriousInterrupted, null, 0, "`interrupted` comes after each turn, when nothing is active"),
        new(LateAudio, null, 0, "audio comes after `generationComplete`"),
        new(Quota, null, 0, "the session is closed with 1011 and the text of an exhausted quota"),
    ];
}
