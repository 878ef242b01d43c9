using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveModelSimulator;

/// <summary>
/// Makes an answer of the shape the request's schema asks for. Properties it knows by name (summary, outcome, facts, key, value,
/// confidence, evidenceTurn) come from the transcript; any other gets the least value its type allows, or is left out if optional.
/// </summary>
internal sealed class SchemaFiller(Transcript transcript, ExtractionOptions options)
{
    private const double Confidence = 0.9;

    public JsonNode? Fill(JsonElement schema) => Fill(schema, "", fact: null);

    private JsonNode? Fill(JsonElement schema, string name, Fact? fact)
    {
        var type = TypeOf(schema);
        return type switch
        {
            "OBJECT" => Object(schema, fact),
            "ARRAY" => Array(schema, name, fact),
            _ when Known(schema, name, fact) is { } known => known,
            _ when schema.Field("nullable").IsTrue() => null,
            "STRING" => Allowed(schema).FirstOrDefault() ?? "",
            "INTEGER" => (long)(schema.Field("minimum")?.GetDouble() ?? 0),
            "NUMBER" => schema.Field("minimum")?.GetDouble() ?? 0,
            "BOOLEAN" => false,
            _ => null,
        };
    }

    private JsonObject Object(JsonElement schema, Fact? fact)
    {
        var required = schema.Field("required").Items().Select(r => r.GetString()).ToHashSet(StringComparer.Ordinal);
        var result = new JsonObject();
        foreach (var property in schema.Field("properties")?.EnumerateObject() ?? default)
        {
            var value = Fill(property.Value, property.Name, fact);
            if (value is not null || required.Contains(property.Name))
            {
                result.Add(property.Name, value);
            }
        }

        return result;
    }

    private JsonArray Array(JsonElement schema, string name, Fact? fact)
    {
        var items = schema.Field("items");
        if (name != "facts" || items is null)
        {
            var least = (int)(schema.Field("minItems").Whole() ?? 0);
            return new JsonArray([.. Enumerable.Range(0, least).Select(_ => items is { } item ? Fill(item, "", fact) : null)]);
        }

        var most = (int)(schema.Field("maxItems").Whole() ?? int.MaxValue);
        return new JsonArray([.. transcript.Facts.Take(most).Select(f => Fill(items.Value, "", f))]);
    }

    private JsonNode? Known(JsonElement schema, string name, Fact? fact) => name switch
    {
        "outcome" => transcript.Outcome(Allowed(schema), options),
        "summary" => transcript.Summary(transcript.Outcome([], options)),
        "key" => fact?.Key,
        "value" => fact?.Value,
        "confidence" when fact is not null => Confidence,
        "evidenceTurn" or "evidence_turn" => fact?.Turn,
        _ => null,
    };

    /// <summary>Of either dialect: OpenAPI writes types in capitals, JSON Schema in small letters and perhaps as a list.</summary>
    private static string? TypeOf(JsonElement schema) => schema.Field("type") switch
    {
        { ValueKind: JsonValueKind.String } type => type.GetString()!.ToUpperInvariant(),
        { ValueKind: JsonValueKind.Array } types =>
            types.EnumerateArray().Select(t => t.GetString()!.ToUpperInvariant()).FirstOrDefault(t => t != "NULL"),
        _ => null,
    };

    private static List<string> Allowed(JsonElement schema) => [.. schema.Field("enum").Items().Select(e => e.GetString()!)];
}
