using Campaigns.Chaos.Bed;
using Campaigns.Chaos.Judging;
using Campaigns.Chaos.Troubles;

namespace Campaigns.Chaos.Reporting;

/// <summary>A run in lines for people.</summary>
public static class Table
{
    private const string Columns = "{0,5} {1,7} {2,-16} {3,-9} {4,8} {5,6} {6,8} {7,5} {8,8} {9,8} {10,6} {11,6} {12,8}  {13}";

    public static string Heading { get; } = string.Format(
        Columns, "round", "at", "trouble", "to", "resumed", "dials", "twice", "lost", "at once", "per min", "calls", "gaps", "machine", "");

    /// <summary>One line per round. What lies between two rounds belongs to the first, and what has no moment to the round that its campaign was made for.</summary>
    public static IEnumerable<string> Lines(RunFacts facts, Verdict verdict, IReadOnlyList<Round> rounds, IReadOnlyList<ChaosCampaign> campaigns)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(rounds);
        var start = rounds[0].Began;
        for (var i = 0; i < rounds.Count; i++)
        {
            var round = rounds[i];
            var (from, to) = (i == 0 ? DateTimeOffset.MinValue : round.Began, i + 1 < rounds.Count ? rounds[i + 1].Began : DateTimeOffset.MaxValue);
            var dials = facts.Dials.Where(dial => dial.ReceivedAt >= from && dial.ReceivedAt < to).ToArray();

            // Caps are judged over everything; a line shows the most of what touched its round.
            var (atOnce, _) = CapJudge.Most(facts.Dials.Where(dial => dial.ReceivedAt < to && (dial.EndedAt ?? DateTimeOffset.MaxValue) >= from));
            var (_, perMinute) = CapJudge.Most(facts.Dials.Where(dial => dial.ReceivedAt < to && dial.ReceivedAt >= Earlier(from)));
            yield return string.Format(
                Columns,
                round.Number,
                $"{(round.Began - start).TotalSeconds:0.0}",
                round.Plan.Trouble,
                round.Victim,
                round.Resumed is { } resumed ? $"{resumed.TotalSeconds:0.0} s" : "",
                dials.Count(dial => dial.Placed),
                verdict.Duplicates.Count(Within),
                verdict.Lost.Count(lost => campaigns.FirstOrDefault(c => lost.Phone?.StartsWith(c.Prefix, StringComparison.Ordinal) == true)?.Round == round.Number),
                $"{atOnce}/{facts.Caps.Organization}",
                $"{perMinute}/{facts.Caps.AccountPerMinute}",
                dials.Count(dial => dial.Conversation is { StartedMs: not null }),
                verdict.Playout.Ours.Count(Within),
                verdict.Playout.Machines.Count(Within),
                string.Join("; ", round.Notes));

            bool Within(Complaint complaint) => complaint.At >= from && complaint.At < to;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset from) => from == DateTimeOffset.MinValue ? from : from.AddMinutes(-1);
}
