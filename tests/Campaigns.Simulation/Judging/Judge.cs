using Campaigns.Domain.Campaigns;
using Campaigns.Domain.Contacts;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.World;

namespace Campaigns.Simulation;

/// <summary>Holds a run to every promise, after every step, by the carrier's ledger and the database.</summary>
internal sealed partial class Judge
{
    private readonly SimulatedWorld _world;
    private readonly HashSet<CampaignRow> _stopped = [];
    private readonly Dictionary<ContactRow, string> _frozen = [];
    private readonly Dictionary<(OrganizationRow, string), long> _optOuts = [];
    private readonly Dictionary<SessionRow, long> _gates = [];
    private InvariantBrokenException? _broken;
    private long _writes;
    private int _sessions;

    public Judge(SimulatedWorld world)
    {
        _world = world;
        world.Database.Moved = OnMoved;
    }

    private ModelDatabase Database => _world.Database;

    public static string NameOf(ContactRow contact) => $"{contact.Campaign.Spec.Name}/{contact.Position}";

    /// <summary>Remembers the first broken promise, also where the product would catch the exception.</summary>
    public void Fail(Promise promise, string how)
    {
        _broken ??= new InvariantBrokenException(promise, how);
        throw _broken;
    }

    public void ThrowIfBroken()
    {
        if (_broken is not null)
        {
            throw _broken;
        }
    }

    public void OnOptOut(OrganizationRow organization, string phone)
    {
        _world.Trace.Say($"{phone} opts out");
        _optOuts.TryAdd((organization, phone), _world.Kernel.Steps);
    }

    /// <summary>A pause or cancel has returned to whoever asked.</summary>
    public void OnStopped(CampaignRow campaign)
    {
        if (campaign.Status is CampaignStatus.Paused or CampaignStatus.Cancelled)
        {
            _stopped.Add(campaign);
            _world.Tally.Stops++;
        }
    }

    /// <summary>Runs a transaction of an owner: under an epoch that is not in force any more it must not write.</summary>
    public Task<T> Fenced<T>(Guid campaignId, long epoch, Func<Task<T>> transaction)
    {
        var stale = Database.TryCampaign(campaignId, out var campaign) && campaign.LeaseEpoch != epoch;
        _world.Tally.StaleOwners += stale ? 1 : 0;
        var before = Database.Writes;
        var result = transaction();
        if (stale && Database.Writes != before)
        {
            Fail(Promise.StaleOwnerChangesNothing, $"the owner of epoch {epoch} of {campaign!.Spec.Name} wrote under epoch {campaign.LeaseEpoch}");
        }

        return result;
    }

    /// <summary>Looks at everything that a transaction may have changed.</summary>
    public void AfterStep()
    {
        if (Database.Writes == _writes)
        {
            return;
        }

        _writes = Database.Writes;
        for (; _sessions < Database.Sessions.Count; _sessions++)
        {
            _gates.Add(Database.Sessions[_sessions], _world.Kernel.Steps);
        }

        foreach (var account in Database.Accounts.Values)
        {
            var held = Database.CountersOf(account).Sum(c => c.Counters.InFlight);
            if (held > account.OutboundLines)
            {
                Fail(Promise.CapsHold, $"{held} contacts in flight; the account has {account.OutboundLines} lines for them");
            }
        }

        foreach (var organization in Database.Organizations)
        {
            var inFlight = 0;
            foreach (var campaign in organization.Campaigns)
            {
                inFlight += campaign.Counters.InFlight;
                LookAt(campaign);
            }

            if (inFlight > organization.OutboundLines)
            {
                Fail(Promise.CapsHold, $"{inFlight} contacts in flight; the organization has {organization.OutboundLines} lines for them");
            }
        }

        foreach (var session in Database.Live)
        {
            if (session.Contact.Session != session || !ContactMachine.IsInFlight(session.Contact.Status))
            {
                Fail(Promise.NobodyIsLost, $"session {session.Number} lives, and {NameOf(session.Contact)} is {session.Contact.Status} without it");
            }
        }
    }

    public bool IsEverythingTerminal()
        => Database.Live.Count == 0 && Database.Campaigns.TrueForAll(c => CampaignMachine.IsTerminal(c.Status) && c.Counters.InFlight == 0);

