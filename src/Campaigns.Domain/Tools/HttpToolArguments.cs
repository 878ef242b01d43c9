using System.Collections.Immutable;
using System.Text.Json;

namespace Campaigns.Domain.Tools;

/// <summary>Checks the arguments of an agent's own tool against its schema, so that its server is not asked what it does not understand.</summary>
internal static class HttpToolArguments
{
    private const int MostErrors = 10;

    internal static ImmutableArray<string> Check(AgentHttpTool tool, JsonElement arguments)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        if (tool.ParametersJson is not null)
        {
            using var schema = JsonDocument.Parse(tool.ParametersJson);
            Check(schema.RootElement, arguments, "", errors);
        }

        return [.. errors.Take(MostErrors)];
    }

    private static void Check(JsonElement schema, JsonElement value, string path, ImmutableArray<string>.Builder errors)
    {
        var type = schema.GetProperty("type").GetString();
        var name = path.Length == 0 ? "the arguments" : path;
        if (value.ValueKind == JsonValueKind.Null && schema.TryGetProperty("nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True)
        {
            return;
        }

        if (!Fits(type, value))
        {
            errors.Add($"{name} must be {type}");
            return;
        }

        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(v => v.ValueEquals(value.GetString())))
        {
            errors.Add($"{name} must be one of {string.Join(", ", values.EnumerateArray().Select(v => v.GetString()))}");
        }

        if (type == "ARRAY")
        {
            foreach (var (index, item) in value.EnumerateArray().Take(MostErrors).Index())
            {
                Check(schema.GetProperty("items"), item, $"{path}[{index}]", errors);
            }
        }

        if (type == "OBJECT")
        {
            CheckObject(schema, value, path, errors);
        }
    }

    private static void CheckObject(JsonElement schema, JsonElement value, string path, ImmutableArray<string>.Builder errors)
    {
        var prefix = path.Length == 0 ? "" : path + ".";
        if (schema.TryGetProperty("required", out var required))
        {
            errors.AddRange(required.EnumerateArray().Select(r => r.GetString()!)
                .Where(r => !value.TryGetProperty(r, out _)).Select(r => $"{prefix}{r} is required"));
        }

        foreach (var property in schema.GetProperty("properties").EnumerateObject())
        {
            if (value.TryGetProperty(property.Name, out var member))
            {
                Check(property.Value, member, prefix + property.Name, errors);
            }
        }
    }

    private static bool Fits(string? type, JsonElement value) => type switch
    {
        "STRING" => value.ValueKind == JsonValueKind.String && IsWhole(value),
        "NUMBER" => value.ValueKind == JsonValueKind.Number,
        "INTEGER" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "BOOLEAN" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "ARRAY" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };

    // A text with half a character in it cannot be read.
    private static bool IsWhole(JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
