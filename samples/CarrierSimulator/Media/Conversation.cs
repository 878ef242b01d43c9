namespace CarrierSimulator;

/// <summary>An utterance of the agent as the person heard it. Times are milliseconds since the answer.</summary>
/// <param name="Text">The text, or the part that was heard.</param>
/// <param name="Complete">False if it broke off.</param>
public sealed record HeardLine(string Text, bool Complete, double StartMs, double EndMs);

/// <summary>Something the person said, or another sound they made, as in "(beep 1000 Hz, 500 ms)".</summary>
/// <param name="Cut">True if it broke off.</param>
public sealed record SaidLine(string Text, double StartMs, double EndMs, bool Cut);

/// <summary>A clear from the agent's side.</summary>
/// <param name="SinceSpeechMs">Time since the person last began to speak; null if they never did.</param>
/// <param name="DroppedMs">Audio that was waiting and is never heard.</param>
public sealed record ClearRecord(double AtMs, double? SinceSpeechMs, double DroppedMs);

/// <summary>A mark from the agent's side; <paramref name="ReturnedMs"/> is null while it waits and if a clear took it.</summary>
public sealed record MarkRecord(string Name, double ReceivedMs, double? ReturnedMs);

/// <summary>A key the person pressed.</summary>
public sealed record DtmfRecord(string Digit, double AtMs);

/// <summary>Silence that was heard within an utterance because audio came too late.</summary>
public sealed record GapRecord(double AtMs, double Ms);

/// <summary>Something the agent's side sent that the carrier does not take. Fatal ones closed the socket.</summary>
public sealed record ProtocolError(string Text, double AtMs, bool Fatal);

/// <summary>
/// What the person of one answered call heard and said. Lists are in order; all times are milliseconds since the answer, on the clock of
/// the audio as the person hears it.
/// </summary>
public sealed record Conversation
{
    public required string CallSid { get; init; }

    /// <summary>The dialled customer, E.164.</summary>
    public required string Number { get; init; }

    /// <summary>Name of the person in the table, or of the class of one that a test put there.</summary>
    public required string Person { get; init; }

    public required string StreamSid { get; init; }

    /// <summary>Samples per second, both ways.</summary>
    public required int SampleRate { get; init; }

    /// <summary>Handshakes tried: 1 or 2.</summary>
    public int Handshakes { get; init; }

    /// <summary>When <c>start</c> was sent.</summary>
    public double? StartedMs { get; init; }

    /// <summary>The first audible sample the person heard.</summary>
    public double? FirstAudioMs { get; init; }

    public IReadOnlyList<HeardLine> Heard { get; init; } = [];

    public IReadOnlyList<SaidLine> Said { get; init; } = [];

    /// <summary>By the machine's clock: when each message left that broke a silence of 300 ms of the person's.</summary>
    public IReadOnlyList<DateTimeOffset> SoundsSent { get; init; } = [];

    /// <summary>By the machine's clock: when each message came that broke a silence of 300 ms of the agent's.</summary>
    public IReadOnlyList<DateTimeOffset> SoundsReceived { get; init; } = [];

    public IReadOnlyList<ClearRecord> Clears { get; init; } = [];

    /// <summary>The first 500.</summary>
    public IReadOnlyList<MarkRecord> Marks { get; init; } = [];

    public IReadOnlyList<DtmfRecord> Dtmf { get; init; } = [];

    public IReadOnlyList<GapRecord> Gaps { get; init; } = [];

    /// <summary>The first 50.</summary>
    public IReadOnlyList<ProtocolError> ProtocolErrors { get; init; } = [];

    /// <summary>All of them.</summary>
    public int ProtocolErrorCount { get; init; }

    /// <summary>Last chunks of utterances that were no multiple of 320 bytes: tolerated, but heard with a delay.</summary>
    public int MisalignedEnds { get; init; }

    /// <summary>Media messages taken.</summary>
    public int MediaReceived { get; init; }

    /// <summary>Audio taken, in milliseconds.</summary>
    public double ReceivedMs { get; init; }

    /// <summary>Audio dropped because it came too far ahead.</summary>
    public double OverLeadMs { get; init; }

    /// <summary>What a voicemail recorded; null if none did.</summary>
    public string? Voicemail { get; init; }

    /// <summary>bot, person or carrier; null while it goes on.</summary>
    public string? ClosedBy { get; init; }

    /// <summary>The WebSocket close code, whichever side sent it; 1006 if the connection broke.</summary>
    public int? CloseCode { get; init; }

    public double? EndedMs { get; init; }

    /// <summary>Why it ended, where that is not plain.</summary>
    public string? Note { get; init; }

    /// <summary>True if an utterance whose text contains this was heard to its end.</summary>
    public bool HeardAll(string part) => Heard.Any(h => h.Complete && h.Text.Contains(part, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The conversations of a simulator.</summary>
public sealed class Conversations
{
    private readonly Ledger _ledger;

    internal Conversations(Ledger ledger) => _ledger = ledger;

    /// <summary>All there were, in the order their calls were placed, as they are now.</summary>
    public IReadOnlyList<Conversation> All => [.. _ledger.Entries.Select(e => e.Conversation).OfType<Conversation>()];

    /// <summary>The conversation of a call.</summary>
    public Conversation? Of(string callSid) => _ledger.Find(callSid)?.Conversation;

    /// <summary>
    /// The first conversation that satisfies the predicate, now or after a later change. The predicate runs under the ledger's lock.
    /// Marks may show up to a second late.
    /// </summary>
    public async Task<Conversation> WhenAsync(Predicate<Conversation> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var entry = await _ledger.WhenAsync(e => e.Conversation is { } conversation && wanted(conversation), cancellationToken);
        return entry.Conversation!;
    }
}
