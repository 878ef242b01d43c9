using System.Collections.Immutable;
using Campaigns.Grains;
using Campaigns.Stores;

namespace Campaigns.DomainTests;

/// <summary>Contacts in the places of their life that tests begin at, and what a write makes of them.</summary>
internal static class Contacts
{
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);
    public static readonly Guid SessionId = new("5e551011-0000-4000-8000-000000000001");

    private static readonly ContactRules Rules = new(CampaignStatus.Running, RetryPolicy.Default, null, null, "Asia/Kolkata");

    public static ContactRecord Dialing(int attempts = 1) => At(ContactStatus.Dispatched, SessionState.Dialing, attempts: attempts);

    public static ContactRecord Ringing() => At(ContactStatus.InProgress, SessionState.Ringing, "sid-1");

    public static ContactRecord Over(ContactStatus status, CallOutcome outcome, string? sid = "sid-1")
    {
        var contact = At(status, SessionState.Ended, sid);
        return contact with { Session = contact.Session! with { Outcome = outcome } };
    }

    public static ContactRecord At(ContactStatus status, SessionState state, string? sid = null, int attempts = 1) => new(
        new Guid("c0000000-0000-4000-8000-000000000001"),
        new Guid("ca000000-0000-4000-8000-000000000001"),
        new Guid("00000000-0000-4000-8000-000000000001"),
        "+919876543210",
        status,
        attempts,
        Guid.Empty,
        Version: 7,
        new SessionRecord(SessionId, attempts, state, sid, null, Now.AddSeconds(-20), null, Now.AddSeconds(40)),
        Rules);

    public static ContactRecord With(this ContactRecord contact, CampaignStatus campaign) =>
        contact with { Rules = contact.Rules with { CampaignStatus = campaign } };

    public static ContactRecord With(this ContactRecord contact, params (CallOutcome Outcome, RetryRule Rule)[] rules) => contact with
    {
        Rules = contact.Rules with { Retry = new RetryPolicy { Rules = rules.ToImmutableDictionary(r => r.Outcome, r => r.Rule) } },
    };

    public static CarrierReport Ended(CallOutcome? outcome, string? sid = null, string? detail = null) =>
        new(SessionId, CarrierReportKind.Ended, outcome, sid, "callback", Detail: detail);

    public static CarrierReport News(CarrierReportKind kind, string? sid = null) => new(SessionId, kind, null, sid, "callback");

    /// <summary>The contact as a store leaves it.</summary>
    public static ContactRecord After(this ContactRecord contact, ContactChange change) => contact with
    {
        Status = change.To,
        Attempts = contact.Attempts + change.AttemptsDelta,
        Version = contact.Version + 1,
        Session = change.Session is { } s && contact.Session is { } old
            ? old with
            {
                State = s.State,
                CarrierSid = s.CarrierSid ?? old.CarrierSid,
                Outcome = s.Outcome ?? old.Outcome,
                AnsweredAt = s.AnsweredAt ?? old.AnsweredAt,
                GiveUpAt = s.GiveUpAt ?? old.GiveUpAt,
            }
            : contact.Session,
    };
}
