using System.Collections.Immutable;

namespace Campaigns.Domain.Validation;

/// <summary>The errors of a campaign's own results.</summary>
internal static class DispositionValidator
{
    internal static void Add(ErrorList errors, ImmutableArray<DispositionSpec> dispositions)
    {
        if (dispositions.IsDefaultOrEmpty)
        {
            return;
        }

        errors.If(dispositions.Length > CampaignLimits.Dispositions, "dispositions", $"has more than {CampaignLimits.Dispositions} results");
        var codes = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(dispositions.Length, CampaignLimits.Dispositions); i++)
        {
            var path = $"dispositions[{i}]";
            if (dispositions[i] is not { } disposition)
            {
                errors.If(true, path, "must not be null");
                continue;
            }

            Name(errors, $"{path}.code", disposition.Code, codes);
            errors.Text($"{path}.description", disposition.Description, CampaignLimits.DispositionDescription);
            Fields(errors, $"{path}.fields", disposition.Fields.IsDefault ? [] : disposition.Fields);
        }
    }

    private static void Fields(ErrorList errors, string path, ImmutableArray<DispositionField> fields)
    {
        errors.If(fields.Length > CampaignLimits.Dispositions, path, $"has more than {CampaignLimits.Dispositions} fields");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(fields.Length, CampaignLimits.Dispositions); i++)
        {
            var at = $"{path}[{i}]";
            if (fields[i] is not { } field)
            {
                errors.If(true, at, "must not be null");
                continue;
            }

            Name(errors, $"{at}.name", field.Name, names);
            errors.If(!Enum.IsDefined(field.Type), $"{at}.type", "is no type of a field");
            errors.Text($"{at}.description", field.Description, CampaignLimits.DispositionDescription);
            Choices(errors, $"{at}.choices", field);
        }
    }

    private static void Choices(ErrorList errors, string path, DispositionField field)
    {
        var choices = field.Choices.IsDefault ? [] : field.Choices;
        if (field.Type != DispositionFieldType.Choice)
        {
            errors.If(!choices.IsEmpty, path, "are for fields of type CHOICE only");
            return;
        }

        errors.If(choices.IsEmpty, path, "must not be empty for a CHOICE");
        errors.If(choices.Length > CampaignLimits.Dispositions, path, $"has more than {CampaignLimits.Dispositions} choices");
        for (var i = 0; i < Math.Min(choices.Length, CampaignLimits.Dispositions); i++)
        {
            errors.Required($"{path}[{i}]", choices[i], CampaignLimits.DispositionCode);
        }

        var same = choices.Where(c => c is not null).GroupBy(c => c.Trim(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        errors.If(same is not null, path, $"names '{same?.Key}' twice");
    }

    private static void Name(ErrorList errors, string path, string? name, HashSet<string> seen)
    {
        if (string.IsNullOrEmpty(name))
        {
            errors.If(true, path, "is required");
            return;
        }

        var wellFormed = name.Length <= CampaignLimits.DispositionCode
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
            && name.Any(char.IsAsciiLetterOrDigit);
        errors.If(!wellFormed, path, $"may have only lower-case letters, digits and underscores, at most {CampaignLimits.DispositionCode}");
        errors.If(!seen.Add(name), path, "is there twice");
    }
}
