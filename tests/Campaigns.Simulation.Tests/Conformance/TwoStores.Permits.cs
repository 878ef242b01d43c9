using Campaigns.Grains;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.Virtual;
using Campaigns.Stores;

namespace Campaigns.Simulation.Tests.Conformance;

/// <summary>Lines and slots: who claims them, who holds them back, and how they are counted.</summary>
internal sealed partial class TwoStores
{
    private void DrawLimits(Dice dice, AccountRow account)
    {
        account.CallsPerMinute = _slotsAreScarce ? dice.Pick([20, 60, 120]) : dice.Pick([30, 200, 6000]);
        account.MaxConcurrent = dice.Chance(_slotsAreScarce ? 0.1 : 0.5) ? dice.Between(2, 8) : null;
        account.InboundReserve = dice.Chance(0.4) ? 1 : 0;
    }

    private static void DrawShare(Dice dice, OrganizationRow organization)
    {
        organization.Weight = dice.Pick([1, 1, 2, 5, 100]);
        organization.InboundReserve = dice.Chance(0.2) ? dice.Between(1, 2) : 0;
    }

    private Task<(string, string, string)> ClaimAsync(CampaignLease lease, int batch, TimeSpan horizon, TimeSpan holdFor)
    {
        var request = new ClaimRequest(lease, _now, _now + horizon, batch) { HoldFor = holdFor };
        return AskAsync(
            $"claim under {lease.Epoch}",
            async () =>
            {
                var claim = await _postgres.Campaigns.ClaimAsync(request, None);
                foreach (var order in claim.Orders)
                {
                    _orders.Add(order);
                    _tasks[order.CampaignContactId] = order.TaskId;
                }

                return claim;
            },
            () => _campaigns.ClaimAsync(request, None), Words.Of);
    }

    /// <summary>Every campaign that can be claimed for, one after the other as at a tick: so several wait for the same at a time.</summary>
    private async Task<(string, string, string)> ClaimForAllAsync(Dice dice)
    {
        var leases = _leases.Distinct()
            .Where(l => _model.TryCampaign(l.CampaignId, out var c) && c.LeaseEpoch == l.Epoch && c.Status == CampaignStatus.Running)
            .OrderBy(_ => dice.Next()).ToList();
        if (leases.Count == 0)
        {
            return await StartAsync(dice.Pick(_model.Campaigns));
        }

        var (name, theirs, ours) = ("", "", "");
        foreach (var lease in leases)
        {
            var claim = await ClaimAsync(lease, dice.Between(1, 12), dice.Seconds(0.5, 3), TimeSpan.FromSeconds(30));
            (name, theirs, ours) = ($"{name}{claim.Item1} ", $"{theirs}{claim.Item2} | ", $"{ours}{claim.Item3} | ");
        }

        return (name, theirs, ours);
    }

    private async Task<(string, string, string)> PermitAsync() => (
        "take a permit", (await _postgres.TakePermitAsync(_now)).ToString(), (_permits.Book("account", _now) is not null).ToString());

    private async Task<(string, string, string)> ThrottleAsync(Dice dice)
    {
        TimeSpan? retryAfter = dice.Chance(0.5) ? dice.Seconds(0.5, 8) : null;
        await _postgres.ReportThrottledAsync(retryAfter, _now);
        _permits.ReportThrottled("account", retryAfter, _now);
        return ("report a 429", "", "");
    }

    /// <summary>Callbacks are promised in conversations, which are not modelled. What a claim makes of those that are due is.</summary>
    private async Task<(string, string, string)> PromiseAsync(Dice dice, CampaignRow campaign)
    {
        if (campaign.Contacts.FindAll(c => c.Status == ContactStatus.Pending) is not { Count: > 0 } pending)
        {
            return await LookAsync(dice, campaign);
        }

        foreach (var contact in Enumerable.Range(0, dice.Between(1, 3)).Select(_ => dice.Pick(pending)))
        {
            (contact.Priority, contact.DueAt) = (1, _now);
            await _postgres.ExecuteAsync("UPDATE campaign_contacts SET priority = 1, due_at = $2 WHERE id = $1", contact.Id, _now);
        }

        return ($"callbacks of {campaign.Spec.Name} are due", "", "");
    }

    private async Task<(string, string, string)> ExhaustAsync()
    {
        await _postgres.ReportExhaustedAsync(_now);
        _permits.ReportExhausted("account", _now);
        return ("report that the live model has no session left", "", "");
    }

    /// <summary>An operator gives an account or an organization other limits, below what is in use, too.</summary>
    private async Task<(string, string, string)> LimitAsync(Dice dice)
    {
        if (dice.Chance(0.5))
        {
            var account = _model.Accounts["account"];
            DrawLimits(dice, account);
            await _postgres.WriteLimitsAsync(account);
            return ($"{account.CallsPerMinute} a minute, {account.MaxConcurrent} lines, {account.InboundReserve} reserved", "", "");
        }

        var organization = dice.Pick(_model.Organizations);
        DrawShare(dice, organization);
        await _postgres.WriteShareAsync(organization);
        return ($"organization {organization.Id}: weight {organization.Weight}, {organization.InboundReserve} reserved", "", "");
    }

    /// <summary>The counts are checked; now and then somebody's hand was in the tables before.</summary>
    private async Task<(string, string, string)> ReconcileAsync(Dice dice, CampaignRow campaign)
    {
        if (dice.Chance(0.2) && campaign is { HasCounters: true, Counters.Live: true })
        {
            var held = dice.Chance(0.5);
            campaign.Counters.Add(held ? ContactStatus.Dispatched : ContactStatus.Pending, 1);
            await _postgres.ExecuteAsync(
                "UPDATE campaign_counters SET in_flight = in_flight + $2, pending = pending + $3 WHERE campaign_id = $1", campaign.Id, held ? 1 : 0, held ? 0 : 1);
            return ($"{campaign.Spec.Name} counts one too many", "", "");
        }

        var before = _now - dice.Seconds(0, 30);
        return await AskAsync(
            "reconcile", () => _postgres.Ledger.ReconcileAsync(before, _now, 100, None), () => _ledger.ReconcileAsync(before, _now, 100, None),
            r => string.Join("; ", r.OrderBy(d => d.CampaignId)));
    }
}
