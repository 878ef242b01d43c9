using System.Diagnostics.CodeAnalysis;
using Campaigns.Domain.Contacts;

namespace Campaigns.Simulation.Model;

/// <summary>
/// The tables of a campaign database in memory, with their constraints. Each operation of the stores beside it is one transaction: nothing runs
/// in between. Rows are kept and looked through in the order of their insertion, so that a replay meets them in the same order.
/// </summary>
internal sealed class ModelDatabase
{
    private readonly Dictionary<Guid, CampaignRow> _campaigns = [];
    private readonly Dictionary<Guid, ContactRow> _contacts = [];
    private readonly Dictionary<Guid, SessionRow> _sessions = [];
    private readonly List<SessionRow> _live = [];
    private readonly Dictionary<(Guid Organization, string Phone), List<SessionRow>> _byPerson = [];
    private readonly Dictionary<string, SessionRow> _bySid = new(StringComparer.Ordinal);

    /// <summary>Ids of new claims and snapshot rows.</summary>
    public Func<ContactRow?, Guid> NewId { get; set; } = _ => Guid.NewGuid();

    /// <summary>Bugs put in on purpose.</summary>
    public PlantedBugs Bugs { get; init; }

    /// <summary>Grows with every write: a transaction that leaves it has changed nothing.</summary>
    public long Writes { get; private set; }

    /// <summary>Claims that left a campaign waiting for others.</summary>
    public long Waits { get; set; }

    public Dictionary<string, AccountRow> Accounts { get; } = new(StringComparer.Ordinal);

    public List<OrganizationRow> Organizations { get; } = [];

    public List<CampaignRow> Campaigns { get; } = [];

    public List<SessionRow> Sessions { get; } = [];

    public List<DecisionRow> Decisions { get; } = [];

    /// <summary>The sessions that have not ended.</summary>
    public IReadOnlyList<SessionRow> Live => _live;

    /// <summary>Told of every change of a contact's row, before and after.</summary>
    public Action<ContactRow, ContactStatus, ContactStatus>? Moved { get; set; }

    public CampaignRow Add(CampaignRow campaign)
    {
        _campaigns.Add(campaign.Id, campaign);
        Campaigns.Add(campaign);
        campaign.Organization.Campaigns.Add(campaign);
        return campaign;
    }

    public ContactRow Add(ContactRow contact)
    {
        _contacts.Add(contact.Id, contact);
        contact.Campaign.Contacts.Add(contact);
        Wrote();
        return contact;
    }

    public bool TryCampaign(Guid id, [NotNullWhen(true)] out CampaignRow? campaign) => _campaigns.TryGetValue(id, out campaign);

    public bool TryContact(Guid id, [NotNullWhen(true)] out ContactRow? contact) => _contacts.TryGetValue(id, out contact);

    public bool TrySession(Guid id, [NotNullWhen(true)] out SessionRow? session) => _sessions.TryGetValue(id, out session);

    /// <summary>An account's campaigns whose row of <c>campaign_counters</c> says that they are live.</summary>
    public IEnumerable<CampaignRow> CountersOf(AccountRow account)
        => Campaigns.Where(c => c.HasCounters && c.Counters.Live && c.Organization.Account == account);

    public SessionRow? FindSid(string sid) => _bySid.GetValueOrDefault(sid);

    /// <summary>The sessions of a person, oldest first.</summary>
    public IReadOnlyList<SessionRow> SessionsOf(OrganizationRow organization, string phone)
        => _byPerson.GetValueOrDefault((organization.Id, phone)) ?? [];

    public void Wrote() => Writes++;

    /// <summary>Moves a row to a status, with its counter, the CHECKs on it and whoever watches.</summary>
    public void Move(ContactRow contact, ContactStatus to, DateTimeOffset now)
    {
        var from = contact.Status;
        contact.Campaign.Counters.Move(from, to);
        contact.Status = to;
        if (to != ContactStatus.Pending)
        {
            contact.DueAt = null;
        }

        if (!ContactMachine.IsInFlight(to))
        {
            contact.TaskId = null;
        }

        contact.FinishedAt = ContactMachine.IsTerminal(to) ? contact.FinishedAt ?? now : null;
        contact.UpdatedAt = now;
        contact.Version++;
        Wrote();
        Moved?.Invoke(contact, from, to);
    }

    /// <summary>Inserts a session unless a unique index objects: the id, the person's live call, or the contact's attempt.</summary>
    public bool TryInsert(SessionRow session)
    {
        var key = (session.Contact.Campaign.Organization.Id, session.Phone);
        if (!_byPerson.TryGetValue(key, out var others))
        {
            _byPerson.Add(key, others = []);
        }

        if (_sessions.ContainsKey(session.Id)
            || (!Bugs.HasFlag(PlantedBugs.NoLiveSessionIndex) && others.Exists(o => o.State != SessionState.Ended))
            || others.Exists(o => o.Contact == session.Contact && o.Attempt == session.Attempt && Counts(o)))
        {
            return false;
        }

        _sessions.Add(session.Id, session);
        Sessions.Add(session);
        others.Add(session);
        _live.Add(session);
        Wrote();
        return true;
    }

    /// <summary>Sets a session's carrier id unless it has one.</summary>
    /// <exception cref="ModelConstraintException">Another session has it.</exception>
    public void SetSid(SessionRow session, string? sid)
    {
        if (sid is null || session.CarrierSid is not null)
        {
            return;
        }

        if (!_bySid.TryAdd(sid, session))
        {
            throw new ModelConstraintException($"sessions_carrier_sid: {sid} belongs to session {_bySid[sid].Number} already.");
        }

        session.CarrierSid = sid;
    }

    /// <summary>The session has ended: the person's line is free.</summary>
    public void Ended(SessionRow session) => _live.Remove(session);

    /// <summary>Whether an attempt counts for the unique index: a dial that certainly rang no phone does not.</summary>
    public static bool Counts(SessionRow session)
        => session.Outcome is not (CallOutcome.RejectedForNow or CallOutcome.CarrierUnavailable or CallOutcome.NotPlaced);
}

/// <summary>A constraint of the schema objects.</summary>
internal sealed class ModelConstraintException(string message) : Exception(message);

/// <summary>Bugs that the simulation must find: they exist in the model and the wrappers around the ports, never in the product.</summary>
[Flags]
internal enum PlantedBugs
{
    None = 0,

    /// <summary>The claim does not look at the lease's epoch.</summary>
    ClaimWithoutEpoch = 1,

    /// <summary>A dial whose answer timed out is sent again.</summary>
    RedialOnTimeout = 2,

    /// <summary>The unique index of one live session per person is missing.</summary>
    NoLiveSessionIndex = 4,
}
