using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>What a turn's templates can name.</summary>
internal sealed class TurnValues(SessionSetup setup, IReadOnlyDictionary<string, string> groups)
{
    private const string ResponsePrefix = "response.";

    /// <summary>The latest tool response.</summary>
    public JsonElement? Response { get; set; }

    /// <summary>Null if there is no such value.</summary>
    public string? Of(string name) => name switch
    {
        "name" => setup.Name,
        "fact" => setup.Fact,
        _ when name.StartsWith(ResponsePrefix, StringComparison.Ordinal) => ResponseField(name[ResponsePrefix.Length..]),
        _ => groups.GetValueOrDefault(name),
    };

    private string? ResponseField(string name)
    {
        if (Response is not { } response)
        {
            return null;
        }

        var fields = response.TryGetProperty("output", out var output) && output.ValueKind == JsonValueKind.Object ? output : response;
        return fields.TryGetProperty(name, out var value) ? value.ToString() : null;
    }
}
