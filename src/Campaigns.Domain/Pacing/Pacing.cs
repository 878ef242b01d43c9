using System.Collections.Immutable;

namespace Campaigns.Domain.Pacing;

/// <summary>
/// Decides when the next dials may start: by free lines, an even spacing of the campaign's and of the account's dials, a running average, and
/// what others wait for.
/// </summary>
#pragma warning disable MA0049 // The folder's entry point bears its name; to callers, outside Campaigns.Domain, only the class is visible.
public static class Pacing
#pragma warning restore MA0049
{
    /// <summary>
    /// Share of a rate that the slots use. A dial reaches the carrier with some jitter after its slot; three per cent of a minute keeps
    /// 1.8 s between sixty seconds of slots and the limit, and leaves more than 95 % of the rate in use.
    /// </summary>
    public const double Headroom = 0.97;

    // PostgreSQL keeps microseconds: a slot must come back as it was given.
    private const long Resolution = TimeSpan.TicksPerMicrosecond;

    /// <summary>The distance between two slots.</summary>
    /// <param name="callsPerMinute">The rate; ≥ 1.</param>
    /// <param name="factor">Share of it in use; clamped to 0.1–1.</param>
    public static TimeSpan Spacing(int callsPerMinute, double factor = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(callsPerMinute, 1);
        var ticks = TimeSpan.TicksPerMinute / (callsPerMinute * Headroom * RateBackoff.Clamp(factor));
        return new TimeSpan((long)Math.Ceiling(ticks / Resolution) * Resolution);
    }

    /// <summary>The start times of the next dials.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rate is below 1.</exception>
    public static PacingPlan Plan(PacingInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (spacing, accountSpacing) = Spacings(input);
        var budget = PacingBudget.Of(input);
        var end = budget.LimitedBy;
        var own = Own(input, spacing);
        var campaign = new GcraState(input.NextSlotAt);
        var account = input.AccountTimeline;
        var slots = ImmutableArray.CreateBuilder<DateTimeOffset>();
        while (slots.Count < budget.Total)
        {
            var slot = account.Earliest(RoundUp(Later(campaign.Earliest(input.Now), input.AccountBlockedUntil)));
            if (slot > input.Horizon)
            {
                end = slots.Count < own ? AccountCause(input) : PacingLimit.CampaignRate;
                break;
            }

            if (!IsBelowAverage(input, slot, slots.Count))
            {
                end = PacingLimit.RunningAverage;
                break;
            }

            if (slots.Count >= budget.Promised && LeftToOthers(input, slot, slots.Count, accountSpacing) is { } others)
            {
                end = others;
                break;
            }

            slots.Add(slot);
            campaign = campaign.Take(slot, spacing);
            account = account.Take(slot, accountSpacing, input.Now);
        }

        // Beyond the promised ones a slot was found free for anybody; among them only those within the share are.
        var ordinary = slots.Count > budget.Promised ? slots.Count : Math.Min(slots.Count, Math.Min(budget.Ordinary, input.SlotShare ?? int.MaxValue));
        return new PacingPlan(slots.ToImmutable(), end) { Ordinary = ordinary, Own = own };
    }

    /// <summary>The next slots of campaign and account once some of a plan's slots have been used; unchanged when none has.</summary>
    /// <param name="input">What the plan was made from.</param>
    /// <param name="usedSlots">The plan's first slots.</param>
    public static (DateTimeOffset? NextSlotAt, DateTimeOffset? AccountNextSlotAt) After(
        PacingInput input, ReadOnlySpan<DateTimeOffset> usedSlots)
    {
        ArgumentNullException.ThrowIfNull(input);
        var account = AccountAfter(input, usedSlots).NextSlotAt;
        return usedSlots.IsEmpty ? (input.NextSlotAt, account) : (usedSlots[^1] + Spacings(input).Campaign, account);
    }

    /// <summary>The account's slots once some of a plan's slots have been used; unchanged when none has.</summary>
    /// <param name="input">What the plan was made from.</param>
    /// <param name="usedSlots">The plan's first slots.</param>
    public static AccountTimeline AccountAfter(PacingInput input, ReadOnlySpan<DateTimeOffset> usedSlots)
    {
        ArgumentNullException.ThrowIfNull(input);
        var spacing = Spacings(input).Account;
        var account = input.AccountTimeline;
        foreach (var slot in usedSlots)
        {
            account = account.Take(slot, spacing, input.Now);
        }

        return account;
    }

    // A carrier that says "too many" means this campaign's calls as well: both spacings widen.
    private static (TimeSpan Campaign, TimeSpan Account) Spacings(PacingInput input) =>
        (Spacing(input.CallsPerMinute, input.AccountRateFactor), Spacing(input.AccountCallsPerMinute, input.AccountRateFactor));

    private static int Own(PacingInput input, TimeSpan spacing)
    {
        var most = Math.Min(input.MaxConcurrent - input.InFlight, input.MaxBatch);
        var slot = new GcraState(input.NextSlotAt).Earliest(input.Now);
        var count = 0;
        while (count < most && slot <= input.Horizon && IsBelowAverage(input, slot, count))
        {
            count++;
            slot += spacing;
        }

        return count;
    }

    /// <summary>Whether a slot is to be left to others: what they wait for has to find room behind it, within the horizon.</summary>
    private static PacingLimit? LeftToOthers(PacingInput input, DateTimeOffset slot, int planned, TimeSpan accountSpacing)
        => slot + (input.PromisedElsewhere * accountSpacing) > input.Horizon ? PacingLimit.PromisedSlots
        : planned >= input.SlotShare && slot + (input.WantedElsewhere * accountSpacing) > input.Horizon ? PacingLimit.SlotShare
        : null;

    private static bool IsBelowAverage(PacingInput input, DateTimeOffset slot, int planned)
    {
        var minutes = (input.RanFor + (slot - input.Now)).TotalMinutes;
        return input.Dispatched + planned < input.CallsPerMinute * (minutes + 1);
    }

    private static PacingLimit AccountCause(PacingInput input)
        => input.AccountBlockedUntil > input.Horizon ? PacingLimit.AccountBlocked : PacingLimit.AccountRate;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset? b) => b > a ? b.Value : a;

    private static DateTimeOffset RoundUp(DateTimeOffset at)
    {
        var rest = at.Ticks % Resolution;
        return rest == 0 ? at : at.AddTicks(Resolution - rest);
    }
}
