using CarrierSimulator;

namespace Quickstart.Judge;

/// <summary>What the carrier's own record says about the promise that nobody is called twice.</summary>
/// <param name="Dials">Calls the carrier placed.</param>
/// <param name="Duplicates">Those that should not have been, see <see cref="Faults"/>.</param>
/// <param name="Faults">Each of them in words.</param>
internal sealed record LedgerJudge(int Dials, int Duplicates, IReadOnlyList<string> Faults)
{
    /// <summary>
    /// Counts second dials of one session, dials of a number beyond its attempts (numbers the campaign has not, included), and calls to
    /// somebody who was on the phone.
    /// </summary>
    /// <param name="entries">The ledger.</param>
    /// <param name="attempts">Attempts by number, as the campaign records them.</param>
    public static LedgerJudge Of(IReadOnlyList<LedgerEntry> entries, IReadOnlyDictionary<string, int> attempts)
    {
        var summary = LedgerSummary.Of(entries);
        var faults = new List<string>();
        var duplicates = 0;
        foreach (var (session, dials) in summary.DialsByCustomField.Where(d => d.Value > 1))
        {
            duplicates += dials - 1;
            faults.Add($"Session {(session.Length > 0 ? session : "without a name")} was dialled {dials} times.");
        }

        foreach (var (number, dials) in summary.DialsByNumber)
        {
            var used = attempts.GetValueOrDefault(number);
            if (dials > used)
            {
                duplicates += dials - used;
                faults.Add($"{number} was dialled {dials} times in {used} attempts.");
            }
        }

        foreach (var overlap in summary.Overlaps)
        {
            duplicates++;
            faults.Add($"{overlap.Number} was called while on the phone: {overlap.SecondCallSid} during {overlap.FirstCallSid}.");
        }

        return new LedgerJudge(summary.Dials, duplicates, faults);
    }
}
