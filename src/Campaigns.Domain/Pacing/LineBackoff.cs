namespace Campaigns.Domain.Pacing;

/// <summary>
/// How many calls may be live at once after the live model refused a session for want of quota: seven tenths of those that were, then one more, or a
/// twentieth, every ten seconds. What the model allows is found out by this and need not be configured.
/// </summary>
public static class LineBackoff
{
    private const double Drop = 0.7;
    private static readonly TimeSpan StepEvery = TimeSpan.FromSeconds(10);

    /// <summary>The calls that may be live now; null when the model never refused.</summary>
    /// <param name="lines">The number right after the last refusal; null when there was none.</param>
    /// <param name="refusedAt">When that was.</param>
    /// <param name="now">The time of the question.</param>
    public static int? Current(int? lines, DateTimeOffset? refusedAt, DateTimeOffset now)
    {
        if (lines is not { } least || refusedAt is not { } since)
        {
            return null;
        }

        var steps = now <= since ? 0 : (now - since).Ticks / StepEvery.Ticks;
        return (int)Math.Min(int.MaxValue, least + (steps * Math.Max(1, least / 20L)));
    }

    /// <summary>The number after a refusal. Refusals within <see cref="RateBackoff.OneEvent"/> of the last drop are the same event.</summary>
    /// <param name="lines">The number right after the last refusal; null when there was none.</param>
    /// <param name="refusedAt">When that was.</param>
    /// <param name="inUse">Calls that are live now.</param>
    /// <param name="now">The time of the refusal.</param>
    /// <returns>The number, at least 1, and the time that belongs to it.</returns>
    public static (int Lines, DateTimeOffset RefusedAt) Refused(int? lines, DateTimeOffset? refusedAt, int inUse, DateTimeOffset now)
    {
        if (lines is { } same && refusedAt is { } since && now - since < RateBackoff.OneEvent)
        {
            return (same, since);
        }

        var allowed = Math.Min(Current(lines, refusedAt, now) ?? int.MaxValue, Math.Max(1, inUse));
        return (Math.Max(1, (int)(allowed * Drop)), now);
    }
}
