namespace Campaigns.Domain.Pacing;

/// <summary>
/// A rate with burst 1 as one number: the next event may happen at this time. Time that passes unused earns nothing, so no window of a
/// minute ever holds more events than the rate.
/// </summary>
/// <param name="NextSlotAt">When the next event may happen; null when at any time.</param>
public readonly record struct GcraState(DateTimeOffset? NextSlotAt)
{
    /// <summary>The first moment at or after <paramref name="at"/> that is free.</summary>
    public DateTimeOffset Earliest(DateTimeOffset at) => NextSlotAt is { } next && next > at ? next : at;

    /// <summary>The state after an event.</summary>
    /// <param name="at">When it happens.</param>
    /// <param name="spacing">The distance to the next one.</param>
    public GcraState Take(DateTimeOffset at, TimeSpan spacing) => new(at + spacing);
}
