using Campaigns.Chaos.Judging;
using CarrierSimulator;

namespace Campaigns.Chaos.Reporting;

/// <summary>A run in one paragraph.</summary>
public static class Summary
{
    public static string Of(ChaosResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var (facts, verdict) = (result.Facts, result.Verdict);
        var (atOnce, perMinute) = CapJudge.Most(facts.Dials);
        var resumed = result.Rounds.Max(round => round.Resumed) ?? TimeSpan.Zero;
        var unknown = facts.Contacts.Count(contact => contact.Outcome == "UNKNOWN");
        return $"{(verdict.IsClean ? "Held" : "BROKEN")}: {result.Rounds.Count} rounds, {facts.Contacts.Count} people, {LedgerSummary.Of(facts.Dials).Dials} dials, "
            + $"{verdict.Duplicates.Count} duplicates, {verdict.Lost.Count} lost, {unknown} of unknown outcome; {atOnce} of {facts.Caps.Organization} lines, "
            + $"{perMinute} of {facts.Caps.AccountPerMinute} dials a minute; next dial after {resumed.TotalSeconds:0.0} s at most; "
            + $"{verdict.Playout.Calls} calls on hosts that nothing was done to, {verdict.Playout.Ours.Count} of them disturbed, "
            + $"{verdict.Playout.Machines.Count} by a machine that was busy {100 * result.Saturated:0} % of the time.";
    }
}
