using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>What the platform refuses in a well-typed OpenAPI schema.</summary>
internal static class SchemaRules
{
    public static void Check(JsonElement schema, string path)
    {
        var type = schema.Field("type").Text();
        Refuse(type is null && schema.Field("anyOf") is null, $"{path}.type: must be specified.");
        Refuse(type == "ARRAY" && schema.Field("items") is null, $"{path}.items: missing field.");
        Refuse(schema.Field("enum") is not null && type != "STRING", $"{path}.enum: only allowed for STRING type.");
        if (schema.Field("items") is { } items)
        {
            Check(items, $"{path}.items");
        }

        foreach (var option in schema.Field("anyOf").Items())
        {
            Check(option, $"{path}.any_of");
        }

        if (type == "OBJECT")
        {
            CheckObject(schema, path);
        }
    }

    private static void CheckObject(JsonElement schema, string path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in schema.Field("properties")?.EnumerateObject() ?? default)
        {
            names.Add(property.Name);
            Check(property.Value, $"{path}.properties[{property.Name}]");
        }

        Refuse(names.Count == 0, $"{path}.properties: should be non-empty for OBJECT type.");
        foreach (var list in (string[])["required", "propertyOrdering"])
        {
            foreach (var name in schema.Field(list).Items())
            {
                Refuse(!names.Contains(name.GetString()!), $"{path}.{WireMessage.Snake(list)}: property is not defined: {name.GetString()}");
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
