namespace Campaigns.Domain.Pacing;

/// <summary>One of several that want a part of something scarce.</summary>
/// <param name="Weight">What it gets in relation to the others, above 0.</param>
/// <param name="Demand">The most it can use, ≥ 0.</param>
public readonly record struct Claimant(double Weight, double Demand);

/// <summary>Divides by weight what is not enough for all. Nobody gets more than it can use; what one leaves goes to the others.</summary>
public static class FairShare
{
    private const long Parts = 1_000_000;

    /// <summary>How long one rounding of broken shares stands. A call that is under way is not ended for it, so it has to outlast calls.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(1);

    /// <summary>Weighted max-min shares: whoever gets less than it can use gets as much per weight as anybody.</summary>
    /// <param name="capacity">What there is; below 0 counts as nothing.</param>
    /// <param name="claimants">Who wants of it.</param>
    /// <returns>A share for each, in their order, broken numbers among them; they add up to the capacity or to all the demand.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A weight is not above 0.</exception>
    public static double[] Divide(double capacity, ReadOnlySpan<Claimant> claimants)
    {
        var shares = new double[claimants.Length];
        var order = new int[claimants.Length];
        var thirst = new double[claimants.Length];
        var weight = 0.0;
        for (var i = 0; i < claimants.Length; i++)
        {
            if (claimants[i].Weight is not > 0)
            {
                throw new ArgumentOutOfRangeException(nameof(claimants), claimants[i].Weight, "A weight is above 0.");
            }

            order[i] = i;
            thirst[i] = claimants[i].Demand / claimants[i].Weight;
            weight += claimants[i].Weight;
        }

        // Those who want least per weight are served in full, and what they leave counts for the rest.
        Array.Sort(thirst, order);
        var left = Math.Max(0, capacity);
        foreach (var i in order)
        {
            shares[i] = Math.Clamp(left * claimants[i].Weight / weight, 0, Math.Max(0, claimants[i].Demand));
            left -= shares[i];
            weight -= claimants[i].Weight;
        }

        return shares;
    }

    /// <summary>
    /// Whole numbers for broken shares: each is rounded up or down, they add up to the same, and over all phases each has its share on average.
    /// So two that are due 2.5 of 5 lines have two and three in turns.
    /// </summary>
    /// <param name="shares">Shares of <see cref="Divide"/>.</param>
    /// <param name="phase">0 to 1: whose turn it is, see <see cref="Phase"/>.</param>
    public static int[] Whole(ReadOnlySpan<double> shares, double phase)
    {
        // Away from both ends, so that what is lost in the millionth place turns no whole sum into one less or one more.
        var sum = (long)(Parts * (0.001 + (0.998 * Math.Clamp(phase, 0, 1))));
        var whole = new int[shares.Length];
        for (var i = 0; i < shares.Length; i++)
        {
            var before = sum / Parts;
            sum += (long)Math.Floor((shares[i] * Parts) + 0.1);
            whole[i] = (int)(sum / Parts - before);
        }

        return whole;
    }

    /// <summary>The phase at a time: the same for everybody, spread evenly over the turns.</summary>
    public static double Phase(DateTimeOffset at)
    {
        const double Golden = 0.6180339887498949;
        var turn = at.UtcTicks / Turn.Ticks;
        return turn * Golden % 1;
    }
}
