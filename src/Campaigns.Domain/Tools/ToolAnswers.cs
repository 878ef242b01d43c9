using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Campaigns.Domain.Times;

namespace Campaigns.Domain.Tools;

/// <summary>The answers to tool calls, as JSON for the model.</summary>
public static class ToolAnswers
{
    /// <summary>Done.</summary>
    public static string Ok { get; } = Output(("status", "ok"));

    /// <summary>The person is being connected.</summary>
    public static string Transferring { get; } = Output(("status", "ok"), ("action", "transfer"));

    /// <summary>Nobody is there to be connected to: a colleague will call back.</summary>
    public static string ColleagueCallsBack { get; } = Output(("status", "accepted"), ("action", "callback"));

    /// <summary>A machine: end the call.</summary>
    public static string HangUp { get; } = Output(("status", "ok"), ("action", "hang_up"));

    /// <summary>Not a machine, or none to act upon: go on.</summary>
    public static string Continue { get; } = Output(("status", "ok"), ("action", "continue"));

    /// <summary>A machine: say this after the beep.</summary>
    public static string LeaveMessage(string message) => Output(("status", "ok"), ("action", "leave_message"), ("message", message));

    /// <summary>A screener: say this, then wait for the person.</summary>
    public static string Explain(string message) => Output(("status", "ok"), ("action", "explain"), ("message", message));

    /// <summary>A screener: say this and, in the agent's own words, why it calls.</summary>
    public static string ExplainWhy(string message) => Output(
        ("status", "ok"), ("action", "explain"), ("message", message), ("note", "Then add in one short sentence why you are calling."));

    /// <summary>A promised callback, or the question that has to be asked first.</summary>
    public static string Callback(SpokenTimeResult result)
    {
        switch (result)
        {
            case SpokenTimeResult.Found { Moved: true } found:
                return Output(
                    ("status", "ok"), ("at", At(found)), ("say", found.Say),
                    ("note", "That is outside the hours in which calls are allowed. This is the next time: say so and ask whether it suits."));
            case SpokenTimeResult.Found found:
                return Output(("status", "ok"), ("at", At(found)), ("say", found.Say));
            case SpokenTimeResult.Unclear unclear:
                return Output(("status", "unclear"), ("ask", unclear.Ask));
            default:
                throw new ArgumentOutOfRangeException(nameof(result));
        }
    }

    /// <summary>A result that was not recorded, and why.</summary>
    public static string Refused(ImmutableArray<string> errors) => Answer("output", new JsonObject
    {
        ["status"] = "refused",
        ["errors"] = new JsonArray([.. errors.Select(e => JsonValue.Create(e))]),
    });

    /// <summary>What an agent's own tool returned: its JSON, or its text.</summary>
    /// <param name="body">The body, already bounded.</param>
    public static string Result(string body)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(body, documentOptions: ToolJson.Reading);
        }
        catch (JsonException)
        {
            node = JsonValue.Create(body);
        }

        // Numbers and texts alone are no object; the model is always given one.
        try
        {
            return Answer("output", node is JsonObject ? node : new JsonObject { ["result"] = node });
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return Error("the answer could not be read");
        }
    }

    /// <summary>The tool does not exist, its arguments are broken, or it failed.</summary>
    public static string Error(string message) => Answer("error", JsonValue.Create(message));

    /// <summary>The answer to a call that asks for nothing that can be done; null for any other.</summary>
    public static string? To(ToolCommand command) => command switch
    {
        ToolCommand.Refused refused => Refused(refused.Errors),
        ToolCommand.Invalid invalid => Error(string.Join("; ", invalid.Errors)),
        _ => null,
    };

    private static string At(SpokenTimeResult.Found found) => found.At.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string Output(params (string Name, string Value)[] members) =>
        Answer("output", new JsonObject(members.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)m.Value))));

    private static string Answer(string name, JsonNode? value) => new JsonObject { [name] = value }.ToJsonString(ToolJson.Options);
}
