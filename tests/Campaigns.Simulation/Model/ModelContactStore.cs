using System.Collections.Immutable;
using Campaigns.Domain.Campaigns;
using Campaigns.Stores;

namespace Campaigns.Simulation.Model;

/// <summary>Snapshot contacts and sessions in the model, as PostgreSQL keeps them.</summary>
internal sealed class ModelContactStore(ModelDatabase database) : IContactStore
{
    public Task<ContactRecord?> LoadAsync(Guid campaignContactId, CancellationToken cancellationToken)
        => Task.FromResult(database.TryContact(campaignContactId, out var c)
            ? new ContactRecord(
                c.Id, c.Campaign.Id, c.Campaign.Organization.Id, c.Phone, c.Status, c.Attempts, c.TaskId, c.Version,
                c.Session is { } s
                    ? new SessionRecord(
                        s.Id, s.Attempt, s.State, s.CarrierSid, s.Outcome, s.StartedAt, s.AnsweredAt, s.GiveUpAt, null, s.CarrierEndedAt)
                    : null,
                new ContactRules(c.Campaign.Status, c.Campaign.Spec.Retry, c.Campaign.Spec.CallingWindow, c.TimeZone, c.Campaign.Organization.TimeZone))
            : null);

    public Task<OpenSessionResult> OpenSessionAsync(OpenSession command, CancellationToken cancellationToken)
        => Task.FromResult(Open(command));

    public Task<bool> ReleaseClaimAsync(
        Guid campaignContactId, Guid taskId, DateTimeOffset dueAt, string reason, DateTimeOffset now, CancellationToken cancellationToken)
        => Task.FromResult(database.TryContact(campaignContactId, out var c) && GiveBack(c, c.TaskId == taskId, dueAt, reason, now) == 1);

    public Task<bool> SkipClaimAsync(Guid campaignContactId, Guid taskId, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!database.TryContact(campaignContactId, out var c) || c.TaskId != taskId || c is not { Status: ContactStatus.Dispatched, Session: null })
        {
            return Task.FromResult(false);
        }

