using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Campaigns.Calls;
using Campaigns.LiveModel;

namespace Campaigns.Domain.Tools;

/// <summary>How the tools are declared to the model: the OpenAPI subset with upper-case types that it reads.</summary>
internal static class ToolDeclarations
{
    internal static ToolDeclaration Of(string name, CallBrief brief) => name switch
    {
        ToolNames.UpdateContact => UpdateContact(brief.Dispositions.IsDefault ? [] : brief.Dispositions),
        ToolNames.ScheduleCallback => Declare(
            name,
            "Promise to call the person again. Returns the exact time to confirm, or a question to ask.",
            ["when"],
            ("when", Text("When, in the person's own words, such as \"Tuesday at four\" or \"kal subah gyarah baje\". Do not work out the date.")),
            ("note", Text("What it will be about."))),
        ToolNames.MarkDoNotCall => Declare(
            name,
            "The person does not want to be called again. Call it at once when they say so, in whatever words. It has taken effect when it returns.",
            [],
            ("reason", Text("What the person said."))),
        ToolNames.ReportMachine => Declare(
            name,
            "A machine answered, not a person: a voicemail greeting, an assistant that screens calls, an announcement or a telephone menu. Returns "
                + "what to do. Not for a person who says hello or asks who is calling.",
            ["kind"],
            ("kind", Enumeration("What answered; menu also for announcements that take no message.", ["voicemail", "screener", "menu"])),
            ("said", Text("What it said."))),
        ToolNames.Transfer => Declare(
            name,
            "The person wants to speak with a human, or you cannot help. Returns whether they are connected now or a colleague will call back.",
            ["reason"],
            ("reason", Text("What the person needs."))),
        ToolNames.EndCall => Declare(
            name,
            "Ends the call once your last sentence has been heard. Say goodbye first.",
            [],
            ("reason", Text("Why the call ends."))),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such tool."),
    };

    private static ToolDeclaration UpdateContact(ImmutableArray<DispositionSpec> dispositions)
    {
        const string About = "Records the result of this conversation. Call it once the result is clear, before saying goodbye; a later call replaces "
            + "an earlier one. If it is refused, correct what it names and call it again.";
        var notes = ("notes", Text("One or two sentences on what was said and agreed."));
        if (dispositions.IsEmpty)
        {
            return Declare(
                ToolNames.UpdateContact, About, ["disposition"],
                ("disposition", Text("The result in one or two plain words, such as interested, not_interested or wrong_number.")), notes);
        }

        var about = $"{About}\nThe results:\n{string.Join('\n', dispositions.Select(DispositionText.Line))}";
        var disposition = ("disposition", Enumeration("The result.", dispositions.Select(d => d.Code)));
        var fields = FieldSchemas(dispositions);
        return fields.Count == 0
            ? Declare(ToolNames.UpdateContact, about, ["disposition"], disposition, notes)
            : Declare(ToolNames.UpdateContact, about, ["disposition"], disposition, notes, ("fields", new JsonObject
            {
                ["type"] = "OBJECT",
                ["description"] = "What is recorded with the result; only the fields of that result, and only what was said.",
                ["properties"] = fields,
            }));
    }

    private static JsonObject FieldSchemas(ImmutableArray<DispositionSpec> dispositions)
    {
        var properties = new JsonObject();
        var fields = dispositions.SelectMany(d => d.Fields.IsDefault ? [] : d.Fields).GroupBy(f => f.Name, StringComparer.Ordinal);
        foreach (var same in fields)
        {
            // A name that two results use for different things is declared as text; the value is converted by the result that is recorded.
            var choices = same.SelectMany(f => f.Choices.IsDefault ? [] : f.Choices).Distinct(StringComparer.Ordinal);
            var types = same.Select(f => f.Type).Distinct().ToArray();
            var description = string.Join(". ", same.Select(DispositionText.Field).Distinct(StringComparer.Ordinal));
            properties[same.Key] = types switch
            {
                [DispositionFieldType.Number] => Schema("NUMBER", description),
                [DispositionFieldType.Boolean] => Schema("BOOLEAN", description),
                [DispositionFieldType.Choice] => Enumeration(description, choices),
                _ => Text(description),
            };
        }

        return properties;
    }

    private static ToolDeclaration Declare(string name, string description, string[] required, params (string Name, JsonObject Schema)[] parameters)
    {
        var schema = new JsonObject { ["type"] = "OBJECT", ["properties"] = new JsonObject(parameters.Select(Pair)) };
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(r => JsonValue.Create(r))]);
        }

        return new ToolDeclaration(name, description, schema.ToJsonString(ToolJson.Options));
    }

    private static KeyValuePair<string, JsonNode?> Pair((string Name, JsonObject Schema) p) => KeyValuePair.Create(p.Name, (JsonNode?)p.Schema);

    private static JsonObject Text(string description) => Schema("STRING", description);

    private static JsonObject Schema(string type, string description) => new() { ["type"] = type, ["description"] = description };

    private static JsonObject Enumeration(string description, IEnumerable<string> values)
    {
        var schema = Text(description);
        schema["enum"] = new JsonArray([.. values.Select(v => JsonValue.Create(v))]);
        return schema;
    }
}
