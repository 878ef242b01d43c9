using Campaigns;
using Campaigns.Hosting.Engine;
using Campaigns.Stores;
using CarrierSimulator;
using Quickstart.Operate;
using Quickstart.Show;

namespace Quickstart.Judge;

/// <summary>Judges a campaign that is done: what the API says against what the carrier's ledger says and the numbers promise.</summary>
internal sealed record Verdict(Result Result, IReadOnlyList<string> Faults, IReadOnlyList<string> CutOff, SampleCall? Sample)
{
    public static async Task<Verdict> OfAsync(
        ApiClient api, CampaignView campaign, CampaignOverview overview, IReadOnlyList<LedgerEntry> ledger, bool interrupted, CancellationToken cancellationToken)
    {
        var contacts = await api.ListAsync<CampaignContactDetails>($"campaigns/{campaign.Id}/contacts", cancellationToken);
        var sessions = await api.ListAsync<SessionDetails>($"sessions?campaign={campaign.Id}", cancellationToken);
        var blocked = await api.ListAsync<DoNotCallEntry>("do-not-call", cancellationToken);
        var dials = LedgerJudge.Of(ledger, contacts.ToDictionary(c => c.Phone, c => c.Attempts, StringComparer.Ordinal));
        var outcomes = new OutcomeJudge(campaign, blocked, ledger, sessions, interrupted);
        var promised = contacts.Count(PromisedCallbacks.IsOne);
        var funnel = overview.Funnel;
        var result = new Result
        {
            Total = funnel.Total,
            Completed = funnel.Completed + promised,
            NoAnswer = funnel.NoAnswer,
            Failed = funnel.Failed,
            Skipped = funnel.Skipped,
            Promised = promised,
            Attempts = overview.Attempts,
            CarrierDials = dials.Dials,
            DuplicateDials = dials.Duplicates,
            Conversations = overview.Conversations,
            Dispositions = overview.Dispositions,
            OptOuts = overview.OptOuts,
            Callbacks = overview.Callbacks,
            Recordings = overview.Recordings,
            AnswerToFirstAudioMsP95 = overview.AnswerToFirstAudioMsP95,
            Seconds = Seconds(overview, contacts),
            Engine = OrleansEngine.Name,
        };
        string[] faults =
        [
            .. State(overview, promised),
            .. result.AddsUp ? [] : new[] { "The final counts do not add up to the total." },
            .. dials.Faults,
            .. outcomes.Mismatches(contacts),
        ];
        return new Verdict(result, faults, outcomes.CutOff(contacts), await SampleCall.ChooseAsync(api, contacts, sessions, cancellationToken));
    }

    public void Tell(Screen screen)
    {
        foreach (var contact in CutOff)
        {
            screen.Warn($"Cut off by the end of the process, and not called again: {contact}");
        }

        foreach (var fault in Faults)
        {
            screen.Warn($"Does not hold: {fault}");
        }
    }

    // A campaign that has promised callbacks is open until it has kept them.
    private static string[] State(CampaignOverview overview, int promised) => overview.Status switch
    {
        CampaignStatus.Completed => [],
        CampaignStatus.Running when promised > 0 && overview.Funnel.Pending == promised && overview.Funnel.InFlight == 0 => [],
        _ => [$"The campaign is {overview.Status.ToText()}: {overview.PauseReason}"],
    };

    private static double Seconds(CampaignOverview overview, List<CampaignContactDetails> contacts)
    {
        var ended = overview.FinishedAt ?? (contacts.Count > 0 ? contacts.Max(c => c.UpdatedAt) : overview.At);
        return overview.StartedAt is { } started ? Math.Round((ended - started).TotalSeconds, 1) : 0;
    }
}
