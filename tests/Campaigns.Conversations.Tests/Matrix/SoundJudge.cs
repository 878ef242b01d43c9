using CarrierSimulator;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>What one said is what the other heard, in order; what was cut off is a beginning of it; and silence follows a clear.</summary>
internal static class SoundJudge
{
    // What is in flight when the person cuts in: a chunk that the carrier plays to its end, and the way there.
    private const double InFlightMs = 100 + 200;

    internal static IEnumerable<string> Complaints(CallFacts facts)
    {
        var talk = facts.Talk;
        foreach (var complaint in Ordered("the person heard", talk.Heard.Select(h => (h.Text, h.Complete)), "the agent", facts.ModelSaid.Select(s => s.Text)))
        {
            yield return complaint;
        }

        foreach (var complaint in Ordered("the model heard", facts.ModelHeard.Select(h => (h.Text, h.Complete)), "the person", talk.Said.Select(s => s.Text)))
        {
            yield return complaint;
        }

        foreach (var clear in talk.Clears)
        {
            if (talk.Heard.FirstOrDefault(h => h.StartMs < clear.AtMs && h.EndMs > clear.AtMs + InFlightMs) is { } line)
            {
                yield return $"'{line.Text}' was heard until {line.EndMs:0} ms although a clear came at {clear.AtMs:0} ms";
            }
        }
    }

    private static IEnumerable<string> Ordered(string who, IEnumerable<(string Text, bool Complete)> heard, string other, IEnumerable<string> said)
    {
        var rest = new Queue<string>(said);
        foreach (var (text, complete) in heard)
        {
            if (text.Length == 0)
            {
                continue;
            }

            var found = false;
            while (!found && rest.TryDequeue(out var candidate))
            {
                found = complete ? candidate == text : candidate.StartsWith(text, StringComparison.Ordinal);
            }

            if (!found)
            {
                yield return $"{who} '{text}'{(complete ? "" : " (cut)")}, which {other} did not say then";
                yield break;
            }
        }
    }
}
