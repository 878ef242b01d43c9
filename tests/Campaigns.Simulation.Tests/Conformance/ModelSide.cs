using Campaigns.Domain.Contacts;
using Campaigns.Simulation.Model;

namespace Campaigns.Simulation.Tests.Conformance;

/// <summary>The model, read whole in the words of the database's rows.</summary>
internal static class ModelSide
{
    private static readonly ContactStatus[] Counted =
    [
        ContactStatus.Pending, ContactStatus.Dispatched, ContactStatus.Completed, ContactStatus.NoAnswer, ContactStatus.Failed, ContactStatus.Skipped,
        ContactStatus.Cancelled,
    ];

    public static List<string> Dump(ModelDatabase model)
    {
        var campaigns = model.Campaigns.OrderBy(c => c.Spec.Name, StringComparer.Ordinal).ToList();
        var decisions = model.Decisions.ToLookup(d => d.Contact);
        return
        [
            .. model.Accounts.Values.OrderBy(a => a.Id, StringComparer.Ordinal).Select(a => Line(
                "account", a.Id, a.NextSlotAt, a.RateFactor, a.ThrottledAt, a.BlockedUntil, a.OpenSlots, a.ShareClock, a.ModelLines, a.ModelRefusedAt)),
            .. campaigns.Select(c => Line(
                "campaign", c.Id, c.Status.ToText(), c.StartAt, c.Total, c.FrozenAt, c.StartedAt, c.FinishedAt, c.PauseReason, c.RunningSince,
                c.LeaseOwner, c.LeaseEpoch, c.LeaseUntil, c.Version)),
            .. campaigns.Where(c => c.Contacts.Count > 0).Select(c => Line(
                ["counters", c.Id, .. Counted.Select(s => (object)c.Counters.Of(s)), c.Counters.Dispatched, c.Counters.NextSlotAt, c.Counters.RanBefore,
                c.Spec.Weight, c.Counters.Live, c.Counters.WantedLines, c.Counters.WantedSlots, c.Counters.WantedPromised, c.Counters.WantedUntil,
                c.Counters.ShareClock, c.Counters.ReconciledAt])),
            .. campaigns.SelectMany(c => c.Contacts).Select(c => Line(
                "contact", c.Id, c.Person.Id, c.Position, c.Phone, c.Status.ToText(), c.Attempts, c.Priority, c.DueAt, c.TaskId, c.ClaimEpoch, c.ClaimedAt,
                c.ClaimUntil, c.Session?.Id, c.Outcome?.ToText(), c.Disposition, c.Reason, c.UpdatedAt, c.FinishedAt, c.Version)),
            .. campaigns.SelectMany(c => c.Contacts).Where(c => ContactMachine.IsInFlight(c.Status)).Select(c => Line(
                "permit", c.Session is null ? "CLAIM" : "CALL", c.Campaign.Organization.Account.Id, c.Id, c.Session?.Id, c.Session?.State.ToText(),
                c.Session?.Owner ?? $"epoch {c.ClaimEpoch}", c.ClaimedAt, c.Session is { } call ? call.CheckAt : c.ClaimUntil,
                c.Session?.GiveUpAt ?? c.ClaimUntil)),
            .. model.Sessions.OrderBy(s => s.Id.ToString(), StringComparer.Ordinal).Select(s => Line(
                "session", s.Id, s.Contact.Id, s.Attempt, s.Phone, s.State.ToText(), s.Outcome?.ToText(), s.CarrierSid, s.TokenExpiresAt, s.Owner,
                s.StartedAt, s.SendBefore, s.PlacedAt, s.AnsweredAt, s.EndedAt, s.CarrierEndedAt, s.Duration, s.RecordingUrl, s.Detail, s.CheckAt,
                s.GiveUpAt)),
            .. campaigns.SelectMany(c => c.Contacts).SelectMany(c => decisions[c]).Select(d => Line(
                "decision", d.Contact.Id, d.At, d.Kind.ToText(), d.Attempt, d.Reason, d.DueAt, d.Epoch, d.SessionId, d.Actor)),
        ];
    }

    private static string Line(params object?[] values) => string.Join('|', values.Select(PostgresSide.Word));
}
