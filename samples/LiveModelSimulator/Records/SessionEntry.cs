namespace LiveModelSimulator;

/// <summary>How a connection ended.</summary>
public enum ClosedBy
{
    /// <summary>The client's close frame came first.</summary>
    Client,

    /// <summary>The simulator closed: a refusal, a fault, or the end of the connection's lifetime.</summary>
    Server,

    /// <summary>There was no close frame from the client.</summary>
    ClientLost,

    /// <summary>The simulator dropped the connection without a close frame.</summary>
    ServerDropped,
}

/// <summary>What the model understood of the person.</summary>
/// <param name="Text">The decoded text; a prefix of it if cut.</param>
/// <param name="Complete">False if it broke off.</param>
/// <param name="StartMs">On the session's own audio clock: milliseconds of audio received before it began.</param>
/// <param name="EndMs">On the same clock.</param>
/// <param name="At">When it had been understood.</param>
/// <param name="BargedIn">True if it interrupted the agent.</param>
public sealed record HeardRecord(string Text, bool Complete, double StartMs, double EndMs, DateTimeOffset At, bool BargedIn);

/// <summary>A sentence the agent said.</summary>
public sealed record SaidRecord
{
    /// <summary>The turn it belongs to, counted over the conversation, the greeting being 1.</summary>
    public required int Turn { get; init; }

    public required string Text { get; init; }

    /// <summary>When its first audio was sent.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>All of its audio, silence in front included.</summary>
    public required double LengthMs { get; init; }

    /// <summary>Audio sent so far.</summary>
    public double SentMs { get; init; }

    /// <summary>Audio that a client which plays at once and in real time had played when the sentence ended.</summary>
    public double PlayedMs { get; init; }

    /// <summary>True once all of it has played by that clock, or it was cut off.</summary>
    public bool Over { get; init; }

    public bool Interrupted { get; init; }
}

/// <summary>A tool call and what became of it.</summary>
public sealed record ToolRecord
{
    /// <summary>The id sent to the client; null on Vertex with that fault.</summary>
    public required string? Id { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Args { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The response object as JSON; null until it came.</summary>
    public string? Response { get; init; }

    /// <summary>Milliseconds from the call to its response.</summary>
    public double? LatencyMs { get; init; }

    public bool Cancelled { get; init; }

    /// <summary>The response came although the call had been cancelled.</summary>
    public bool AnsweredAfterCancel { get; init; }
}

/// <summary>A resumption of an earlier session.</summary>
/// <param name="Handle">As given.</param>
/// <param name="From">Sequence of the session that issued it; null if unknown.</param>
/// <param name="OldSocketOpen">True if that session was still connected when this setup came.</param>
/// <param name="Accepted">False if it was refused.</param>
public sealed record ResumptionRecord(string Handle, long? From, bool OldSocketOpen, bool Accepted);

/// <summary>One connection, from the handshake. Entries are immutable; the ledger replaces them as the session goes on.</summary>
public sealed record SessionEntry
{
    /// <summary>From 1, in the order of the handshakes.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required Platform Platform { get; init; }

    public required string ApiVersion { get; init; }

    /// <summary>The handshake's status: 101, 401, 403, 503.</summary>
    public required int HttpStatus { get; init; }

    /// <summary>The setup message as received.</summary>
    public string? Setup { get; init; }

    /// <summary>Id without a prefix; null until an acceptable setup came.</summary>
    public string? Model { get; init; }

    /// <summary>The system instruction's text.</summary>
    public string? Prompt { get; init; }

    /// <summary>Names of the declared functions.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    public IReadOnlyList<string> Faults { get; init; } = [];

    public DateTimeOffset? SetupCompleteAt { get; init; }

    public ResumptionRecord? Resumption { get; init; }

    public IReadOnlyList<string> Handles { get; init; } = [];

    /// <summary>Text the client typed: realtimeInput.text, and the last user turn of a clientContent that asked for an answer.</summary>
    public IReadOnlyList<string> Typed { get; init; } = [];

    /// <summary>Turns of clientContent that were taken as history.</summary>
    public int SeededTurns { get; init; }

    public IReadOnlyList<HeardRecord> Heard { get; init; } = [];

    public IReadOnlyList<SaidRecord> Said { get; init; } = [];

    /// <summary>When the first audible audio of each sentence was sent.</summary>
    public IReadOnlyList<DateTimeOffset> SoundsSent { get; init; } = [];

    /// <summary>When each message came that broke a silence of 300 ms of the person's.</summary>
    public IReadOnlyList<DateTimeOffset> SoundsReceived { get; init; } = [];

    public IReadOnlyList<ToolRecord> ToolCalls { get; init; } = [];

    /// <summary>How often the person's speech interrupted the agent.</summary>
    public int Interruptions { get; init; }

    /// <summary>Turns that were completed or interrupted.</summary>
    public int TurnsEnded { get; init; }

    /// <summary>True after goAway was sent.</summary>
    public bool GoAway { get; init; }

    /// <summary>Audio messages received; counted up at the end of each utterance and of the session.</summary>
    public long AudioMessages { get; init; }

    /// <summary>Milliseconds of audio received; as <see cref="AudioMessages"/>.</summary>
    public double AudioMs { get; init; }

    /// <summary>Realtime input that came while a tool call was pending, after the grace time.</summary>
    public int InputDuringToolCall { get; init; }

    /// <summary>What the client did wrong, with the text it was refused with.</summary>
    public IReadOnlyList<string> ProtocolErrors { get; init; } = [];

    /// <summary>What is legal and yet deserves a look.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public DateTimeOffset? ClosedAt { get; init; }

    public ClosedBy? ClosedBy { get; init; }

    public int? CloseCode { get; init; }

    public string? CloseReason { get; init; }

    /// <summary>True from an accepted handshake to the end of the connection.</summary>
    public bool Live => HttpStatus == 101 && ClosedAt is null;
}
