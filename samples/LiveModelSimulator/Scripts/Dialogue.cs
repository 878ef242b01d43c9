using System.Text.RegularExpressions;

namespace LiveModelSimulator;

/// <summary>Where a conversation stands; what a resumption handle brings back.</summary>
internal sealed record DialogueState(bool Greeted, int Unclear, int Replies, int Turns, int PromptTokens)
{
    public static readonly DialogueState New = new(false, 0, 0, 0, 0);
}

/// <summary>What the agent does next, and where the conversation stands then.</summary>
internal sealed record Decision(DialogueState State, IReadOnlyList<ScriptAction> Actions, IReadOnlyDictionary<string, string> Groups);

/// <summary>Decides the agent's turns by its script; pure.</summary>
internal sealed class Dialogue(AgentScript script)
{
    private static readonly Dictionary<string, string> s_noGroups = [];

    private readonly (Regex Pattern, ScriptRule Rule)[] _rules = [.. Compile(script.Rules)];
    private readonly (Regex Pattern, ScriptRule Rule)[] _typed = [.. Compile(script.TypedRules)];

    /// <summary>The turn that answers what was heard since the last one.</summary>
    /// <param name="state">Before.</param>
    /// <param name="heard">May be empty when the client told the agent to begin.</param>
    /// <param name="knowsFact">Whether the prompt has one.</param>
    public Decision Hear(DialogueState state, string heard, bool knowsFact)
    {
        var next = state with { Greeted = true, Unclear = 0, Turns = state.Turns + 1 };
        if (Find(_rules, heard) is { } found && (state.Greeted || !found.Rule.AfterGreeting))
        {
            return new Decision(next, found.Rule.Actions, found.Groups);
        }

        if (!state.Greeted)
        {
            return new Decision(next, knowsFact ? script.GreetingWithFact : script.Greeting, s_noGroups);
        }

        var actions = script.Unclear[Math.Min(state.Unclear, script.Unclear.Count - 1)];
        return new Decision(next with { Unclear = state.Unclear + 1 }, actions, s_noGroups);
    }

    /// <summary>The turn that answers a typed text: the greeting, or what the script says to a nudge.</summary>
    public Decision Read(DialogueState state, string text, bool knowsFact)
    {
        if (!state.Greeted)
        {
            return Hear(state, "", knowsFact);
        }

        var next = state with { Turns = state.Turns + 1 };
        return Find(_typed, text) is { } found
            ? new Decision(next, found.Rule.Actions, found.Groups)
            : new Decision(next, script.Nudged, s_noGroups);
    }

    /// <summary>The turn that answers sound which is not decoded.</summary>
    public Decision HearSound(DialogueState state)
    {
        var next = state with { Greeted = true, Replies = state.Replies + 1, Turns = state.Turns + 1 };
        return new Decision(next, [ScriptAction.Say(script.CheapReplies[state.Replies % script.CheapReplies.Count])], s_noGroups);
    }

    private static IEnumerable<(Regex, ScriptRule)> Compile(IReadOnlyList<ScriptRule> rules) =>
        rules.Select(r => (Patterns.Compile(r.Pattern, RegexOptions.IgnoreCase), r));

    private static (ScriptRule Rule, Dictionary<string, string> Groups)? Find((Regex Pattern, ScriptRule Rule)[] rules, string text)
    {
        foreach (var (pattern, rule) in rules)
        {
            if (pattern.Match(text) is { Success: true } match)
            {
                var groups = match.Groups.Values.ToDictionary(g => g.Name, g => g.Value.Trim(), StringComparer.Ordinal);
                groups["0"] = text;
                return (rule, groups);
            }
        }

        return null;
    }
}
