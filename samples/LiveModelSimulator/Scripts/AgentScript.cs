namespace LiveModelSimulator;

using static ScriptAction;

/// <summary>How the simulated agent talks. The defaults fit the simulated people of the carrier simulator.</summary>
public sealed record AgentScript
{
    private static readonly ScriptAction s_end = Call("end_call", ("reason", "finished"));
    private static readonly ScriptAction s_ask = Say("Will you renew this year?");

    /// <summary>The agent's first turn, when it is told to begin or hears a mere hello.</summary>
    public IReadOnlyList<ScriptAction> Greeting { get; init; } = [Say("Hello {name}.")];

    /// <summary>The first turn when the prompt's memory section has a fact.</summary>
    public IReadOnlyList<ScriptAction> GreetingWithFact { get; init; } = [Say("Hello {name}. I remember {fact}.")];

    /// <summary>What to do by what was heard since the last turn; the first match wins.</summary>
    public IReadOnlyList<ScriptRule> Rules { get; init; } = DefaultRules;

    /// <summary>What to do when nothing matches: the first list the first time, the last one from then on; a match starts over.</summary>
    public IReadOnlyList<IReadOnlyList<ScriptAction>> Unclear { get; init; } =
    [
        [Say("Sorry, could you repeat that?")],
        [Say("Sorry, could you repeat that?")],
        [Say("Goodbye."), s_end],
    ];

    /// <summary>What to do by a typed text after the greeting; the first match wins.</summary>
    public IReadOnlyList<ScriptRule> TypedRules { get; init; } =
    [
        new("goodbye|end the call|hang up|wrap up", [Say("Goodbye."), s_end]),
    ];

    /// <summary>What to do on any other typed text after the greeting.</summary>
    public IReadOnlyList<ScriptAction> Nudged { get; init; } = [Say("Are you still there?")];

    /// <summary>What the agent says in turn where it does not decode speech (the option Cheap).</summary>
    public IReadOnlyList<string> CheapReplies { get; init; } = ["I see, thank you for that.", "Will you renew this year?"];

    private static IReadOnlyList<ScriptRule> DefaultRules { get; } =
    [
        new("leave a message|after the (tone|beep)|(tone|beep) ke baad|sandesh", [Call("report_answering_machine", ("kind", "voicemail"), ("said", "{0}")), Obey()]),
        new("say your name|why you (call|are calling)", [Call("report_answering_machine", ("kind", "screener"), ("said", "{0}")), Obey()]),
        new("do not call|stop calling", [Call("mark_do_not_call", ("reason", "{0}")), Say("You will not be called again. Goodbye."), s_end]),
        new("call me (?<when>[^.,?!]+)", [Call("schedule_callback", ("when", "{when}")), Callback()]),
        new(
            "not interested",
            [
                Call("update_campaign_contact", ("disposition", "not_interested")),
                Say("Thank you for your time. Goodbye."),
                s_end,
            ]),
        new("I will renew", [Call("update_campaign_contact", ("disposition", "interested")), Say("Thank you. Goodbye."), s_end]),
        new("my (?<key>[a-z ]+?) is (?<value>[^.,?!]+)", [Say("Noted, {value}. Will you renew this year?")]),
        new("(talk|speak) to (a|your|some)", [Call("transfer_to_human", ("reason", "{0}")), Transfer()]),
        new("speaking|hello", [s_ask], AfterGreeting: true),
    ];

    private static Branch Obey() => Choose(
        "action",
        [s_ask],
        ("hang_up", [s_end]),
        ("leave_message", [Say("{response.message}"), s_end]),
        ("explain", [Say("{response.message}")]));

    private static Branch Callback() => Choose(
        "status",
        [Say("Sorry, could you repeat that?")],
        ("ok", [Say("I will call you {response.say}. Goodbye."), s_end]),
        ("unclear", [Say("{response.ask}")]));

    private static Branch Transfer() => Choose(
        "action",
        [Say("Someone will call you back. Goodbye."), s_end],
        ("transfer", [Say("I will connect you now.")]));

    private static Branch Choose(
        string field, IReadOnlyList<ScriptAction> otherwise, params (string Value, IReadOnlyList<ScriptAction> Actions)[] cases) =>
        new(field, cases.ToDictionary(c => c.Value, c => c.Actions, StringComparer.Ordinal), otherwise);
}
