using CarrierSimulator;

namespace Campaigns.Chaos.Judging;

/// <summary>Nobody is called twice.</summary>
public static class DialJudge
{
    /// <summary>What the policy of the run allows.</summary>
    public const int MostAttempts = 4;

    /// <summary>
    /// One dial per session, one session that was dialled per contact and attempt, no two calls to a person at a time, no call that is on no record, and
    /// no more dials than the policy allows.
    /// </summary>
    public static IEnumerable<Complaint> Duplicates(RunFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var placed = facts.Dials.Where(dial => dial.Placed).ToArray();
        foreach (var twice in placed.GroupBy(dial => dial.CustomField).Where(group => group.Count() > 1).Select(group => group.Last()))
        {
            yield return new Complaint(twice.ReceivedAt, twice.Number, $"session {twice.CustomField} was dialled more than once");
        }

        foreach (var overlap in LedgerSummary.Of(placed).Overlaps)
        {
            var second = placed.First(dial => dial.CallSid == overlap.SecondCallSid);
            yield return new Complaint(second.ReceivedAt, overlap.Number, "the person was called while on the phone");
        }

        var sessions = facts.Sessions.ToDictionary(session => session.Id);
        var byAttempt = new HashSet<(Guid?, int)>();
        foreach (var dial in placed)
        {
            if (!Guid.TryParse(dial.CustomField, out var id) || sessions.GetValueOrDefault(id) is not { } session)
            {
                yield return new Complaint(dial.ReceivedAt, dial.Number, "a call is on no record");
            }
            else if (!byAttempt.Add((session.Contact, session.Attempt)))
            {
                yield return new Complaint(dial.ReceivedAt, dial.Number, $"attempt {session.Attempt} was dialled more than once");
            }
        }

        foreach (var person in placed.GroupBy(dial => dial.Number).Where(group => group.Count() > MostAttempts))
        {
            yield return new Complaint(person.Last().ReceivedAt, person.Key, $"{person.Count()} calls, {MostAttempts} are allowed");
        }
    }
}
