using System.Collections.Immutable;

namespace Campaigns.Domain.Pacing;

/// <summary>
/// The slots of an account: those after the last one that was taken, and open ones before it, which a slower campaign has left between its own
/// slots. Any two slots that are taken are the account's spacing apart.
/// </summary>
/// <param name="NextSlotAt">The first slot after those taken; null when any time will do.</param>
/// <param name="Open">Open slots before that, ascending.</param>
public readonly record struct AccountTimeline(DateTimeOffset? NextSlotAt, ImmutableArray<DateTimeOffset> Open)
{
    /// <summary>How many open slots are remembered: what an account of 600 a minute has in three ticks. Beyond that a few lost ones do not matter.</summary>
    public const int MaxOpen = 32;

    /// <summary>The first free slot at or after a time.</summary>
    public DateTimeOffset Earliest(DateTimeOffset at)
    {
        foreach (var slot in Open.IsDefault ? [] : Open)
        {
            if (slot >= at)
            {
                return slot;
            }
        }

        return new GcraState(NextSlotAt).Earliest(at);
    }

    /// <summary>The timeline after a slot of <see cref="Earliest"/> was taken.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="spacing">The account's spacing.</param>
    /// <param name="now">Earlier slots are over.</param>
    public AccountTimeline Take(DateTimeOffset slot, TimeSpan spacing, DateTimeOffset now)
    {
        var open = Open.IsDefault ? [] : Open;
        if (open.Contains(slot))
        {
            return this with { Open = open.Remove(slot) };
        }

        var free = NextSlotAt is { } next && next > now ? next : now;
        if (free + spacing <= slot || (open.Length > 0 && open[0] < now))
        {
            var left = open.RemoveAll(s => s < now).ToBuilder();
            for (; free + spacing <= slot && left.Count < MaxOpen; free += spacing)
            {
                left.Add(free);
            }

            open = left.ToImmutable();
        }

        return new AccountTimeline(slot + spacing, open);
    }
}
