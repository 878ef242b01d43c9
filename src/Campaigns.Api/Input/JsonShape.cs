using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Campaigns.Api.Input;

/// <summary>
/// Compares JSON with the type it is to become and names every difference: unknown and missing members, nulls, wrong kinds, values that a
/// converter refuses. The deserializer alone would stop at the first.
/// </summary>
internal static class JsonShape
{
    internal static void Check(JsonElement element, Type type, JsonSerializerOptions options, string path, Errors errors)
    {
        var info = options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                CheckMembers(element, info, path, errors);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    CheckValue(item, info.ElementType!, nullable: false, options, $"{path}[{index++}]", errors);
                }

                break;
            case JsonTypeInfoKind.Dictionary when element.ValueKind == JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    CheckValue(member.Value, info.ElementType!, nullable: false, options, Join(path, member.Name), errors);
                }

                break;
            case JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary:
                errors.Add(path.Length == 0 ? "body" : path, "must be an object");
                break;
            case JsonTypeInfoKind.Enumerable:
                errors.Add(path, "must be a list");
                break;
            default:
                CheckLeaf(element, info, path, errors);
                break;
        }
    }

    private static void CheckMembers(JsonElement element, JsonTypeInfo info, string path, Errors errors)
    {
        var known = info.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            var name = Join(path, member.Name);
            if (known.Remove(member.Name, out var property))
            {
                CheckValue(member.Value, property.PropertyType, IsNullable(property), info.Options, name, errors);
            }
            else
            {
                errors.Add(name, $"is not a member here; known are {string.Join(", ", info.Properties.Select(p => p.Name))}");
            }
        }

        foreach (var missing in known.Values.Where(property => property.IsRequired))
        {
            errors.Add(Join(path, missing.Name), "is required");
        }
    }

    private static void CheckValue(JsonElement value, Type type, bool nullable, JsonSerializerOptions options, string path, Errors errors)
    {
        if (value.ValueKind != JsonValueKind.Null)
        {
            Check(value, type, options, path, errors);
        }
        else if (!nullable)
        {
            errors.Add(path, "must not be null; leave it out instead");
        }
    }

    private static bool IsNullable(JsonPropertyInfo property)
        => property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsSetNullable;

    private static void CheckLeaf(JsonElement element, JsonTypeInfo info, string path, Errors errors)
    {
        try
        {
            element.Deserialize(info);
        }
        catch (JsonException exception)
        {
            errors.Add(path, Expectation(info.Type) ?? exception.Message);
        }
    }

    private static string? Expectation(Type type)
        => type == typeof(string) ? "must be a text"
        : type == typeof(Guid) ? "must be an id (a UUID)"
        : type == typeof(bool) ? "must be true or false"
        : type == typeof(int) || type == typeof(long) ? "must be a whole number"
        : null;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
