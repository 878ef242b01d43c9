using CarrierSimulator;

namespace Campaigns.Chaos.Judging;

/// <summary>Caps hold at every instant, by the carrier's order of events and by its clock.</summary>
public static class CapJudge
{
    /// <summary>Most calls at once, and most requests in any minute: a carrier counts those that it refuses, too.</summary>
    public static (int AtOnce, int PerMinute) Most(IEnumerable<LedgerEntry> dials)
    {
        var all = dials.ToArray();
        return (LedgerSummary.Of(all).MaxConcurrent, LedgerSummary.Of(all.Select(AsPlaced)).MaxDialsPerMinute);
    }

    public static IEnumerable<Complaint> Exceeded(RunFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var all = Most(facts.Dials);
        foreach (var complaint in Compare("all campaigns", all, facts.Caps.Organization, facts.Caps.AccountPerMinute))
        {
            yield return complaint;
        }

        var campaigns = facts.Contacts.ToDictionary(contact => contact.Phone, contact => contact.Campaign);
        foreach (var campaign in facts.Dials.Where(dial => campaigns.ContainsKey(dial.Number)).GroupBy(dial => campaigns[dial.Number]))
        {
            foreach (var complaint in Compare($"campaign {campaign.Key}", Most(campaign), facts.Caps.Campaign, facts.Caps.CampaignPerMinute))
            {
                yield return complaint;
            }
        }
    }

    private static IEnumerable<Complaint> Compare(string whose, (int AtOnce, int PerMinute) most, int atOnce, int perMinute)
    {
        if (most.AtOnce > atOnce)
        {
            yield return new Complaint(null, null, $"{whose}: {most.AtOnce} calls at once, {atOnce} are allowed");
        }

        if (most.PerMinute > perMinute)
        {
            yield return new Complaint(null, null, $"{whose}: {most.PerMinute} dials in a minute, {perMinute} are allowed");
        }
    }

    // In the order in which they came, refused or not.
    private static LedgerEntry AsPlaced(LedgerEntry dial)
        => dial with { Placed = true, CallSid = $"{dial.Sequence}", PlacedEvent = dial.Sequence, EndedEvent = 0 };
}
