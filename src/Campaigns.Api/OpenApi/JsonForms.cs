using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Campaigns.Api.OpenApi;

/// <summary>Describes the values that our JSON converters write.</summary>
internal static class JsonForms
{
    internal static void Describe(OpenApiSchema schema, Type type)
    {
        if (type == typeof(DayOfWeek))
        {
            Choice(schema, ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]);
        }
        else if (type.IsEnum && type.Assembly == typeof(EnumText).Assembly)
        {
            Choice(schema, Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(value => Snake(Enum.GetName(type, value)!)));
        }
        else if (type == typeof(TimeOnly))
        {
            Text(schema, "HH:mm, 24 hours", "10:00");
        }
        else if (type == typeof(DateTimeOffset))
        {
            Text(schema, "ISO 8601 with an offset", "2026-03-01T10:00:00+05:30");
            schema.Format = "date-time";
        }
        else if (type == typeof(RetryPolicy))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = "Rules by outcome (noAnswer, busy, failed …). It replaces the default as a whole; an outcome without a rule is final.";
            schema.Examples = [JsonNode.Parse("""{"noAnswer":{"maxAttempts":3,"backoff":["00:10:00","01:00:00"]},"busy":{"maxAttempts":2}}""")!];
        }
    }

    private static void Choice(OpenApiSchema schema, IEnumerable<string> texts)
    {
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. texts.Select(text => (JsonNode)text)];
    }

    private static void Text(OpenApiSchema schema, string description, string example)
    {
        schema.Type = JsonSchemaType.String;
        schema.Description = description;
        schema.Examples = [example];
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(name);
}
