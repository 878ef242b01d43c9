namespace Campaigns.Chaos.Judging;

/// <summary>Nobody is lost.</summary>
public static class LossJudge
{
    private static readonly HashSet<string> Ends = ["COMPLETED", "NO_ANSWER", "FAILED"];

    /// <summary>
    /// Everybody of a snapshot has come to an end, and the carrier was asked to call them: unless it cannot be known whether it was, which is on record as
    /// such. No session is left open, and the counters count what there is.
    /// </summary>
    public static IEnumerable<Complaint> Lost(RunFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var asked = facts.Dials.Select(dial => dial.Number).ToHashSet(StringComparer.Ordinal);
        foreach (var contact in facts.Contacts)
        {
            if (!Ends.Contains(contact.Status))
            {
                yield return new Complaint(null, contact.Phone, $"somebody is {contact.Status} in the end");
            }
            else if (!asked.Contains(contact.Phone) && contact.Outcome != "UNKNOWN")
            {
                yield return new Complaint(null, contact.Phone, $"somebody is {contact.Status}, {contact.Outcome}, and was never dialled");
            }
        }

        foreach (var session in facts.Sessions.Where(session => session.State != "ENDED"))
        {
            yield return new Complaint(null, session.Phone, $"session {session.Id} is {session.State} in the end");
        }

        foreach (var difference in facts.CounterDifferences)
        {
            yield return new Complaint(null, null, difference);
        }
    }
}
