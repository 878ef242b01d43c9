using System.Collections.Immutable;

namespace Campaigns.Stores;

/// <summary>The counts by which lines are given out, and the rows that they stand for.</summary>
public interface IPermitLedger
{
    /// <summary>
    /// Counts the rows of campaigns whose counts were not checked since a time, one transaction each, and puts right what differs. Campaigns that are
    /// over and hold nothing are left out of the tree from then on.
    /// </summary>
    /// <param name="checkedBefore">Campaigns checked later are left for later.</param>
    /// <param name="now">The time of the check.</param>
    /// <param name="limit">Most campaigns in one call.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The differences found; each is a fault of ours.</returns>
    Task<ImmutableArray<PermitDrift>> ReconcileAsync(
        DateTimeOffset checkedBefore, DateTimeOffset now, int limit, CancellationToken cancellationToken);
}

/// <summary>Counts that differed from their rows, and are right again.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Difference">Each count that was wrong, as <c>name: was → is</c>.</param>
public sealed record PermitDrift(Guid CampaignId, string Difference);
