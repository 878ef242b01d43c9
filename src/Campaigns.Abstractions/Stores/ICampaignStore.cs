using System.Collections.Immutable;
using Campaigns.Grains;

namespace Campaigns.Stores;

/// <summary>Campaigns as their grains need them: life, lease, claims. Every method is one transaction.</summary>
public interface ICampaignStore
{
    /// <summary>The campaign, or null.</summary>
    Task<CampaignRecord?> LoadAsync(Guid campaignId, CancellationToken cancellationToken);

    /// <summary>
    /// Freezes the audience into snapshot rows and moves a draft to scheduled or running. Repeated: a no-op.
    /// Refused, with nothing changed, when the campaign cannot start (another channel, empty audience, unknown agent).
    /// </summary>
    Task<CommandResult> StartAsync(Guid campaignId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Applies a command to a started campaign. Pause and cancel also give back every claim that has not become a dial.</summary>
    /// <param name="campaignId">The campaign.</param>
    /// <param name="command">What to do.</param>
    /// <param name="reason">Shown to operators; kept as the pause reason.</param>
    /// <param name="now">The time of the command.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<CommandResult> ApplyAsync(
        Guid campaignId, CampaignCommand command, string reason, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>How many dials of the campaign have passed their gate, have no answer yet, and were to be sent after <paramref name="sendAfter"/>.</summary>
    Task<int> CountDialsUnderWayAsync(Guid campaignId, DateTimeOffset sendAfter, CancellationToken cancellationToken);

    /// <summary>Takes the lease if it is free, expired or already this owner's; the epoch grows with every new owner.</summary>
    /// <returns>The lease, or null when another holds it or the campaign is not to be driven.</returns>
    Task<CampaignLease?> TryAcquireLeaseAsync(
        Guid campaignId, string owner, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Prolongs a lease that is still this epoch's.</summary>
    /// <returns>False when the epoch has moved on or the campaign is over.</returns>
    Task<bool> RenewLeaseAsync(CampaignLease lease, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Lets the lease go so that another may drive at once. Harmless when it is no longer ours.</summary>
    Task ReleaseLeaseAsync(CampaignLease lease, CancellationToken cancellationToken);

    /// <summary>The same by an owner that gave claims back: their slots are free again. Harmless when the lease is no longer ours.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="unusedFrom">The first slot that was given and not dialled, nor any after it; null when all were.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task HandOverLeaseAsync(CampaignLease lease, DateTimeOffset? unusedFrom, CancellationToken cancellationToken);

    /// <summary>Decides who is called next; see DESIGN 5.3 for the rules. Also opens a scheduled campaign and completes a finished one.</summary>
    Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken);

    /// <summary>Running or due campaigns that nobody drives: their lease is free or expired.</summary>
    Task<ImmutableArray<Guid>> FindUndrivenAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>The newest ended attempts since the campaign last began to run, newest first: what the circuit breaker judges by.</summary>
    Task<ImmutableArray<AttemptOutcome>> RecentOutcomesAsync(Guid campaignId, int count, CancellationToken cancellationToken);
}

/// <summary>Commands on a started campaign.</summary>
public enum CampaignCommand
{
    /// <summary>Freeze the audience and go.</summary>
    Start,

    /// <summary>A scheduled campaign's time has come.</summary>
    Open,

    /// <summary>Stop dialling.</summary>
    Pause,

    /// <summary>Go on.</summary>
    Resume,

    /// <summary>End it.</summary>
    Cancel,

    /// <summary>Every contact is terminal.</summary>
    Complete,
}

/// <summary>A campaign as stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OrganizationId">Its organization.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Spec">What the operator asked for.</param>
/// <param name="Total">Contacts in the snapshot; 0 before start.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="StartedAt">When dialling first began, if it did.</param>
/// <param name="FinishedAt">When it completed or was cancelled.</param>
/// <param name="PauseReason">Why it is paused; null otherwise.</param>
public sealed record CampaignRecord(
    Guid Id,
    Guid OrganizationId,
    CampaignStatus Status,
    CampaignSpec Spec,
    int Total,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? PauseReason);

/// <summary>The right to drive one campaign until a time, fenced by an epoch.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Owner">Who: silo and activation.</param>
/// <param name="Epoch">Grows with every change of owner; every claim and campaign write of the owner names it.</param>
public sealed record CampaignLease(Guid CampaignId, string Owner, long Epoch);

/// <summary>A request for the next dials of a campaign.</summary>
/// <param name="Lease">The caller's lease.</param>
/// <param name="Now">The caller's clock.</param>
/// <param name="Horizon">Dials whose slot is later are left for the next tick.</param>
/// <param name="MaxBatch">Most claims in one transaction, ≥ 1.</param>
public sealed record ClaimRequest(CampaignLease Lease, DateTimeOffset Now, DateTimeOffset Horizon, int MaxBatch)
{
    /// <summary>How long after its slot a claim that is no dial stays the claimer's; 60 s. Then anybody may give it back.</summary>
    public TimeSpan HoldFor { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>What a claim gave.</summary>
/// <param name="Kind">Whether the campaign may be driven on.</param>
/// <param name="Orders">The dials, in slot order.</param>
/// <param name="MoreCandidates">True when candidates were passed over in this transaction and the budget is not used up: claim again at once.</param>
public sealed record ClaimResult(ClaimResultKind Kind, ImmutableArray<DialOrder> Orders, bool MoreCandidates)
{
    /// <summary>The campaign's lines once the claim was made; null where the store does not tell.</summary>
    public ClaimLines? Lines { get; init; }
}

/// <summary>Lines of a campaign, for whoever watches it.</summary>
/// <param name="InFlight">Those it holds.</param>
/// <param name="Limit">Those it may hold at this moment: its own maximum, its share, and what others leave.</param>
/// <param name="RateFactor">Share of the account's rates in use after the carrier said "too many"; 1 normally.</param>
public sealed record ClaimLines(int InFlight, int Limit, double RateFactor);

/// <summary>Whether the claimer may go on.</summary>
public enum ClaimResultKind
{
    /// <summary>The campaign runs under this lease; there may be zero orders.</summary>
    Claimed,

    /// <summary>Not running (paused, scheduled for later): nothing to do for now.</summary>
    NotRunning,

    /// <summary>Every contact is terminal: the campaign is completed.</summary>
    Finished,

    /// <summary>The lease has another epoch: stop driving.</summary>
    LeaseLost,
}

/// <summary>One ended attempt, for the circuit breaker.</summary>
/// <param name="SessionId">The attempt.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="EndedAt">When.</param>
public sealed record AttemptOutcome(Guid SessionId, CallOutcome Outcome, DateTimeOffset EndedAt);
