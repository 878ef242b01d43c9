using System.Collections.Immutable;

namespace Campaigns.Domain.Pacing;

/// <summary>
/// Decides when the next dials may start: by free lines, an even spacing of the campaign's and of the account's dials, a running average.
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
        var (budget, end) = Budget(input);
        var campaign = new GcraState(input.NextSlotAt);
        var account = new GcraState(input.AccountNextSlotAt);
        var slots = ImmutableArray.CreateBuilder<DateTimeOffset>();
        while (slots.Count < budget)
        {
            var slot = RoundUp(Max(campaign.Earliest(input.Now), account.Earliest(input.Now), input.AccountBlockedUntil));
            if (slot > input.Horizon)
            {
                end = Cause(input, campaign, account);
                break;
            }

            if (!IsBelowAverage(input, slot, slots.Count))
            {
                end = PacingLimit.RunningAverage;
                break;
            }

            slots.Add(slot);
            campaign = campaign.Take(slot, spacing);
            account = account.Take(slot, accountSpacing);
        }

        return new PacingPlan(slots.ToImmutable(), end);
    }

    /// <summary>The next slots of campaign and account once some of a plan's slots have been used; unchanged when none has.</summary>
    /// <param name="input">What the plan was made from.</param>
    /// <param name="usedSlots">The plan's first slots.</param>
    public static (DateTimeOffset? NextSlotAt, DateTimeOffset? AccountNextSlotAt) After(
        PacingInput input, ReadOnlySpan<DateTimeOffset> usedSlots)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (usedSlots.IsEmpty)
        {
            return (input.NextSlotAt, input.AccountNextSlotAt);
        }

        var (spacing, accountSpacing) = Spacings(input);
        return (usedSlots[^1] + spacing, usedSlots[^1] + accountSpacing);
    }

    // A carrier that says "too many" means this campaign's calls as well: both spacings widen.
    private static (TimeSpan Campaign, TimeSpan Account) Spacings(PacingInput input) =>
        (Spacing(input.CallsPerMinute, input.AccountRateFactor), Spacing(input.AccountCallsPerMinute, input.AccountRateFactor));

    private static (int Budget, PacingLimit LimitedBy) Budget(PacingInput input)
    {
        var own = input.MaxConcurrent - input.InFlight;
        var organization = input.OrganizationCap - input.OrganizationInFlight;
        var (lines, limit) = own <= organization ? (own, PacingLimit.MaxConcurrent) : (organization, PacingLimit.OrganizationCap);
        return lines <= input.MaxBatch ? (lines, limit) : (input.MaxBatch, PacingLimit.Batch);
    }

    private static bool IsBelowAverage(PacingInput input, DateTimeOffset slot, int planned)
    {
        var minutes = (input.RanFor + (slot - input.Now)).TotalMinutes;
        return input.Dispatched + planned < input.CallsPerMinute * (minutes + 1);
    }

    private static PacingLimit Cause(PacingInput input, GcraState campaign, GcraState account)
    {
        if (input.AccountBlockedUntil > input.Horizon)
        {
            return PacingLimit.AccountBlocked;
        }

        return campaign.Earliest(input.Now) >= account.Earliest(input.Now) ? PacingLimit.CampaignRate : PacingLimit.AccountRate;
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b, DateTimeOffset? c)
    {
        var later = a > b ? a : b;
        return c > later ? c.Value : later;
    }

    private static DateTimeOffset RoundUp(DateTimeOffset at)
    {
        var rest = at.Ticks % Resolution;
        return rest == 0 ? at : at.AddTicks(Resolution - rest);
    }
}
