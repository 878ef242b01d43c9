using Campaigns;
using Campaigns.Silo.Engine;
using Campaigns.Stores;
using CarrierSimulator;
using Quickstart.Operate;
using Quickstart.Show;

namespace Quickstart.Judge;

/// <summary>Judges a finished campaign: what the API says against what the carrier's ledger says and the numbers promise.</summary>
internal sealed record Verdict(Result Result, IReadOnlyList<string> Faults, IReadOnlyList<string> CutOff)
{
    public static async Task<Verdict> OfAsync(
        ApiClient api, CampaignView campaign, CampaignOverview overview, IReadOnlyList<LedgerEntry> ledger, bool interrupted, CancellationToken cancellationToken)
    {
        var contacts = await api.ListAsync<CampaignContactDetails>($"campaigns/{campaign.Id}/contacts", cancellationToken);
        var blocked = await api.ListAsync<DoNotCallEntry>("do-not-call", cancellationToken);
        var dials = LedgerJudge.Of(ledger, contacts.ToDictionary(c => c.Phone, c => c.Attempts, StringComparer.Ordinal));
        var outcomes = new OutcomeJudge(campaign.Retry, blocked.Select(b => b.Phone).ToHashSet(StringComparer.Ordinal), ledger, interrupted);
        var funnel = overview.Funnel;
        var result = new Result(
            funnel.Total,
            funnel.Completed,
            funnel.NoAnswer,
            funnel.Failed,
            funnel.Skipped,
            overview.Attempts,
            dials.Dials,
            dials.Duplicates,
            Seconds(overview),
            OrleansEngine.Name);
        return new Verdict(
            result, [.. State(overview), .. result.AddsUp ? [] : new[] { "The terminal counts do not add up to the total." }, .. dials.Faults, .. outcomes.Mismatches(contacts)],
            outcomes.CutOff(contacts));
    }

    public void Tell(Screen screen)
    {
        foreach (var contact in CutOff)
        {
            screen.Warn($"Cut off by the end of the process, so it stays unknown: {contact}");
        }

        foreach (var fault in Faults)
        {
            screen.Warn($"Does not hold: {fault}");
        }
    }

    private static string[] State(CampaignOverview overview) =>
        overview.Status == CampaignStatus.Completed ? [] : [$"The campaign is {overview.Status.ToText()}: {overview.PauseReason}"];

    private static double Seconds(CampaignOverview overview) =>
        overview.StartedAt is { } started ? Math.Round(((overview.FinishedAt ?? overview.At) - started).TotalSeconds, 1) : 0;
}
