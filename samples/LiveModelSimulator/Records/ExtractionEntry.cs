namespace LiveModelSimulator;

/// <summary>One generateContent request.</summary>
public sealed record ExtractionEntry
{
    /// <summary>From 1, in the order of arrival.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    public required Platform Platform { get; init; }

    public required string Model { get; init; }

    /// <summary>The body as received.</summary>
    public required string Request { get; init; }

    public required int HttpStatus { get; init; }

    /// <summary>The text of the answer, or the error's message.</summary>
    public required string Answer { get; init; }
}
