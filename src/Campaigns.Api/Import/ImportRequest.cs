using System.Text.Json;
using Campaigns.Api.Input;
using Campaigns.Domain.Import;
using Campaigns.Stores;

namespace Campaigns.Api.Import;

/// <summary>How a file is to be imported.</summary>
/// <param name="FileName">The file's name; may be empty.</param>
/// <param name="Mode">What happens to the good rows of a file that also has broken ones.</param>
/// <param name="Mapping">Where columns go that the caller fixes, by header; null when none are.</param>
internal sealed record ImportRequest(string FileName, ImportMode Mode, IReadOnlyDictionary<string, ContactField>? Mapping)
{
    private static readonly Dictionary<string, ContactField> Fields =
        Enum.GetValues<ContactField>().ToDictionary(field => JsonNamingPolicy.CamelCase.ConvertName(field.ToString()), StringComparer.Ordinal);

    internal static ImportRequest Read(string? fileName, string? mode, string? mapping, Errors errors)
        => new(errors.Text("fileName", fileName) ?? "", ReadMode(mode, errors), ReadMapping(mapping, errors));

    private static ImportMode ReadMode(string? text, Errors errors)
    {
        switch (text)
        {
            case null or "good-rows":
                return ImportMode.GoodRows;
            case "all-or-nothing":
                return ImportMode.AllOrNothing;
            default:
                errors.Add("mode", "must be good-rows or all-or-nothing");
                return default;
        }
    }

    private static Dictionary<string, ContactField>? ReadMapping(string? text, Errors errors)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            var mapping = new Dictionary<string, ContactField>(StringComparer.OrdinalIgnoreCase);
            foreach (var (header, name) in JsonSerializer.Deserialize<Dictionary<string, string>>(text) ?? [])
            {
                errors.If(!Fields.TryGetValue(name ?? "", out var field), "mapping", $"names a field that does not exist; known are {string.Join(", ", Fields.Keys)}");
                mapping[header] = field;
            }

            return mapping;
        }
        catch (JsonException)
        {
            errors.Add("mapping", "must be a JSON object of fields by header, like {\"Cust No\":\"phone\",\"Remarks\":\"ignore\"}");
            return null;
        }
    }
}
