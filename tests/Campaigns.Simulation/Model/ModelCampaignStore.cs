using System.Collections.Immutable;
using Campaigns.Domain.Audience;
using Campaigns.Domain.Campaigns;
using Campaigns.Grains;
using Campaigns.Stores;

namespace Campaigns.Simulation.Model;

/// <summary>Campaigns in the model, as PostgreSQL keeps them: the life. Lease and claim are beside.</summary>
internal sealed partial class ModelCampaignStore(ModelDatabase database) : ICampaignStore
{
    /// <summary>Country code of numbers without one, as organizations have by default.</summary>
    private const string Region = "91";

    private static CommandResult NotFound { get; } = new(CommandResultKind.NotFound, CampaignStatus.Draft, "There is no such campaign.", 0);

    public Task<CampaignRecord?> LoadAsync(Guid campaignId, CancellationToken cancellationToken)
        => Task.FromResult(database.TryCampaign(campaignId, out var c)
            ? new CampaignRecord(c.Id, c.Organization.Id, c.Status, c.Spec, c.Total, c.CreatedAt, c.StartedAt, c.FinishedAt, c.PauseReason)
            : null);

    public Task<CommandResult> StartAsync(Guid campaignId, DateTimeOffset now, CancellationToken cancellationToken)
        => Task.FromResult(Start(campaignId, now));

    public Task<CommandResult> ApplyAsync(
        Guid campaignId, CampaignCommand command, string reason, DateTimeOffset now, CancellationToken cancellationToken)
        => Task.FromResult(Apply(campaignId, command, reason, now));

    public Task<int> CountDialsUnderWayAsync(Guid campaignId, DateTimeOffset sendAfter, CancellationToken cancellationToken)
        => Task.FromResult(database.Live.Count(
            s => s.Contact.Campaign.Id == campaignId && s.State == SessionState.Dialing && s.SendBefore > sendAfter));

    public Task<ImmutableArray<AttemptOutcome>> RecentOutcomesAsync(Guid campaignId, int count, CancellationToken cancellationToken)
        => Task.FromResult<ImmutableArray<AttemptOutcome>>(database.TryCampaign(campaignId, out var c) && c.RunningSince is { } since
            ? [.. database.Sessions.Where(s => s.Contact.Campaign == c && s.State == SessionState.Ended && s.EndedAt >= since)
                .OrderByDescending(s => s.EndedAt).Take(count).Select(s => new AttemptOutcome(s.Id, s.Outcome!.Value, s.EndedAt!.Value))]
            : []);

    private static CommandResult Refused(CampaignRow campaign, string message)
        => new(CommandResultKind.Refused, campaign.Status, message, campaign.Total);

    private static CommandResult NoOp(CampaignRow campaign) => new(CommandResultKind.NoOp, campaign.Status, "", campaign.Total);

    private CommandResult Start(Guid campaignId, DateTimeOffset now)
    {
        if (!database.TryCampaign(campaignId, out var campaign))
        {
            return NotFound;
        }

        if (campaign.Spec.Channel != Channel.VoiceRealtime)
        {
            return Refused(campaign, $"Channel {campaign.Spec.Channel.ToText()} cannot be dialled yet; only VOICE_REALTIME can.");
        }

        switch (CampaignMachine.Decide(campaign.Status, CampaignCommand.Start, campaign.Spec.StartAt > now))
        {
            case CampaignDecision.NoOp:
                return NoOp(campaign);
            case CampaignDecision.Refuse refuse:
                return Refused(campaign, refuse.Message);
            case CampaignDecision.Apply apply:
                Freeze(campaign, now);
                if (campaign.Contacts.Count == 0)
                {
                    return Refused(campaign, "The audience is empty: nobody it names has a telephone number.");
                }

                (campaign.Total, campaign.StartAt) = (campaign.Contacts.Count, campaign.Spec.StartAt);
                SetStatus(campaign, apply.To, now, null);
                return new CommandResult(CommandResultKind.Applied, apply.To, "", campaign.Total);
            default:
                throw new InvalidOperationException("The campaign machine gave an unknown decision.");
        }
    }

