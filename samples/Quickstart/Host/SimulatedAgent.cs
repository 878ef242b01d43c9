using LiveModelSimulator;

namespace Quickstart.Host;

using static ScriptAction;

/// <summary>The simulated model's script, with the sample campaign's typed field.</summary>
internal static class SimulatedAgent
{
    /// <summary>
    /// Who will renew is recorded with the number of years. A campaign without that field refuses it, and the agent, as a real one would,
    /// records the result alone.
    /// </summary>
    public static AgentScript Script { get; } = new()
    {
        Rules =
        [
            new(
                "I will renew",
                [
                    Call("update_campaign_contact", ("disposition", "interested"), ("fields", """{"years":1}""")),
                    OnRefusal(Call("update_campaign_contact", ("disposition", "interested"))),
                    Say("Thank you. Goodbye."),
                    Call("end_call", ("reason", "finished")),
                ]),
            .. new AgentScript().Rules,
        ],
    };

    private static Branch OnRefusal(ScriptAction action) =>
        new("status", new Dictionary<string, IReadOnlyList<ScriptAction>>(StringComparer.Ordinal) { ["refused"] = [action] }, []);
}
