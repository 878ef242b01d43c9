using Campaigns.Chaos.Bed;
using CarrierSimulator;

namespace Campaigns.Chaos.Judging;

/// <summary>What became of the sound on hosts that nothing was done to.</summary>
/// <param name="Calls">Calls that could be judged: those of hosts that nothing was done to.</param>
/// <param name="Ours">What the machine cannot be blamed for.</param>
/// <param name="Machines">What came while it had nothing left to give.</param>
public sealed record PlayoutFindings(int Calls, IReadOnlyList<Complaint> Ours, IReadOnlyList<Complaint> Machines);

/// <summary>Calls on other silos go on: no gap in what the person heard, no underrun by the host's own count, and nobody cut off.</summary>
public static class PlayoutJudge
{
    // Longer silences are the conversation's.
    private const double LongestHoleMs = 1000;

    public static PlayoutFindings Judge(RunFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var sessions = facts.Sessions.ToDictionary(session => session.Id);
        var (calls, ours, machines) = (0, new List<Complaint>(), new List<Complaint>());
        foreach (var dial in facts.Dials.Where(dial => dial is { AnsweredAt: not null, EndedAt: not null, Conversation.StartedMs: not null }))
        {
            if (IsDisturbed(dial, facts.Disturbances))
            {
                continue;
            }

            calls++;
            var session = Guid.TryParse(dial.CustomField, out var id) ? sessions.GetValueOrDefault(id) : null;
            foreach (var (from, to, text) in Faults(dial, session))
            {
                (facts.WasStarved(from, to) ? machines : ours).Add(new Complaint(from, dial.Number, text));
            }
        }

        return new PlayoutFindings(calls, ours, machines);
    }

    private static bool IsDisturbed(LedgerEntry dial, IReadOnlyList<Disturbance> disturbances)
        => ChaosBed.PortOf(dial) is var port && disturbances.Any(d => d.Port == port && d.To > dial.ReceivedAt && d.From < dial.EndedAt);

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To, string Text)> Faults(LedgerEntry dial, SessionRow? session)
    {
        var (talk, answered, ended) = (dial.Conversation!, dial.AnsweredAt!.Value, dial.EndedAt!.Value);
        foreach (var gap in talk.Gaps.Where(gap => gap.Ms < LongestHoleMs && !talk.Clears.Any(clear => Math.Abs(clear.AtMs - gap.AtMs) < 300)))
        {
            var from = answered.AddMilliseconds(gap.AtMs);
            yield return (from, from.AddMilliseconds(gap.Ms), $"{gap.Ms:0} ms of silence within a sentence");
        }

        if (session is { Underruns: > 0 })
        {
            yield return (answered, ended, $"{session.Underruns} underruns by the host's own count");
        }

        if (talk.ClosedBy is "carrier" || talk.CloseCode is 1006)
        {
            yield return (ended, ended, $"cut off: closed by {talk.ClosedBy} with {talk.CloseCode} {talk.Note}");
        }
        else if (talk.ClosedBy is "person" && talk.Said.Count > 0 && !talk.HeardAll("Goodbye"))
        {
            yield return (answered, ended, "left alone in mid-conversation, and hung up");
        }
    }
}
