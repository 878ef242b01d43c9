namespace CarrierSimulator;

/// <summary>
/// One status callback of a call, after its delivery was settled. <paramref name="Step"/> is its place in the call's plan.
/// </summary>
public sealed record CallbackRecord(int Step, string Event, string Status, int Attempts, bool Delivered);

/// <summary>
/// One connect request that passed validation. A <em>dial</em> is an entry with <see cref="Placed"/>: a phone rang, or was tried.
/// Entries are immutable; the ledger replaces them as the call goes on.
/// </summary>
public sealed record LedgerEntry
{
    /// <summary>From 1, in the order the requests were decided.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The dialled customer, E.164.</summary>
    public required string Number { get; init; }

    /// <summary>The ExoPhone, E.164.</summary>
    public required string CallerId { get; init; }

    /// <summary>The caller's own id of the call, verbatim.</summary>
    public string? CustomField { get; init; }

    /// <summary>The carrier's id of the call; null if it was not placed.</summary>
    public string? CallSid { get; init; }

    public required bool Placed { get; init; }

    /// <summary>The HTTP status the request was answered with; null if the connection was reset.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Name of the number's fate; null if the account was refused before the number mattered.</summary>
    public string? Fate { get; init; }

    /// <summary>The how-manieth request (from 1) this was for the number's fate; null as for <see cref="Fate"/>.</summary>
    public int? Attempt { get; init; }

    public string? StatusCallback { get; init; }

    /// <summary>The subscribed events, in the order sent.</summary>
    public IReadOnlyList<string> StatusCallbackEvents { get; init; } = [];

    /// <summary>The content type asked for, if any.</summary>
    public string? StatusCallbackContentType { get; init; }

    public string? StreamUrl { get; init; }

    /// <summary>The flow's address in flow mode.</summary>
    public string? FlowUrl { get; init; }

    public bool Record { get; init; }

    /// <summary>Seconds after the answer at which the carrier ends the call.</summary>
    public int? TimeLimit { get; init; }

    /// <summary>Seconds of ringing after which the carrier gives up.</summary>
    public int? TimeOut { get; init; }

    /// <summary>The speed the call runs at, kept so that a restart does not change it.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>True if the call runs by the instant-answer override and not by its digits.</summary>
    public bool Instant { get; init; }

    /// <summary>True if the call opens its stream when it is answered, and lasts as long as the conversation.</summary>
    public bool Media { get; init; }

    /// <summary>What was heard and said; null before the answer and without <see cref="Media"/>.</summary>
    public Conversation? Conversation { get; init; }

    public DateTimeOffset? RingingAt { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The carrier's terminal status; null while the call is live or if it was not placed.</summary>
    public string? FinalStatus { get; init; }

    /// <summary>Place of the placing in the total order of placings and ends; 0 if not placed. Exact where clocks tie.</summary>
    public long PlacedEvent { get; init; }

    /// <summary>Place of the end in the same order; 0 while live.</summary>
    public long EndedEvent { get; init; }

    public IReadOnlyList<CallbackRecord> Callbacks { get; init; } = [];

    /// <summary>True from placing to end.</summary>
    public bool Live => Placed && EndedAt is null;
}
