using System.Collections.Immutable;
using Campaigns.Domain.Eligibility;
using Campaigns.Domain.Pacing;
using Campaigns.Grains;
using Campaigns.Stores;

namespace Campaigns.Simulation.Model;

internal sealed partial class ModelCampaignStore
{
    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) => Task.FromResult(Claim(request));

    private static ClaimResult Nothing(ClaimResultKind kind) => new(kind, [], MoreCandidates: false);

    private ClaimResult Claim(ClaimRequest request)
    {
        if (!database.TryCampaign(request.Lease.CampaignId, out var campaign) || campaign.FrozenAt is null)
        {
            throw new InvalidOperationException($"Campaign {request.Lease.CampaignId} does not exist or has not been started.");
        }

        if (campaign.LeaseEpoch != request.Lease.Epoch && !database.Bugs.HasFlag(PlantedBugs.ClaimWithoutEpoch))
        {
            return Nothing(ClaimResultKind.LeaseLost);
        }

        switch (campaign.Status)
        {
            case CampaignStatus.Running when campaign.Counters is { Pending: 0, InFlight: 0 }:
                return Nothing(Complete(campaign, request) ? ClaimResultKind.Finished : ClaimResultKind.Claimed);
            case CampaignStatus.Running:
                break;
            case CampaignStatus.Scheduled when !(campaign.Spec.StartAt > request.Now):
                Apply(campaign.Id, CampaignCommand.Open, "", request.Now);
                return new ClaimResult(ClaimResultKind.Claimed, [], MoreCandidates: true);
            case CampaignStatus.Completed or CampaignStatus.Cancelled:
                return Nothing(ClaimResultKind.Finished);
            default:
                return Nothing(ClaimResultKind.NotRunning);
        }

        var candidates = Candidates(campaign, request);
        var plan = PermitPlan.Of(PermitsOf(campaign, request, candidates.Count(IsPromised)));
        return Take(campaign, request, candidates, plan);
    }

    private ClaimResult Take(CampaignRow campaign, ClaimRequest request, List<ContactRow> candidates, PermitPlan plan)
    {
        var rules = new EligibilityRules
        {
            RequiresConsent = campaign.Spec.RequiresConsent,
            AttemptsPerDay = campaign.Spec.AttemptsPerDay,
            Window = campaign.Spec.CallingWindow,
            OrganizationTimeZone = campaign.Organization.TimeZone,
        };
        var slots = plan.Dials.Slots;
        var orders = ImmutableArray.CreateBuilder<DialOrder>();
        var (skipped, deferred) = (0, 0);
        foreach (var contact in candidates)
        {
            if (orders.Count >= (IsPromised(contact) ? slots.Length : plan.Dials.Ordinary))
            {
                break;
            }

            switch (Eligibility.Evaluate(FactsOf(contact, request.Now), rules, request.Now))
            {
                case Verdict.Skip skip:
                    Skip(contact, skip.Reason, request.Now);
                    skipped++;
                    break;
                case Verdict.Defer defer:
                    Defer(contact, defer, request.Now);
                    deferred++;
                    break;
                default:
                    orders.Add(Dispatch(contact, campaign, request, slots[orders.Count]));
                    break;
            }
        }

        var left = candidates.Skip(orders.Count + skipped + deferred).ToList();
        Count(campaign, request, orders, skipped, plan.After(orders.Count, left.Count, left.Count(IsPromised)));
        return new ClaimResult(ClaimResultKind.Claimed, orders.ToImmutable(), skipped + deferred > 0 && orders.Count < slots.Length);
    }

    private DialOrder Dispatch(ContactRow contact, CampaignRow campaign, ClaimRequest request, DateTimeOffset slot)
    {
        contact.Attempts++;
        database.Move(contact, ContactStatus.Dispatched, request.Now);
        (contact.TaskId, contact.Session, contact.ClaimEpoch, contact.ClaimedAt) = (database.NewId(contact), null, campaign.LeaseEpoch, request.Now);
        database.Decisions.Add(new DecisionRow(contact, request.Now, DecisionKind.Claimed, contact.Attempts, "due", Epoch: campaign.LeaseEpoch));
        return new DialOrder(
            contact.Id, campaign.Id, campaign.Organization.Id, contact.TaskId.Value, campaign.LeaseEpoch, contact.Attempts, contact.Phone, slot);
    }

    private void Skip(ContactRow contact, string reason, DateTimeOffset now)
    {
        contact.Reason = reason;
        database.Move(contact, ContactStatus.Skipped, now);
        database.Decisions.Add(new DecisionRow(contact, now, DecisionKind.Skipped, contact.Attempts, reason));
    }

    private void Defer(ContactRow contact, Verdict.Defer defer, DateTimeOffset now)
    {
        // A reason is logged when it is new, not at every look.
        if (!string.Equals(contact.Reason, defer.Reason, StringComparison.Ordinal))
        {
            database.Decisions.Add(new DecisionRow(contact, now, DecisionKind.Deferred, contact.Attempts, defer.Reason, defer.Until));
        }

        (contact.DueAt, contact.Reason, contact.UpdatedAt) = (defer.Until, defer.Reason, now);
        contact.Version++;
        database.Wrote();
    }

    private bool Complete(CampaignRow campaign, ClaimRequest request)
    {
        (campaign.Status, campaign.FinishedAt, campaign.RunningSince) = (CampaignStatus.Completed, request.Now, null);
        campaign.Version++;
        database.Wrote();
        return true;
    }

    /// <summary>Due contacts: promised callbacks first, a batch of each kind.</summary>
    private static List<ContactRow> Candidates(CampaignRow campaign, ClaimRequest request)
    {
        var due = campaign.Contacts.Where(c => c.Status == ContactStatus.Pending && c.DueAt <= request.Now)
            .OrderBy(c => c.DueAt).ThenBy(c => c.Position).ToList();
        return [.. due.Where(IsPromised).Take(request.MaxBatch), .. due.Where(c => !IsPromised(c)).Take(request.MaxBatch)];
    }

    private static bool IsPromised(ContactRow contact) => contact.Priority == 1;

    private CandidateFacts FactsOf(ContactRow contact, DateTimeOffset now)
    {
        var organization = contact.Campaign.Organization;
        var sessions = database.SessionsOf(organization, contact.Phone);
        return new CandidateFacts
        {
            TimeZone = contact.TimeZone,
            Consent = contact.Person.Consent,
            DoNotCall = organization.DoNotCall.Contains(contact.Phone),
            LiveCall = sessions.Any(s => s.State != SessionState.Ended),
            RecentAttempts = [.. sessions.Where(s => s.StartedAt > now - TimeSpan.FromHours(48) && ModelDatabase.Counts(s)).Select(s => s.StartedAt)],
        };
    }
}
