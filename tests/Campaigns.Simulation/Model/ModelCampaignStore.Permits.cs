using System.Collections.Immutable;
using Campaigns.Domain.Pacing;
using Campaigns.Grains;
using Campaigns.Stores;

namespace Campaigns.Simulation.Model;

internal sealed partial class ModelCampaignStore
{
    /// <summary>What a claim decides by, read from the rows. There are no inbound calls in the model.</summary>
    private PermitRequest PermitsOf(CampaignRow campaign, ClaimRequest request, int promised)
    {
        var (counters, account) = (campaign.Counters, campaign.Organization.Account);
        return new PermitRequest
        {
            Account = new AccountPermits
            {
                CallsPerMinute = account.CallsPerMinute,
                NextSlotAt = account.NextSlotAt,
                OpenSlots = account.OpenSlots,
                RateFactor = RateBackoff.Current(account.RateFactor, account.ThrottledAt, request.Now),
                BlockedUntil = account.BlockedUntil,
                MaxConcurrent = account.MaxConcurrent,
                InboundReserve = account.InboundReserve,
                ModelLines = LineBackoff.Current(account.ModelLines, account.ModelRefusedAt, request.Now),
                Clock = account.ShareClock,
            },
            Nodes = [.. database.CountersOf(account).Where(c => IsNode(c.Counters, request.Now) || c == campaign).Select(c => NodeOf(c, request.Now))],
            CampaignId = campaign.Id,
            MaxConcurrent = campaign.Spec.MaxConcurrent,
            CallsPerMinute = campaign.Spec.CallsPerMinute,
            Dispatched = counters.Dispatched,
            RanFor = counters.RanBefore + (request.Now - (campaign.RunningSince ?? request.Now)),
            NextSlotAt = counters.NextSlotAt,
            Promised = promised,
            Now = request.Now,
            Horizon = request.Horizon,
            MaxBatch = request.MaxBatch,
        };
    }

    /// <summary>Whether a campaign holds or wants something.</summary>
    private static bool IsNode(Counters counters, DateTimeOffset now) => counters.InFlight > 0 || counters.WantedUntil > now;

    private static PermitNode NodeOf(CampaignRow campaign, DateTimeOffset now)
    {
        var (counters, organization) = (campaign.Counters, campaign.Organization);
        var wants = counters.WantedUntil > now;
        return new PermitNode
        {
            CampaignId = campaign.Id,
            OrganizationId = organization.Id,
            Weight = campaign.Spec.Weight,
            OrganizationWeight = organization.Weight,
            OrganizationLines = organization.OutboundLines,
            InFlight = counters.InFlight,
            WantedLines = wants ? counters.WantedLines : 0,
            WantedSlots = wants ? counters.WantedSlots : 0,
            WantedPromised = wants ? counters.WantedPromised : 0,
            Clock = counters.ShareClock,
        };
    }

    /// <summary>What a claim leaves behind in the counters and the account. The contacts' own counts have moved with them.</summary>
    private void Count(CampaignRow campaign, ClaimRequest request, IReadOnlyList<DialOrder> orders, int skipped, PermitOutcome after)
    {
        var (counters, account) = (campaign.Counters, campaign.Organization.Account);
        foreach (var order in orders)
        {
            database.TryContact(order.CampaignContactId, out var contact);
            contact!.ClaimUntil = orders[^1].DialAt + request.HoldFor;
        }

        if (orders.Count > 0)
        {
            (account.NextSlotAt, account.OpenSlots, account.ShareClock) = (after.Account.NextSlotAt, after.Account.Open, after.AccountClock);
        }

        var wait = after.Wait;
        if (orders.Count + skipped == 0 && wait.IsNone && counters.WantedLines + counters.WantedSlots == 0)
        {
            return;
        }

        counters.Dispatched += orders.Count;
        (counters.NextSlotAt, counters.ShareClock) = (after.NextSlotAt, after.Clock);
        (counters.WantedLines, counters.WantedSlots, counters.WantedPromised) = (wait.Lines, wait.Slots, wait.Promised);
        counters.WantedUntil = wait.IsNone ? null : request.Now + PermitTree.Remembered(request.Horizon - request.Now);
        database.Waits += wait.IsNone ? 0 : 1;
        database.Wrote();
    }
}
