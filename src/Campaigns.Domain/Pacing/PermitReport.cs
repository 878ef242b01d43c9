using Campaigns.Stores;

namespace Campaigns.Domain.Pacing;

/// <summary>Tells operators what a plan was decided by.</summary>
public static class PermitReport
{
    /// <summary>Sums a plan up.</summary>
    /// <param name="request">What it was made from.</param>
    /// <param name="somebodyDue">Whether a contact could be called now.</param>
    /// <param name="nextReason">Why the first of those that wait is not due; null when nobody waits.</param>
    public static CampaignPermits Of(PermitRequest request, bool somebodyDue, string? nextReason)
    {
        ArgumentNullException.ThrowIfNull(request);
        var plan = PermitPlan.Of(request);
        var self = request.Nodes.First(n => n.CampaignId == request.CampaignId);
        var (view, account) = (plan.View, request.Account);
        var slots = view.Rivals.IsEmpty ? 1 : view.Weight / (view.Weight + view.Rivals.Sum(r => r.Weight));
        return new CampaignPermits(
            self.Weight,
            plan.LineLimit,
            view.LineShare,
            Math.Round(account.RateFactor * Math.Min(request.CallsPerMinute, account.CallsPerMinute * slots), 2),
            self.OrganizationLines,
            view.OrganizationInFlight,
            Math.Round(account.RateFactor, 3),
            account.ModelLines,
            somebodyDue ? Cause(plan.Dials.LimitedBy, account.RateFactor < 1)
                : nextReason is null ? null
                : string.Equals(nextReason, "outside_calling_window", StringComparison.Ordinal) ? WaitingFor.Window : WaitingFor.DueTime);
    }

    private static WaitingFor? Cause(PacingLimit limit, bool isBackedOff) => limit switch
    {
        PacingLimit.AccountBlocked or PacingLimit.ModelSessions => WaitingFor.BackOff,
        PacingLimit.CampaignRate or PacingLimit.AccountRate or PacingLimit.SlotShare when isBackedOff => WaitingFor.BackOff,
        PacingLimit.MaxConcurrent => WaitingFor.MaxConcurrent,
        PacingLimit.OrganizationCap => WaitingFor.OrganizationCap,
        PacingLimit.AccountCap => WaitingFor.AccountCap,
        PacingLimit.CampaignRate or PacingLimit.RunningAverage => WaitingFor.CampaignRate,
        PacingLimit.AccountRate => WaitingFor.AccountRate,
        PacingLimit.LineShare or PacingLimit.SlotShare => WaitingFor.Share,
        PacingLimit.PromisedLines or PacingLimit.PromisedSlots => WaitingFor.PromisedCallback,
        _ => null,
    };
}