        c.Attempts--;
        c.Reason = reason;
        database.Move(c, ContactStatus.Skipped, now);
        database.Decisions.Add(new DecisionRow(c, now, DecisionKind.Skipped, c.Attempts + 1, reason));
        return Task.FromResult(true);
    }

    public Task<bool> ApplyAsync(ContactChange change, CancellationToken cancellationToken) => Task.FromResult(Apply(change));

    public Task<int> ReleaseStrandedAsync(Guid campaignId, long epoch, DateTimeOffset now, CancellationToken cancellationToken)
        => Task.FromResult(database.TryCampaign(campaignId, out var campaign)
            ? campaign.Contacts.Sum(c => GiveBack(c, c.ClaimEpoch < epoch, now, "owner_lost", now))
            : 0);

    public Task<int> ReleaseStaleClaimsAsync(DateTimeOffset claimedBefore, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var freed = 0;
        foreach (var campaign in database.Campaigns)
        {
            if (campaign.Counters.InFlight > 0)
            {
                freed += campaign.Contacts.Sum(c => GiveBack(c, c.ClaimUntil < now || (c.ClaimUntil is null && c.ClaimedAt < claimedBefore), now, "claim_stale", now));
            }
        }

        return Task.FromResult(freed);
    }

    public Task<bool> HasRivalDialAsync(Guid sessionId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
        => Task.FromResult(database.TrySession(sessionId, out var mine) && database.Sessions.Exists(
            s => s != mine && s.Phone == mine.Phone && s.StartedAt >= from && s.StartedAt <= to && s.CarrierSid is null
                && s.Contact.Campaign.Organization.Account == mine.Contact.Campaign.Organization.Account
                && s.Outcome is not CallOutcome.Rejected && ModelDatabase.Counts(s)));

    public Task<IReadOnlySet<string>> FindBoundSidsAsync(IReadOnlyCollection<string> sids, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlySet<string>>(sids.Where(sid => database.FindSid(sid) is not null).ToHashSet(StringComparer.Ordinal));

    public Task<ImmutableArray<OverdueSession>> TakeOverdueAsync(
        DateTimeOffset now, TimeSpan nextCheckAfter, int limit, CancellationToken cancellationToken)
    {
        if (!database.Live.Any(s => s.CheckAt <= now))
        {
            return Task.FromResult<ImmutableArray<OverdueSession>>([]);
        }

        var due = database.Live.Where(s => s.CheckAt <= now).OrderBy(s => s.CheckAt).Take(limit).ToList();
        foreach (var session in due)
        {
            session.CheckAt = now + nextCheckAfter;
        }

        database.Wrote();
        return Task.FromResult<ImmutableArray<OverdueSession>>(
            [.. due.Select(s => new OverdueSession(s.Id, s.Contact.Id, s.Phone, s.State, s.CarrierSid, s.StartedAt, s.SendBefore, s.GiveUpAt))]);
    }

    /// <summary>The gate of a dial.</summary>
    private OpenSessionResult Open(OpenSession command)
    {
        var order = command.Order;
        if (!database.TryCampaign(order.CampaignId, out var campaign) || campaign.FrozenAt is null)
        {
            throw new InvalidOperationException($"Campaign {order.CampaignId} does not exist or has not been started.");
        }

        if (campaign.Status != CampaignStatus.Running || campaign.LeaseEpoch != order.Epoch)
        {
            return OpenSessionResult.CampaignStopped;
        }

        if (!database.TryContact(order.CampaignContactId, out var contact)
            || contact is not { Status: ContactStatus.Dispatched, Session: null } || contact.TaskId != order.TaskId)
        {
            return OpenSessionResult.ClaimGone;
        }

        if (campaign.Organization.DoNotCall.Contains(order.Phone))
        {
            return OpenSessionResult.DoNotCall;
        }

        var session = new SessionRow(command.SessionId, contact, order.Attempt, order.Phone, database.Sessions.Count + 1)
        {
            TokenHash = command.TokenHash,
            TokenExpiresAt = command.TokenExpiresAt,
            Owner = command.Owner,
            StartedAt = command.Now,
            SendBefore = command.SendBefore,
            CheckAt = command.CheckAt,
            GiveUpAt = command.GiveUpAt,
        };
        if (!database.TryInsert(session))
        {
            return OpenSessionResult.PersonBusy;
        }

        contact.Session = session;
        return OpenSessionResult.Opened;
    }

    private bool Apply(ContactChange change)
    {
        if (!database.TryContact(change.ContactId, out var contact)
            || contact.Version != change.ExpectedVersion || contact.Status != change.From
            || (change.To == ContactStatus.Pending && CampaignMachine.IsTerminal(contact.Campaign.Status)))
        {
            return false;
        }

        // The constraint may object: then nothing of the transaction is written.
        var session = change.Session is { } news && database.TrySession(news.SessionId, out var row) ? row : null;
        if (session is not null)
        {
            database.SetSid(session, change.Session!.CarrierSid);
            Apply(session, change.Session, change.At);
        }

        contact.Attempts += change.AttemptsDelta;
        contact.Priority = change.Promised ? 1 : change is { To: ContactStatus.Pending, AttemptsDelta: 0 } ? 0 : contact.Priority;
        contact.Outcome = change.Outcome ?? contact.Outcome;
        contact.Reason = change.Reason ?? contact.Reason;
        contact.Disposition = change.Disposition ?? contact.Disposition;
        database.Move(contact, change.To, change.At);
        contact.DueAt = change.DueAt;
        if (change.Decision is { } kind)
        {
            database.Decisions.Add(new DecisionRow(
                contact, change.At, kind, contact.Attempts - change.AttemptsDelta,
                change.Reason ?? change.Outcome?.ToText() ?? change.To.ToText(), change.DueAt, null, change.Session?.SessionId, change.By));
        }

        return true;
    }

    private void Apply(SessionRow session, SessionChange change, DateTimeOffset at)
    {
        var wasLive = session.State != SessionState.Ended;
        session.State = change.State;
        session.Outcome = change.Outcome;
        session.AnsweredAt ??= change.AnsweredAt;
        if (change.State is SessionState.Ringing or SessionState.Answered)
        {
            session.PlacedAt ??= at;
        }

        session.CheckAt = change.CheckAt;
        session.GiveUpAt = change.GiveUpAt ?? session.GiveUpAt;
        session.Duration = change.Duration ?? session.Duration;
        session.RecordingUrl = change.RecordingUrl ?? session.RecordingUrl;
        session.Detail = change.Detail ?? session.Detail;
        session.CarrierEndedAt ??= change.CarrierEndedAt;
        session.EndedAt = change.State == SessionState.Ended ? at : null;
        if (wasLive && change.State == SessionState.Ended)
        {
            database.Ended(session);
        }
    }

    /// <summary>A claim without a session: PENDING again, the attempt not used.</summary>
    private int GiveBack(ContactRow contact, bool meant, DateTimeOffset dueAt, string reason, DateTimeOffset now)
    {
        if (!meant || contact is not { Status: ContactStatus.Dispatched, Session: null })
        {
            return 0;
        }

        contact.Attempts--;
        contact.Reason = reason;
        database.Move(contact, ContactStatus.Pending, now);
        contact.DueAt = dueAt;
        database.Decisions.Add(new DecisionRow(contact, now, DecisionKind.Released, contact.Attempts + 1, reason, dueAt));
        return 1;
    }
}
