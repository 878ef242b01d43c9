using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>A field of a message.</summary>
/// <param name="Name">camelCase; the snake_case form is taken too, as proto JSON does.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Exists">Whether the platform knows it; null is always.</param>
/// <param name="Refusal">Known to the proto, yet refused with this text.</param>
internal sealed record WireField(string Name, WireType Type, Func<WireScope, bool>? Exists = null, string? Refusal = null)
{
    public string SnakeName { get; } = WireMessage.Snake(Name);
}

/// <summary>A proto message: an object with known fields, each at most once.</summary>
internal sealed class WireMessage(params WireField[] fields) : WireType
{
    public override void Check(JsonElement value, string path, WireScope scope)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(value, path, "message");
        }

        var seen = 0UL;
        foreach (var property in value.EnumerateObject())
        {
            var index = Array.FindIndex(fields, f => property.NameEquals(f.Name) || property.NameEquals(f.SnakeName));
            if (index < 0 || fields[index].Exists?.Invoke(scope) == false)
            {
                var place = path.Length > 0 ? $" at '{path}'" : "";
                throw ProtocolException.Invalid($"Invalid JSON payload received. Unknown name \"{property.Name}\"{place}: Cannot find field.");
            }

            var field = fields[index];
            var inner = path.Length > 0 ? $"{path}.{field.SnakeName}" : field.SnakeName;
            if (((seen >> index) & 1) == 1)
            {
                throw ProtocolException.Invalid($"Invalid JSON payload received. '{inner}' is given twice.");
            }

            seen |= 1UL << index;
            if (property.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (field.Refusal is not null)
            {
                throw ProtocolException.Invalid($"{inner}: {field.Refusal}");
            }

            field.Type.Check(property.Value, inner, scope);
        }
    }

    public static string Snake(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? $"_{char.ToLowerInvariant(c)}" : c.ToString()));
}
