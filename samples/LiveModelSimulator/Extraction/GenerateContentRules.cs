using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>What generateContent refuses beyond unknown fields and wrong types.</summary>
internal static class GenerateContentRules
{
    private static readonly string[] s_jsonSchema =
    [
        "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems", "minItems", "maxItems",
        "minimum", "maximum", "anyOf", "oneOf", "properties", "additionalProperties", "required", "propertyOrdering",
    ];

    public static void Check(JsonElement request)
    {
        var contents = request.Field("contents").Items().ToList();
        Refuse(contents.Count == 0, "contents: is not specified.");
        Refuse(contents.Exists(c => !c.Field("parts").Items().Any()), "contents.parts: must not be empty.");
        var generation = request.Field("generationConfig");
        var schema = generation.Field("responseSchema");
        var jsonSchema = generation.Field("responseJsonSchema");
        Refuse(schema is not null && jsonSchema is not null, "generation_config: response_schema and response_json_schema exclude each other.");
        Refuse(
            (schema ?? jsonSchema) is not null && generation.Field("responseMimeType").Text() is null or "text/plain",
            "generation_config.response_mime_type: must be application/json for a response schema.");
        if (schema is { } shape)
        {
            SchemaRules.Check(shape, "generation_config.response_schema");
        }

        if (jsonSchema is { } standard)
        {
            CheckJsonSchema(standard, "generation_config.response_json_schema");
        }
    }

    private static void CheckJsonSchema(JsonElement schema, string path)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in schema.EnumerateObject())
        {
            Refuse(!s_jsonSchema.Contains(property.Name, StringComparer.Ordinal), $"{path}: \"{property.Name}\" is not supported.");
            if (property.Name is "properties" or "$defs" && property.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var inner in property.Value.EnumerateObject())
                {
                    CheckJsonSchema(inner.Value, $"{path}.{inner.Name}");
                }
            }
            else if (property.Name is "items" or "additionalProperties")
            {
                CheckJsonSchema(property.Value, $"{path}.{property.Name}");
            }
        }
    }

    private static void Refuse(bool wrong, string message)
    {
        if (wrong)
        {
            throw ProtocolException.Invalid(message);
        }
    }
}
