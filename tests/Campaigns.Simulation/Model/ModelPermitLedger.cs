using System.Collections.Immutable;
using Campaigns.Domain.Campaigns;
using Campaigns.Stores;

namespace Campaigns.Simulation.Model;

/// <summary>The counts of live campaigns, checked against their rows in the model as in PostgreSQL.</summary>
internal sealed class ModelPermitLedger(ModelDatabase database) : IPermitLedger
{
    private static readonly (string Name, ContactStatus Status)[] Counts =
    [
        ("pending", ContactStatus.Pending), ("in_flight", ContactStatus.Dispatched), ("completed", ContactStatus.Completed),
        ("no_answer", ContactStatus.NoAnswer), ("failed", ContactStatus.Failed), ("skipped", ContactStatus.Skipped),
        ("cancelled", ContactStatus.Cancelled),
    ];

    public Task<ImmutableArray<PermitDrift>> ReconcileAsync(
        DateTimeOffset checkedBefore, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var drifts = ImmutableArray.CreateBuilder<PermitDrift>();
        var due = database.Campaigns.Where(c => c is { HasCounters: true, Counters.Live: true } && !(c.Counters.ReconciledAt >= checkedBefore))
            .OrderBy(c => c.Counters.ReconciledAt is null ? 0 : 1).ThenBy(c => c.Counters.ReconciledAt).Take(limit).ToList();
        foreach (var campaign in due)
        {
            if (Recount(campaign) is { Length: > 0 } difference)
            {
                drifts.Add(new PermitDrift(campaign.Id, difference));
            }

            var counters = campaign.Counters;
            counters.ReconciledAt = now;
            counters.Live = !CampaignMachine.IsTerminal(campaign.Status) || counters.Pending + counters.InFlight > 0;
            database.Wrote();
        }

        return Task.FromResult(drifts.ToImmutable());
    }

    private static string Recount(CampaignRow campaign)
    {
        var differences = new List<string>();
        foreach (var (name, status) in Counts)
        {
            var was = campaign.Counters.Of(status);
            var rows = campaign.Contacts.Count(c => c.Status == status || (status == ContactStatus.Dispatched && c.Status == ContactStatus.InProgress));
            if (was != rows)
            {
                campaign.Counters.Add(status, rows - was);
                differences.Add($"{name}: {was} → {rows}");
            }
        }

        return string.Join(", ", differences);
    }
}