    public string WhatIsLeft() => string.Join("; ", Database.Campaigns.Where(c => !CampaignMachine.IsTerminal(c.Status) || c.Counters.InFlight > 0)
        .Select(c => $"{c.Spec.Name} {c.Status}, {c.Counters.Pending} pending, {c.Counters.InFlight} in flight, lease {c.LeaseOwner} until {c.LeaseUntil:T}"))
        + string.Concat(Database.Live.Select(s => $"; session {s.Number} of {NameOf(s.Contact)} {s.State}"));

    public void AtEnd()
    {
        foreach (var contact in Database.Campaigns.SelectMany(c => c.Contacts))
        {
            if (!ContactMachine.IsTerminal(contact.Status))
            {
                Fail(Promise.NobodyIsLost, $"{NameOf(contact)} is {contact.Status} in a campaign that is over");
            }

            var rung = _rung.GetValueOrDefault(contact)?.Count ?? 0;
            if (rung > contact.Attempts)
            {
                Fail(Promise.NobodyIsCalledTwice, $"{NameOf(contact)} was rung {rung} times in {contact.Attempts} attempts");
            }

            if (contact.Status == ContactStatus.Completed && rung == 0)
            {
                Fail(Promise.RecordIsTrue, $"{NameOf(contact)} is COMPLETED and was never rung");
            }
        }

        RecordIsTrue();
    }

    private void LookAt(CampaignRow campaign)
    {
        if (campaign.Counters.InFlight > campaign.Spec.MaxConcurrent)
        {
            Fail(Promise.CapsHold, $"{campaign.Counters.InFlight} contacts of {campaign.Spec.Name} in flight; {campaign.Spec.MaxConcurrent} are allowed");
        }

        if (campaign.Status is not (CampaignStatus.Paused or CampaignStatus.Cancelled))
        {
            _stopped.Remove(campaign);
        }

        Span<int> counted = stackalloc int[8];
        foreach (var contact in campaign.Contacts)
        {
            counted[(int)contact.Status]++;
            LookAt(contact);
        }

        counted[(int)ContactStatus.Dispatched] += counted[(int)ContactStatus.InProgress];
        for (var status = ContactStatus.Pending; status <= ContactStatus.Cancelled; status++)
        {
            if (status != ContactStatus.InProgress && campaign.Counters.Of(status) != counted[(int)status])
            {
                Fail(Promise.NobodyIsLost, $"{campaign.Spec.Name} counts {campaign.Counters.Of(status)} {status}; there are {counted[(int)status]}");
            }
        }

        if (campaign.FrozenAt is not null && campaign.Contacts.Count != campaign.Total)
        {
            Fail(Promise.SnapshotIsFrozen, $"{campaign.Spec.Name} has {campaign.Contacts.Count} contacts; {campaign.Total} were frozen");
        }

        if (CampaignMachine.IsTerminal(campaign.Status) && campaign.Counters.Pending > 0)
        {
            Fail(Promise.NobodyIsLost, $"{campaign.Counters.Pending} contacts wait in {campaign.Spec.Name}, which is {campaign.Status}");
        }
    }

    private void LookAt(ContactRow contact)
    {
        if (!_frozen.TryAdd(contact, contact.Phone) && _frozen[contact] != contact.Phone)
        {
            Fail(Promise.SnapshotIsFrozen, $"{NameOf(contact)} has another number");
        }

        var live = contact.Session is { State: not SessionState.Ended };
        var wrong = (contact.Status == ContactStatus.Pending) != (contact.DueAt is not null) ? "due"
            : ContactMachine.IsInFlight(contact.Status) != (contact.TaskId is not null) ? "claimed"
            : ContactMachine.IsTerminal(contact.Status) != (contact.FinishedAt is not null) ? "finished"
            : contact.Status == ContactStatus.InProgress && !live ? "on the phone"
            : contact.Attempts < 0 ? "attempted" : null;
        if (wrong is not null)
        {
            Fail(Promise.NobodyIsLost, $"{NameOf(contact)} is {contact.Status}, and wrongly {wrong}");
        }
    }

    private void OnMoved(ContactRow contact, ContactStatus from, ContactStatus to)
    {
        if (from != to && !ContactMachine.CanMove(from, to))
        {
            Fail(Promise.NobodyIsLost, $"{NameOf(contact)} went from {from} to {to}");
        }
    }
}
