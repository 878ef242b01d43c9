namespace LiveModelSimulator;

/// <summary>What can be switched while the simulator runs; replaced as a whole.</summary>
public sealed record LiveModelControl
{
    /// <summary>Faults of the connections to come, as in a marker; null is none.</summary>
    public string? Faults { get; init; }

    /// <summary>How many connections to come have <see cref="Faults"/>; null is all.</summary>
    public int? FaultSessions { get; init; }

    /// <summary>Overrides the option of that name; null leaves it.</summary>
    public int? MaxSessions { get; init; }

    /// <summary>How many generateContent requests to come fail.</summary>
    public int ExtractionFailures { get; init; }

    /// <summary>The status they fail with.</summary>
    public int ExtractionFailureStatus { get; init; } = 503;
}
