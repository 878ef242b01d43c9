using Campaigns.Simulation.Virtual;
using Campaigns.Stores;

namespace Campaigns.Simulation.Tests.Conformance;

/// <summary>Answers of a store as text: what is compared and what a failure shows.</summary>
internal static class Words
{
    public static string Of(DateTimeOffset? time)
        => time is { } t ? $"{(t - VirtualClock.Start).TotalMicroseconds:F0}" : "-";

    public static string Of(ContactRecord? c) => c is null
        ? "nobody"
        : $"{c.Id} {c.CampaignId} {c.OrganizationId} {c.Phone} {c.Status} {c.Attempts} {c.TaskId} v{c.Version} [{Of(c.Session)}] "
            + $"{c.Rules.CampaignStatus} {c.Rules.Window} {c.Rules.TimeZone} {c.Rules.OrganizationTimeZone} "
            + string.Join(",", c.Rules.Retry.Rules.OrderBy(r => r.Key).Select(r => $"{r.Key}×{r.Value.MaxAttempts}:{string.Join('/', r.Value.Backoff)}"));

    public static string Of(ClaimResult claim) => $"{claim.Kind} {claim.MoreCandidates} "
        + string.Join("; ", claim.Orders.Select(o =>
            $"{o.CampaignContactId} {o.CampaignId} {o.OrganizationId} {o.TaskId} e{o.Epoch} #{o.Attempt} {o.Phone} at {Of(o.DialAt)}"));

    public static string Of(CampaignLease? lease) => lease is null ? "none" : $"{lease.CampaignId} {lease.Owner} e{lease.Epoch}";

    public static string Of(CampaignRecord? c) => c is null
        ? "none"
        : $"{c.Id} {c.OrganizationId} {c.Status} {c.Spec.Name} {c.Total} {Of(c.CreatedAt)} {Of(c.StartedAt)} {Of(c.FinishedAt)} {c.PauseReason}";

    public static string Of(IEnumerable<AttemptOutcome> outcomes) => string.Join(
        "; ", outcomes.OrderByDescending(o => o.EndedAt).ThenBy(o => o.SessionId).Select(o => $"{o.SessionId} {o.Outcome} {Of(o.EndedAt)}"));

    public static string Of(IEnumerable<OverdueSession> sessions) => string.Join(
        "; ", sessions.OrderBy(s => s.SessionId).Select(s =>
            $"{s.SessionId} {s.CampaignContactId} {s.Phone} {s.State} {s.CarrierSid} {Of(s.StartedAt)} {Of(s.SendBefore)} {Of(s.GiveUpAt)}"));

    private static string Of(SessionRecord? s) => s is null
        ? "-"
        : $"{s.Id} #{s.Attempt} {s.State} {s.CarrierSid} {s.Outcome} {Of(s.StartedAt)} {Of(s.AnsweredAt)} {Of(s.GiveUpAt)} {s.Conversation} {Of(s.CarrierEndedAt)}";
}
