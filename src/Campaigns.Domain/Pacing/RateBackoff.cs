namespace Campaigns.Domain.Pacing;

/// <summary>How far the rates give way when the carrier says "too many", and how they come back: down by shares, up by steps.</summary>
public static class RateBackoff
{
    /// <summary>The least share of a rate that stays in use.</summary>
    public const double Least = 0.1;

    /// <summary>
    /// Refusals within this time after a drop are part of it: the dials that were booked or under way before it, two ticks of them and the time of an
    /// answer, say nothing about the rate after it.
    /// </summary>
    public static readonly TimeSpan OneEvent = TimeSpan.FromSeconds(3);

    private const double Drop = 0.7;
    private const double Step = 0.05;
    private static readonly TimeSpan StepEvery = TimeSpan.FromSeconds(10);

    /// <summary>The share in use now: the one of the last throttling, plus 0.05 for every ten seconds since, up to 1.</summary>
    /// <param name="factor">The share right after the last throttling.</param>
    /// <param name="throttledAt">When that was; null when never.</param>
    /// <param name="now">The time of the question.</param>
    public static double Current(double factor, DateTimeOffset? throttledAt, DateTimeOffset now)
    {
        if (throttledAt is not { } since || now <= since)
        {
            return Clamp(factor);
        }

        var steps = (now - since).Ticks / StepEvery.Ticks;
        return Clamp(Clamp(factor) + (Step * steps));
    }

    /// <summary>The share after one more refusal: seven tenths of the present one, never below <see cref="Least"/>.</summary>
    /// <param name="current">The share in use, see <see cref="Current"/>.</param>
    public static double Throttled(double current) => Clamp(Clamp(current) * Drop);

    /// <summary>The state after a refusal: the share drops once per <see cref="OneEvent"/>, however many refusals that brings.</summary>
    /// <param name="factor">The share right after the last drop.</param>
    /// <param name="throttledAt">When that was; null when never.</param>
    /// <param name="now">The time of the refusal.</param>
    public static (double Factor, DateTimeOffset ThrottledAt) Refused(double factor, DateTimeOffset? throttledAt, DateTimeOffset now)
        => throttledAt is { } since && now - since < OneEvent ? (Clamp(factor), since) : (Throttled(Current(factor, throttledAt, now)), now);

    // Not a number counts as the least: no rate at all would strand everybody.
    internal static double Clamp(double factor) => factor > Least ? Math.Min(factor, 1) : Least;
}
