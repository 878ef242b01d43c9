using System.Text.RegularExpressions;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>The turns on record are what was said, and of the agent's what was heard.</summary>
internal static partial class TurnJudge
{
    // An estimate by the part that was played, rounded down to a word: this many characters of 40 ms it may be off.
    private const int EstimateSlack = 15;

    internal static IEnumerable<string> Complaints(CallFacts facts)
    {
        var fault = facts.Pair.Fault;
        var agent = facts.Turns.Where(t => t.Speaker == "AGENT").ToArray();
        var person = facts.Turns.Where(t => t.Speaker == "PERSON").ToArray();
        if (facts.Turns.Select(t => t.Position).SequenceEqual(Enumerable.Range(1, facts.Turns.Count)) is false)
        {
            yield return $"the turns are numbered {string.Join(", ", facts.Turns.Select(t => t.Position))}";
        }

        if (fault.Has("no-transcription"))
        {
            yield break;
        }

        var heard = facts.Talk.Heard.Where(h => h.Text.Length > 0).ToArray();
        var said = Join(facts.ModelSaid.Select(s => s.Text));
        if (InOrder(agent.Select(t => t.Text), said) is { } unsaid)
        {
            yield return $"'{unsaid}' stands in the agent's turns, and the agent did not say it then";
        }

        var listened = Join(heard.Select(h => h.Text));
        if (InOrder(agent.Where(t => !t.Interrupted).Select(t => t.HeardText), listened) is { } unheard)
        {
            yield return $"'{unheard}' stands there as heard to its end, and the person did not hear it then";
        }

        if (InOrder(heard.Where(h => h.Complete).Select(h => h.Text), Join(agent.Select(t => t.Text))) is { } missing)
        {
            yield return $"the person heard '{missing}', and it is in none of the agent's turns";
        }

        foreach (var turn in agent.Where(t => t.Interrupted))
        {
            if (!turn.Text.StartsWith(turn.HeardText, StringComparison.Ordinal))
            {
                yield return $"'{turn.HeardText}' is said to be heard of '{turn.Text}'";
            }
        }

        // Where a turn says the same over and over, which time was cut cannot be told.
        foreach (var cut in heard.Where(h => !h.Complete && !fault.Has("drone")))
        {
            if (!agent.Any(t => (t.Interrupted || t.Text.EndsWith(cut.Text, StringComparison.Ordinal)) && Math.Abs(Covered(t, cut.Text)) <= EstimateSlack))
            {
                yield return $"the person heard '{cut.Text}' and no more, which no interrupted turn says";
            }
        }

        if (InOrder(person.Select(t => t.Text), Join(facts.ModelHeard.Select(h => h.Text))) is { } invented)
        {
            yield return $"'{invented}' stands in the person's turns, and the model did not hear it then";
        }

        if (fault.Harm == Harm.None && facts.Session.Machine is null
            && InOrder(facts.ModelHeard.Where(h => h.Complete).Select(h => h.Text), Join(person.Select(t => t.Text))) is { } lost)
        {
            yield return $"the model heard '{lost}', and it is in none of the person's turns";
        }
    }

    // How many characters the record has more of the sentence than the person heard.
    private static int Covered(TurnRow turn, string heard)
    {
        // Heard to its last letter is heard, whatever became of the tone behind it.
        var begin = turn.Text.LastIndexOf(heard, StringComparison.Ordinal);
        return begin < 0 ? int.MaxValue : turn.HeardText.Length - (begin + heard.Length);
    }

    private static string Join(IEnumerable<string> texts) => Spaces().Replace(string.Concat(texts), "");

    // The first text that does not follow those before it, blanks apart: pieces of one turn come with or without them.
    private static string? InOrder(IEnumerable<string> texts, string whole)
    {
        var at = 0;
        foreach (var text in texts.Select(t => Spaces().Replace(t, "")).Where(t => t.Length > 0))
        {
            var found = whole.IndexOf(text, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return text;
            }

            at = found + text.Length;
        }

        return null;
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
