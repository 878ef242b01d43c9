using System.Collections.Immutable;
using Campaigns.Grains;
using Campaigns.Simulation.Faults;
using Campaigns.Stores;

namespace Campaigns.Simulation.World;

/// <summary>A process's way to the campaigns.</summary>
internal sealed class PortedCampaignStore(Port port, ICampaignStore store, Judge judge) : ICampaignStore
{
    public Task<CampaignRecord?> LoadAsync(Guid campaignId, CancellationToken cancellationToken)
        => throw new NotSupportedException("No grain of the simulation reads a whole campaign.");

    public Task<CommandResult> StartAsync(Guid campaignId, DateTimeOffset now, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.StartCampaign, () => store.StartAsync(campaignId, now, cancellationToken));

    public Task<CommandResult> ApplyAsync(
        Guid campaignId, CampaignCommand command, string reason, DateTimeOffset now, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.ApplyCommand, () => store.ApplyAsync(campaignId, command, reason, now, cancellationToken));

    public Task<int> CountDialsUnderWayAsync(Guid campaignId, DateTimeOffset sendAfter, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.CountDialsUnderWay, () => store.CountDialsUnderWayAsync(campaignId, sendAfter, cancellationToken));

    public Task<CampaignLease?> TryAcquireLeaseAsync(
        Guid campaignId, string owner, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.AcquireLease, () => store.TryAcquireLeaseAsync(campaignId, owner, now, duration, cancellationToken));

    public Task<bool> RenewLeaseAsync(CampaignLease lease, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken)
        => port.CallAsync(
            PortMethod.RenewLease,
            () => judge.Fenced(lease.CampaignId, lease.Epoch, () => store.RenewLeaseAsync(lease, now, duration, cancellationToken)));

    public Task ReleaseLeaseAsync(CampaignLease lease, CancellationToken cancellationToken)
        => port.CallAsync(
            PortMethod.ReleaseLease,
            () => judge.Fenced(lease.CampaignId, lease.Epoch, async () =>
            {
                await store.ReleaseLeaseAsync(lease, cancellationToken);
                return true;
            }));

    public Task HandOverLeaseAsync(CampaignLease lease, DateTimeOffset? unusedFrom, CancellationToken cancellationToken)
        => port.CallAsync(
            PortMethod.ReleaseLease,
            () => judge.Fenced(lease.CampaignId, lease.Epoch, async () =>
            {
                await store.HandOverLeaseAsync(lease, unusedFrom, cancellationToken);
                return true;
            }));

    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
        => port.CallAsync(
            PortMethod.Claim,
            () => judge.Fenced(request.Lease.CampaignId, request.Lease.Epoch, () => store.ClaimAsync(request, cancellationToken)));

    public Task<ImmutableArray<Guid>> FindUndrivenAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.FindUndriven, () => store.FindUndrivenAsync(now, limit, cancellationToken));

    public Task<ImmutableArray<AttemptOutcome>> RecentOutcomesAsync(Guid campaignId, int count, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.RecentOutcomes, () => store.RecentOutcomesAsync(campaignId, count, cancellationToken));
}

/// <summary>A process's way to the contacts.</summary>
internal sealed class PortedContactStore(Port port, IContactStore store, Judge judge) : IContactStore
{
    public Task<ContactRecord?> LoadAsync(Guid campaignContactId, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.LoadContact, () => store.LoadAsync(campaignContactId, cancellationToken));

    public Task<OpenSessionResult> OpenSessionAsync(OpenSession command, CancellationToken cancellationToken)
        => port.CallAsync(
            PortMethod.OpenSession,
            () => judge.Fenced(command.Order.CampaignId, command.Order.Epoch, () => store.OpenSessionAsync(command, cancellationToken)));

    public Task<bool> ReleaseClaimAsync(
        Guid campaignContactId, Guid taskId, DateTimeOffset dueAt, string reason, DateTimeOffset now, CancellationToken cancellationToken)
        => port.CallAsync(
            PortMethod.ReleaseClaim, () => store.ReleaseClaimAsync(campaignContactId, taskId, dueAt, reason, now, cancellationToken));

    public Task<bool> SkipClaimAsync(Guid campaignContactId, Guid taskId, string reason, DateTimeOffset now, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.SkipClaim, () => store.SkipClaimAsync(campaignContactId, taskId, reason, now, cancellationToken));

    public Task<bool> ApplyAsync(ContactChange change, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.ApplyChange, () => store.ApplyAsync(change, cancellationToken));

    public Task<int> ReleaseStrandedAsync(Guid campaignId, long epoch, DateTimeOffset now, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.ReleaseStranded, () => store.ReleaseStrandedAsync(campaignId, epoch, now, cancellationToken));

    public Task<int> ReleaseStaleClaimsAsync(DateTimeOffset claimedBefore, DateTimeOffset now, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.ReleaseStaleClaims, () => store.ReleaseStaleClaimsAsync(claimedBefore, now, cancellationToken));

    public Task<bool> HasRivalDialAsync(Guid sessionId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.HasRivalDial, () => store.HasRivalDialAsync(sessionId, from, to, cancellationToken));

    public Task<IReadOnlySet<string>> FindBoundSidsAsync(IReadOnlyCollection<string> sids, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.FindBoundSids, () => store.FindBoundSidsAsync(sids, cancellationToken));

    public Task<ImmutableArray<OverdueSession>> TakeOverdueAsync(
        DateTimeOffset now, TimeSpan nextCheckAfter, int limit, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.TakeOverdue, () => store.TakeOverdueAsync(now, nextCheckAfter, limit, cancellationToken));
}

/// <summary>A process's way to the counts. They and their rows change together, so that it must never find a difference.</summary>
internal sealed class PortedPermitLedger(Port port, IPermitLedger ledger, Judge judge) : IPermitLedger
{
    public Task<ImmutableArray<PermitDrift>> ReconcileAsync(
        DateTimeOffset checkedBefore, DateTimeOffset now, int limit, CancellationToken cancellationToken)
        => port.CallAsync(PortMethod.Reconcile, async () =>
        {
            var drifts = await ledger.ReconcileAsync(checkedBefore, now, limit, cancellationToken);
            foreach (var drift in drifts)
            {
                judge.Fail(Promise.NobodyIsLost, $"counts differed from their rows: {drift.Difference}");
            }

            return drifts;
        });
}
