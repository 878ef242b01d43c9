using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Campaigns.Calls;
using Campaigns.Domain.Prompts;

namespace Campaigns.Domain.Tools;

/// <summary>Reads the result of a conversation against the campaign's list.</summary>
internal static class DispositionReader
{
    private const int LongestCode = 60;

    internal static ToolCommand Read(ToolArguments arguments, CallBrief brief, DateTimeOffset now)
    {
        var code = Words(arguments.Text("disposition", 200));
        var notes = arguments.Text("notes", ToolRequest.LongestNote);
        var given = Fields(arguments.Member("fields"), out var problem);
        var errors = ImmutableArray.CreateBuilder<string>();
        if (problem is not null)
        {
            errors.Add(problem);
        }

        var fields = ImmutableDictionary<string, string>.Empty;
        if (brief.Dispositions.IsDefaultOrEmpty)
        {
            AddFreeErrors(code, given, errors);
        }
        else if (brief.Dispositions.FirstOrDefault(d => Words(d.Code).Equals(code, StringComparison.Ordinal)) is { } spec)
        {
            code = spec.Code;
            fields = FieldsOf(spec, given, brief, now, errors);
        }
        else
        {
            var asked = code.Length == 0 ? "disposition is missing" : $"there is no disposition {DataText.Clean(code, LongestCode)}";
            errors.Add($"{asked}: use one of {string.Join(", ", brief.Dispositions.Select(d => d.Code))}");
        }

        return errors.Count > 0
            ? new ToolCommand.Refused(errors.ToImmutable())
            : new ToolCommand.RecordDisposition(code, notes.Length == 0 ? null : notes, fields);
    }

    private static void AddFreeErrors(string code, Dictionary<string, JsonElement> given, ImmutableArray<string>.Builder errors)
    {
        if (code.Length is 0 or > LongestCode)
        {
            errors.Add(code.Length == 0
                ? "disposition is missing: one or two words for the result"
                : $"disposition is longer than {LongestCode} characters: use one or two words");
        }

        if (given.Count > 0)
        {
            errors.Add("this campaign records no fields: put what they say into notes");
        }
    }

    private static ImmutableDictionary<string, string> FieldsOf(
        DispositionSpec spec, Dictionary<string, JsonElement> given, CallBrief brief, DateTimeOffset now, ImmutableArray<string>.Builder errors)
    {
        var fields = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var specs = spec.Fields.IsDefault ? [] : spec.Fields;
        foreach (var (name, _) in given.Where(g => !specs.Any(f => Words(f.Name).Equals(g.Key, StringComparison.Ordinal))).OrderBy(g => g.Key))
        {
            var has = specs.IsEmpty ? "it has no fields" : $"it has {string.Join(", ", specs.Select(f => f.Name))}";
            errors.Add($"{DataText.Clean(name, LongestCode)} is no field of {spec.Code}: {has}");
        }

        foreach (var field in specs)
        {
            if (!given.TryGetValue(Words(field.Name), out var value) || IsEmpty(value))
            {
                if (field.Required)
                {
                    errors.Add($"{field.Name} is required for {spec.Code}");
                }

                continue;
            }

            if (FieldValue.Read(field, value, brief, now, out var expected) is { } read)
            {
                fields[field.Name] = read;
            }
            else
            {
                errors.Add($"{field.Name} must be {expected}");
            }
        }

        return fields.ToImmutable();
    }

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
        || (value.ValueKind == JsonValueKind.String && ToolArguments.TextOf(value, 10).Length == 0);

    // Models write an object, or the object as a text.
    private static Dictionary<string, JsonElement> Fields(JsonElement fields, out string? problem)
    {
        problem = null;
        var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var read = fields.ValueKind switch
        {
            JsonValueKind.Object => ToolArguments.Read(fields.GetRawText(), out _),
            JsonValueKind.String => ToolArguments.Read(ToolArguments.TextOf(fields, ToolArguments.Longest), out _),
            JsonValueKind.Null or JsonValueKind.Undefined => ToolArguments.Read("{}", out _),
            _ => null,
        };
        if (read is null)
        {
            problem = "fields must be an object";
            return given;
        }

        foreach (var member in read.Root.EnumerateObject().Where(m => !IsEmpty(m.Value)))
        {
            given[Words(member.Name)] = member.Value;
        }

        return given;
    }

    /// <summary>One spelling of a code or a name: <c>Not Interested</c> is <c>not_interested</c>.</summary>
    private static string Words(string text) => string.Join('_', text.ToLowerInvariant()
        .Split([' ', '-', '_', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .Select(w => string.Concat(w.Where(c => char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark)))
        .Where(w => w.Length > 0));
}
