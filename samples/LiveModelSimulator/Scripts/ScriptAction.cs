namespace LiveModelSimulator;

/// <summary>
/// One thing the agent does in its turn. Texts are templates: {name} and {fact} come from the prompt, {1}… and named groups from the
/// rule's pattern, {response.x} from the latest tool response. A placeholder without a value vanishes together with a space before it.
/// </summary>
public abstract record ScriptAction
{
    public static ScriptAction Say(string text) => new Say(text);

    public static ScriptAction Call(string tool, params (string Name, string Value)[] args) =>
        new Call(tool, args.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal));
}

/// <summary>Speaks.</summary>
public sealed record Say(string Text) : ScriptAction;

/// <summary>Calls a tool and waits for its response. A tool that the setup does not declare is skipped and noted.</summary>
public sealed record Call(string Tool, IReadOnlyDictionary<string, string> Args) : ScriptAction;

/// <summary>Waits.</summary>
public sealed record Pause(TimeSpan Time) : ScriptAction;

/// <summary>Goes on by a field of the latest tool response.</summary>
/// <param name="Field">Its name within the response, or within its "output".</param>
/// <param name="Cases">What to do by the field's value.</param>
/// <param name="Otherwise">What to do for any other value, or none.</param>
public sealed record Branch(
    string Field,
    IReadOnlyDictionary<string, IReadOnlyList<ScriptAction>> Cases,
    IReadOnlyList<ScriptAction> Otherwise) : ScriptAction;

/// <summary>What the agent does when what it heard matches.</summary>
/// <param name="Pattern">A regular expression, any case.</param>
/// <param name="Actions">Its turn.</param>
/// <param name="AfterGreeting">False to greet instead if the agent has not greeted yet.</param>
public sealed record ScriptRule(string Pattern, IReadOnlyList<ScriptAction> Actions, bool AfterGreeting = false);