    /// <summary>One row per person with a number, in the order named; a second contact with a number is skipped. Only audiences of ids are modelled.</summary>
    private void Freeze(CampaignRow campaign, DateTimeOffset now)
    {
        var ids = AudienceRules.Resolve(campaign.Spec.Audience, Region) is ResolvedAudience.ByIds byIds ? byIds.Ids : [];
        var due = campaign.Spec.StartAt > now ? campaign.Spec.StartAt.Value : now;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var person in ids.Select(id => campaign.Organization.People.Find(p => p.Id == id)))
        {
            if (person?.Phone is not { } phone)
            {
                continue;
            }

            var repeat = !seen.Add(phone);
            var row = new ContactRow(database.NewId(null), campaign, person, campaign.Contacts.Count + 1, phone)
            {
                TimeZone = person.TimeZone,
                Status = repeat ? ContactStatus.Skipped : ContactStatus.Pending,
                DueAt = repeat ? null : due,
                FinishedAt = repeat ? now : null,
                Reason = repeat ? "duplicate_phone" : null,
                UpdatedAt = now,
            };
            database.Add(row);
            campaign.Counters.Add(row.Status, 1);
        }
    }

    private CommandResult Apply(Guid campaignId, CampaignCommand command, string reason, DateTimeOffset now)
    {
        if (!database.TryCampaign(campaignId, out var campaign))
        {
            return NotFound;
        }

        switch (CampaignMachine.Decide(campaign.Status, command, campaign.Spec.StartAt > now))
        {
            case CampaignDecision.Refuse refuse:
                return Refused(campaign, refuse.Message);
            case CampaignDecision.Apply { To: var to }:
                if (to == CampaignStatus.Paused)
                {
                    GiveBackClaims(campaign, reason, now);
                }
                else if (to == CampaignStatus.Cancelled)
                {
                    CancelWaiting(campaign, reason, now);
                }

                SetStatus(campaign, to, now, to == CampaignStatus.Paused ? reason : null);
                return new CommandResult(CommandResultKind.Applied, to, "", campaign.Total);
            default:
                return NoOp(campaign);
        }
    }

    private void SetStatus(CampaignRow campaign, CampaignStatus to, DateTimeOffset now, string? pauseReason)
    {
        if (campaign.Status == CampaignStatus.Running && to != CampaignStatus.Running)
        {
            var counters = campaign.Counters;
            counters.RanBefore += now - campaign.RunningSince!.Value;
            (counters.WantedLines, counters.WantedSlots, counters.WantedPromised, counters.WantedUntil) = (0, 0, 0, null);
        }

        campaign.Status = to;
        campaign.PauseReason = pauseReason;
        campaign.StartedAt = to == CampaignStatus.Running ? campaign.StartedAt ?? now : campaign.StartedAt;
        campaign.FrozenAt = to == CampaignStatus.Draft ? null : campaign.FrozenAt ?? now;
        campaign.RunningSince = to == CampaignStatus.Running ? campaign.RunningSince ?? now : null;
        campaign.FinishedAt = CampaignMachine.IsTerminal(to) ? now : null;
        campaign.Version++;
        database.Wrote();
    }

    /// <summary>Claims that have no session were never dialled.</summary>
    private void GiveBackClaims(CampaignRow campaign, string reason, DateTimeOffset now)
    {
        foreach (var contact in campaign.Contacts.Where(IsBareClaim))
        {
            contact.Attempts--;
            database.Move(contact, ContactStatus.Pending, now);
            contact.DueAt = now;
            database.Decisions.Add(new DecisionRow(contact, now, DecisionKind.Released, contact.Attempts + 1, reason, now));
        }
    }

    /// <summary>Everyone who has no call on the way is cancelled.</summary>
    private void CancelWaiting(CampaignRow campaign, string reason, DateTimeOffset now)
    {
        foreach (var contact in campaign.Contacts.Where(c => c.Status == ContactStatus.Pending || IsBareClaim(c)))
        {
            contact.Attempts -= contact.Status == ContactStatus.Dispatched ? 1 : 0;
            contact.Reason = reason;
            database.Move(contact, ContactStatus.Cancelled, now);
        }
    }

    private static bool IsBareClaim(ContactRow contact) => contact is { Status: ContactStatus.Dispatched, Session: null };
}
