using Campaigns.Domain.Prompts;

namespace Campaigns.Domain.Tools;

/// <summary>A campaign's words for results, told to the model.</summary>
internal static class DispositionText
{
    /// <summary>One line: the code, when it applies, its fields.</summary>
    internal static string Line(DispositionSpec disposition)
    {
        var line = $"- {disposition.Code}";
        if (OneLine(disposition.Description) is { Length: > 0 } description)
        {
            line += $": {description}.";
        }

        return disposition.Fields.IsDefaultOrEmpty ? line : $"{line} Fields: {string.Join("; ", disposition.Fields.Select(Field))}.";
    }

    /// <summary>A field with its type: <c>amount (number, required): what they would pay</c>.</summary>
    internal static string Field(DispositionField field)
    {
        var type = field.Type switch
        {
            DispositionFieldType.Number => "number",
            DispositionFieldType.Boolean => "yes or no",
            DispositionFieldType.Date => "day as the person said it, or as 2026-11-24",
            DispositionFieldType.Choice => $"one of {string.Join(", ", field.Choices.IsDefault ? [] : field.Choices.Select(OneLine))}",
            _ => "text",
        };
        var description = OneLine(field.Description);
        return $"{field.Name} ({type}{(field.Required ? ", required" : "")}){(description.Length > 0 ? $": {description}" : "")}";
    }

    internal static string OneLine(string? text) => DataText.Clean(text, 400).TrimEnd('.');
}
