using System.Text.RegularExpressions;

namespace LiveModelSimulator;

/// <summary>Something the person said that lasts.</summary>
internal sealed record Fact(string Key, string Value, int? Turn);

/// <summary>Reads the transcript in a request by rules.</summary>
internal sealed class Transcript
{
    private Transcript(string text, IReadOnlyList<Fact> facts)
    {
        Text = text;
        Facts = facts;
    }

    public string Text { get; }

    public IReadOnlyList<Fact> Facts { get; }

    public static Transcript Read(string text, ExtractionOptions options)
    {
        var fact = Patterns.Compile(options.FactPattern);
        var turn = Patterns.Compile(options.TurnPattern);
        var agent = Patterns.Compile(options.AgentLinePattern);
        var facts = new List<Fact>();
        int? number = null;
        foreach (var line in text.Split('\n'))
        {
            if (turn.Match(line) is { Success: true } numbered && int.TryParse(numbered.Groups["turn"].Value, out var parsed))
            {
                number = parsed;
            }

            if (!agent.IsMatch(line))
            {
                facts.AddRange(fact.Matches(line).Select(m => new Fact(
                    m.Groups["key"].Value.Trim().Replace(' ', '_').ToLowerInvariant(), m.Groups["value"].Value.Trim(), number)));
            }
        }

        return new Transcript(text, facts);
    }

    /// <summary>The first outcome of the matching rule that is allowed; else the last one allowed, which is the vaguest by custom.</summary>
    public string Outcome(IReadOnlyList<string> allowed, ExtractionOptions options)
    {
        foreach (var rule in options.Outcomes)
        {
            if (Patterns.Compile(rule.Pattern, RegexOptions.IgnoreCase).IsMatch(Text))
            {
                var outcome = allowed.Count == 0 ? rule.Outcomes[0]
                    : rule.Outcomes.Select(o => allowed.FirstOrDefault(a => Same(a, o))).FirstOrDefault(o => o is not null);
                if (outcome is not null)
                {
                    return outcome;
                }
            }
        }

        return allowed.Count > 0 ? allowed[^1] : "unknown";
    }

    public string Summary(string outcome) => Facts.Count == 0
        ? $"The call ended with {outcome}."
        : $"The call ended with {outcome}. The person told: {string.Join(", ", Facts.Select(f => $"{f.Key} {f.Value}"))}.";

    private static bool Same(string left, string right) =>
        string.Equals(Bare(left), Bare(right), StringComparison.OrdinalIgnoreCase);

    private static string Bare(string text) => string.Concat(text.Where(char.IsLetterOrDigit));
}
