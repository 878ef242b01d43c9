using Campaigns.Domain.Pacing;

namespace Campaigns.Simulation.Model;

/// <summary>The permits of a carrier account in the model, as PostgreSQL keeps them.</summary>
internal sealed class ModelCarrierPermits(ModelDatabase database)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>The next slot of the account, taken; null when it lies too far ahead.</summary>
    public DateTimeOffset? Book(string accountId, DateTimeOffset now)
    {
        var account = database.Accounts[accountId];
        var slot = Later(Later(now, account.NextSlotAt), account.BlockedUntil);
        if (slot > now + LongestWait)
        {
            return null;
        }

        account.NextSlotAt = slot + Microseconds(60.0 / (account.CallsPerMinute * Pacing.Headroom));
        database.Wrote();
        return slot;
    }

    /// <summary>The carrier refused for the moment.</summary>
    public void ReportThrottled(string accountId, TimeSpan? retryAfter, DateTimeOffset now)
    {
        var account = database.Accounts[accountId];
        (account.RateFactor, account.ThrottledAt) = RateBackoff.Refused(account.RateFactor, account.ThrottledAt, now);
        account.BlockedUntil = Later(now + (retryAfter ?? TimeSpan.Zero), account.BlockedUntil);
        database.Wrote();
    }

    /// <summary>The live model refused a session for want of quota.</summary>
    public void ReportExhausted(string accountId, DateTimeOffset now)
    {
        var account = database.Accounts[accountId];
        if (now - account.ModelRefusedAt < RateBackoff.OneEvent)
        {
            return;
        }

        var inUse = database.CountersOf(account).Sum(c => c.Counters.InFlight);
        (account.ModelLines, account.ModelRefusedAt) = LineBackoff.Refused(account.ModelLines, account.ModelRefusedAt, inUse, now);
        database.Wrote();
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset? b) => b > a ? b.Value : a;

    /// <summary>An interval as PostgreSQL makes it of seconds.</summary>
    private static TimeSpan Microseconds(double seconds) => TimeSpan.FromMicroseconds((long)Math.Round(seconds * 1_000_000, MidpointRounding.ToEven));
}
