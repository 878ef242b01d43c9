using System.Collections.Immutable;
using Campaigns.Stores;

namespace Campaigns.Domain.Pacing;

/// <summary>When a campaign whose calls fail is stopped.</summary>
public sealed record CircuitBreakerRules
{
    /// <summary>How many of the newest attempts count; 20. More make it slower to stop and slower to forget.</summary>
    public int Window { get; init; } = 20;

    /// <summary>Attempts below which nothing is judged; 10.</summary>
    public int MinimumSamples { get; init; } = 10;

    /// <summary>Share of failures at which the campaign is paused, above 0 and up to 1; a half.</summary>
    public double FailureShare { get; init; } = 0.5;
}

/// <summary>A campaign that is to be paused, and why.</summary>
/// <param name="Sessions">The failed attempts, newest first.</param>
/// <param name="Samples">How many attempts were judged.</param>
/// <param name="Message">For operators; becomes the pause reason.</param>
public sealed record Trip(ImmutableArray<Guid> Sessions, int Samples, string Message);

/// <summary>Pauses a campaign whose calls fail too often for it to be chance.</summary>
public static class CircuitBreaker
{
    // Enough to look the calls up, and a reason that still fits a line.
    private const int Named = 3;

    /// <summary>Judges the newest attempts.</summary>
    /// <param name="newestFirst">Ended attempts, newest first.</param>
    /// <param name="rules">Where the threshold lies.</param>
    /// <returns>Null when the campaign may go on.</returns>
    public static Trip? Judge(IReadOnlyList<AttemptOutcome> newestFirst, CircuitBreakerRules rules)
    {
        ArgumentNullException.ThrowIfNull(newestFirst);
        ArgumentNullException.ThrowIfNull(rules);
        var judged = newestFirst.Where(a => Counts(a.Outcome)).Take(rules.Window).ToList();
        var failed = judged.Where(a => IsFailure(a.Outcome)).Select(a => a.SessionId).ToImmutableArray();
        if (judged.Count < rules.MinimumSamples || failed.IsEmpty || failed.Length < rules.FailureShare * judged.Count)
        {
            return null;
        }

        var more = failed.Length > Named ? $" and {failed.Length - Named} more" : "";
        var names = string.Join(", ", failed.Take(Named));
        return new Trip(failed, judged.Count, $"{failed.Length} of the last {judged.Count} calls failed: {names}{more}");
    }

    // A dial that rang no phone says nothing about the calls.
    private static bool Counts(CallOutcome outcome) =>
        outcome is not (CallOutcome.NotPlaced or CallOutcome.RejectedForNow or CallOutcome.CarrierUnavailable);

    private static bool IsFailure(CallOutcome outcome) =>
        outcome is CallOutcome.Failed or CallOutcome.Rejected or CallOutcome.Unknown or CallOutcome.InterruptedByUs
            or CallOutcome.ModelUnavailable;
}
