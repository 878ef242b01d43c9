using System.Text;
using CarrierSimulator;

namespace Campaigns.Chaos.Reporting;

/// <summary>The carrier's ledger in lines for people who look for what went wrong.</summary>
public static class DialLines
{
    public static string Of(IEnumerable<LedgerEntry> dials)
    {
        ArgumentNullException.ThrowIfNull(dials);
        var text = new StringBuilder();
        foreach (var dial in dials)
        {
            text.Append($"{dial.Sequence,4} {dial.ReceivedAt:HH:mm:ss.fff} {dial.Number} {dial.StreamUrl?.Split('/').ElementAtOrDefault(2)} {dial.CustomField} ")
                .Append($"{dial.HttpStatus} {dial.Fate}, answered {dial.AnsweredAt:HH:mm:ss.fff}, ended {dial.EndedAt:HH:mm:ss.fff} {dial.FinalStatus}");
            if (dial.Conversation is { } talk)
            {
                text.Append($", {talk.Handshakes} handshakes, by {talk.ClosedBy} {talk.CloseCode} {talk.Note}; ")
                    .AppendJoin("; ", talk.Gaps.Select(gap => $"gap at {gap.AtMs:0} of {gap.Ms:0} ms"));
            }

            text.AppendLine();
        }

        return text.ToString();
    }
}
