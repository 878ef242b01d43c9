using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Campaigns.Domain.Validation;

namespace Campaigns.Domain.Tools;

/// <summary>
/// Reads the schema of a tool's arguments: the part of OpenAPI's that the live model takes. A member that it does not know would end every
/// call of the agent, so such members are errors here.
/// </summary>
internal static class ToolSchema
{
    private const int Deepest = 5;
    private const int LongestDescription = 1_000;
    private const int MostProperties = 50;

    private static readonly FrozenSet<string> Types =
        "STRING NUMBER INTEGER BOOLEAN ARRAY OBJECT".Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Members =
        "type format description nullable enum items properties required minimum maximum minItems maxItems".Split(' ')
            .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The schema with upper-case types; null when there is none, or it has no properties.</summary>
    internal static string? Read(JsonElement schema, string path, ErrorList errors)
    {
        if (schema.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        var node = Schema(schema, path, 1, errors);
        errors.If(node is not null && node["type"]?.GetValue<string>() != "OBJECT", $"{path}.type", "must be OBJECT");
        return node?["properties"] is JsonObject { Count: > 0 } ? node.ToJsonString(ToolJson.Options) : null;
    }

    private static JsonObject? Schema(JsonElement schema, string path, int depth, ErrorList errors)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest)
        {
            errors.If(true, path, depth > Deepest ? $"is more than {Deepest} levels deep" : "must be an object: the schema of the arguments");
            return null;
        }

        var type = schema.TryGetProperty("type", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString()!.ToUpperInvariant() : "";
        errors.If(!Types.Contains(type), $"{path}.type", "must be STRING, NUMBER, INTEGER, BOOLEAN, ARRAY or OBJECT");
        errors.If(type == "ARRAY" && !schema.TryGetProperty("items", out _), $"{path}.items", "is required for ARRAY");
        errors.If(depth > 1 && type == "OBJECT" && !HasProperties(schema), $"{path}.properties", "is required for OBJECT");
        var node = new JsonObject { ["type"] = type };
        foreach (var member in schema.EnumerateObject().Where(m => !m.NameEquals("type")))
        {
            var at = $"{path}.{(member.Name.Length > 40 ? member.Name[..40] + "…" : member.Name)}";
            if (!Members.Contains(member.Name))
            {
                errors.If(true, at, "is not something that the model knows");
            }
            else if (Value(member, at, type, schema, depth, errors) is { } value)
            {
                node[member.Name] = value;
            }
        }

        return node;
    }

    private static JsonNode? Value(JsonProperty member, string path, string type, JsonElement schema, int depth, ErrorList errors)
    {
        switch (member.Name)
        {
            case "properties":
                return Properties(member.Value, path, depth, errors);
            case "items":
                return Schema(member.Value, path, depth + 1, errors);
            case "required":
                var names = Texts(member.Value, path, errors);
                var unknown = names.FirstOrDefault(n => !HasProperty(schema, n));
                errors.If(unknown is not null, path, $"names '{unknown}', which is no property");
                return new JsonArray([.. names.Select(n => JsonValue.Create(n))]);
            case "enum":
                var values = Texts(member.Value, path, errors);
                errors.If(type != "STRING", path, "is for STRING only");
                errors.If(values.Length == 0, path, "has no values");
                return new JsonArray([.. values.Select(n => JsonValue.Create(n))]);
            case "nullable":
                errors.If(member.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False), path, "must be true or false");
                return JsonNode.Parse(member.Value.GetRawText());
            case "description" or "format":
                var text = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : null;
                errors.If(text is null, path, "must be a text");
                errors.Optional(path, text, LongestDescription);
                return text;
            default:
                errors.If(member.Value.ValueKind != JsonValueKind.Number, path, "must be a number");
                return JsonNode.Parse(member.Value.GetRawText());
        }
    }

    private static JsonObject? Properties(JsonElement properties, string path, int depth, ErrorList errors)
    {
        if (properties.ValueKind != JsonValueKind.Object)
        {
            errors.If(true, path, "must be an object of schemas");
            return null;
        }

        errors.If(properties.EnumerateObject().Count() > MostProperties, path, $"has more than {MostProperties} properties");
        var node = new JsonObject();
        foreach (var property in properties.EnumerateObject().Take(MostProperties))
        {
            errors.If(
                property.Name.Length is 0 or > 63 || !property.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'),
                path,
                "has a name that is not 1–63 letters, digits and underscores");
            node[property.Name] = Schema(property.Value, $"{path}.{property.Name}", depth + 1, errors);
        }

        return node;
    }

    private static string[] Texts(JsonElement list, string path, ErrorList errors)
    {
        var isList = list.ValueKind == JsonValueKind.Array
            && list.GetArrayLength() <= 100
            && list.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String && v.GetString()!.Length is > 0 and <= 200);
        errors.If(!isList, path, "must be a list of at most 100 texts of 1–200 characters");
        return isList ? [.. list.EnumerateArray().Select(v => v.GetString()!)] : [];
    }

    private static bool HasProperties(JsonElement schema) =>
        schema.TryGetProperty("properties", out var p) && p.ValueKind == JsonValueKind.Object && p.EnumerateObject().Any();

    private static bool HasProperty(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var p) && p.ValueKind == JsonValueKind.Object && p.TryGetProperty(name, out _);
}
