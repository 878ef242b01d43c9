using Campaigns.Domain.Pacing;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.World;

namespace Campaigns.Simulation;

internal sealed partial class Judge
{
    /// <summary>How late a dial may leave after its slot: its own lateness, and the time to send it in.</summary>
    private TimeSpan Lateness => _world.Scenario.Drive.DialLateness + _world.Scenario.Drive.SendWithin;

    private readonly Dictionary<ContactRow, List<(LedgerEntry Entry, SessionRow Session)>> _rung = [];
    private readonly Dictionary<object, List<long>> _sent = [];

    /// <summary>A request leaves for the carrier, whatever becomes of it.</summary>
    public void OnSent(Guid sessionId)
    {
        var campaign = Session(sessionId).Contact.Campaign;
        Rate(campaign, campaign.Spec.CallsPerMinute, campaign.Spec.Name);
        Rate(campaign.Organization.Account, campaign.Organization.Account.CallsPerMinute, "the account");
    }

    /// <summary>A phone rings.</summary>
    public void OnRung(LedgerEntry entry)
    {
        var session = Session(entry.SessionId);
        var contact = session.Contact;
        if (!_rung.TryGetValue(contact, out var before))
        {
            _rung.Add(contact, before = []);
        }

        NobodyIsCalledTwice(entry, session, before);
        if (before.Find(b => b.Session.Outcome == CallOutcome.Unknown) is { Session: { } unknown })
        {
            Fail(Promise.UnknownIsNotRedialled, $"{NameOf(contact)} rings again after session {unknown.Number}, of which nobody knows what became");
        }

        if (_stopped.Contains(contact.Campaign))
        {
            Fail(Promise.StopMeansStop, $"{NameOf(contact)} rings; {contact.Campaign.Spec.Name} is {contact.Campaign.Status}, and whoever asked was told so");
        }

        if (entry.Phone != contact.Phone || _frozen.GetValueOrDefault(contact) != entry.Phone)
        {
            Fail(Promise.SnapshotIsFrozen, $"{NameOf(contact)} is rung on another number than was frozen");
        }

        if (_optOuts.TryGetValue((contact.Campaign.Organization, contact.Phone), out var optedOut) && _gates[session] > optedOut)
        {
            Fail(Promise.OptOutHolds, $"{NameOf(contact)} rings after an opt-out");
        }

        before.Add((entry, session));
        LiveCalls(contact.Campaign);
    }

    private void NobodyIsCalledTwice(LedgerEntry entry, SessionRow session, List<(LedgerEntry Entry, SessionRow Session)> before)
    {
        var contact = session.Contact;
        foreach (var (_, other) in before)
        {
            if (other == session)
            {
                Fail(Promise.NobodyIsCalledTwice, $"{NameOf(contact)} rings twice for session {session.Number}");
            }

            if (other.Attempt == session.Attempt)
            {
                Fail(Promise.NobodyIsCalledTwice, $"{NameOf(contact)} rings twice in attempt {session.Attempt}: sessions {other.Number} and {session.Number}");
            }
        }

        foreach (var other in Database.SessionsOf(contact.Campaign.Organization, contact.Phone))
        {
            if (_rung.GetValueOrDefault(other.Contact)?.Find(r => r.Session == other && r.Entry.IsLive).Entry is { } live)
            {
                Fail(Promise.NobodyIsCalledTwice, $"{entry.Phone} rings for {NameOf(contact)} during the call {live.Sid} for {NameOf(other.Contact)}");
            }
        }
    }

    private void LiveCalls(CampaignRow campaign)
    {
        var organization = campaign.Organization;
        var (own, all, everybody) = (0, 0, 0);
        foreach (var entry in _world.Carrier.Ledger)
        {
            if (entry.IsLive)
            {
                var of = Session(entry.SessionId).Contact.Campaign;
                everybody++;
                all += of.Organization == organization ? 1 : 0;
                own += of == campaign ? 1 : 0;
            }
        }

        if (own > campaign.Spec.MaxConcurrent || all > organization.OutboundLines || everybody > organization.Account.OutboundLines)
        {
            Fail(
                Promise.CapsHold,
                $"{own} live calls of {campaign.Spec.Name} ({campaign.Spec.MaxConcurrent} allowed), {all} of its organization ({organization.OutboundLines}), {everybody} of the account ({organization.Account.OutboundLines})");
        }
    }

    /// <summary>Any n dials in a row take the time of n - 1 slots, but for what a dial may be late and clocks may differ.</summary>
    private void Rate(object of, int callsPerMinute, string name)
    {
        if (!_sent.TryGetValue(of, out var sent))
        {
            _sent.Add(of, sent = []);
        }

        var now = _world.Kernel.Now;
        var spacing = Pacing.Spacing(callsPerMinute).Ticks;
        var slack = (Lateness + _world.Scenario.Weather.ClockSpread).Ticks;
        for (var n = 1; n <= sent.Count && n <= 60; n++)
        {
            if (now - sent[^n] < (n * spacing) - slack)
            {
                Fail(Promise.CapsHold, $"{n + 1} dials of {name} in {TimeSpan.FromTicks(now - sent[^n]).TotalSeconds:F3} s; {callsPerMinute} a minute are allowed");
            }
        }

        var minute = now - (TimeSpan.FromMinutes(1) - _world.Scenario.Weather.ClockSpread).Ticks;
        sent.Add(now);
        var inAMinute = sent.Count - sent.FindIndex(at => at > minute);
        if (inAMinute > callsPerMinute)
        {
            Fail(Promise.CapsHold, $"{inAMinute} dials of {name} in a rolling minute; {callsPerMinute} are allowed");
        }
    }

    /// <summary>The outcome of each attempt is the one of its call.</summary>
    private void RecordIsTrue()
    {
        foreach (var (contact, calls) in _rung)
        {
            foreach (var (entry, session) in calls)
            {
                if (session.Outcome is CallOutcome.Completed or CallOutcome.NoAnswer or CallOutcome.Busy or CallOutcome.Failed
                    && (session.Outcome != entry.Outcome || session.CarrierSid != entry.Sid))
                {
                    Fail(Promise.RecordIsTrue, $"{NameOf(contact)}, session {session.Number}: {session.Outcome} of {session.CarrierSid} on record, {entry.Outcome} of {entry.Sid} in the ledger");
                }

                if (session.Outcome is CallOutcome.RejectedForNow or CallOutcome.CarrierUnavailable or CallOutcome.NotPlaced or CallOutcome.Rejected)
                {
                    Fail(Promise.RecordIsTrue, $"{NameOf(contact)}, session {session.Number}: {session.Outcome} on record, and the phone rang as {entry.Sid}");
                }
            }
        }
    }

    private SessionRow Session(Guid id) => Database.TrySession(id, out var session)
        ? session
        : throw new InvalidOperationException("A dial without a session: the gate was passed by.");
}
