namespace Campaigns.Domain.Pacing;

/// <summary>A campaign that waits for a slot of the account beside the one that is planned.</summary>
/// <param name="Weight">Its weight among all that wait, see <see cref="PermitTree"/>.</param>
/// <param name="Clock">How far its clock is.</param>
public readonly record struct SlotRival(double Weight, double Clock);

/// <summary>
/// Shares an account's slots by weight, without a queue: every campaign has a clock, which each of its slots moves on by one over its weight, and
/// none may be ahead of one that waits by more than a plan's worth. Whoever waited for nothing begins at the clock of the account, so that
/// time without demand earns nothing and costs nothing.
/// </summary>
public static class ShareClock
{
    /// <summary>Where a campaign's next slot stands.</summary>
    /// <param name="clock">The campaign's clock.</param>
    /// <param name="waited">Whether its last claim left it waiting for slots: then it keeps what it is behind.</param>
    /// <param name="accountClock">The account's clock.</param>
    public static double Start(double clock, bool waited, double accountClock) => waited ? clock : Math.Max(clock, accountClock);

    /// <summary>How many slots a plan may have; null when nobody else waits for any.</summary>
    /// <param name="start">As <see cref="Start"/> gave it.</param>
    /// <param name="weight">The campaign's weight.</param>
    /// <param name="slots">How many slots the account has in the time of a plan; may be a fraction.</param>
    /// <param name="rivals">The others that wait.</param>
    public static int? Allowance(double start, double weight, double slots, IReadOnlyCollection<SlotRival> rivals)
    {
        ArgumentNullException.ThrowIfNull(rivals);
        if (rivals.Count == 0)
        {
            return null;
        }

        var lead = slots / (weight + rivals.Sum(r => r.Weight));
        var ahead = rivals.Min(r => r.Clock) + lead - start;

        // A hair's breadth: a sum of thirds is not quite the whole.
        return ahead < -1e-9 ? 0 : (int)Math.Min(int.MaxValue - 1, Math.Floor((ahead * weight) + 1e-9)) + 1;
    }

    /// <summary>The clocks after a plan was carried out.</summary>
    /// <param name="start">As <see cref="Start"/> gave it.</param>
    /// <param name="weight">The campaign's weight.</param>
    /// <param name="used">Slots used.</param>
    /// <param name="accountClock">The account's clock before.</param>
    /// <param name="rivals">The others that wait.</param>
    /// <returns>The campaign's clock and the account's: that of the last among those that wait, and never back.</returns>
    public static (double Campaign, double Account) After(
        double start, double weight, int used, double accountClock, IReadOnlyCollection<SlotRival> rivals)
    {
        ArgumentNullException.ThrowIfNull(rivals);
        var campaign = start + (used / weight);
        return (campaign, Math.Max(accountClock, rivals.Aggregate(campaign, (least, r) => Math.Min(least, r.Clock))));
    }
}
