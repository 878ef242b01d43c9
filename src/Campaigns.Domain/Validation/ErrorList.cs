using System.Collections.Immutable;
using Campaigns.Domain.Prompts;

namespace Campaigns.Domain.Validation;

/// <summary>Collects errors.</summary>
internal sealed class ErrorList
{
    private const int MostOfOneText = 20;

    private readonly ImmutableArray<ValidationError>.Builder _errors = ImmutableArray.CreateBuilder<ValidationError>();

    internal void If(bool wrong, string path, string message)
    {
        if (wrong)
        {
            _errors.Add(new ValidationError(path, message));
        }
    }

    internal void Range(string path, int value, int least, int most) =>
        If(value < least || value > most, path, $"must be between {least} and {most}");

    internal void Required(string path, string? text, int longest)
    {
        If(string.IsNullOrWhiteSpace(text), path, "is required");
        Optional(path, text, longest);
    }

    internal void Text(string path, string? text, int longest)
    {
        If(text is null, path, "must not be null");
        Optional(path, text, longest);
    }

    internal void Optional(string path, string? text, int longest)
    {
        If(text?.Length > longest, path, $"is longer than {longest} characters");
        if (Domain.Text.Problem(text) is { } problem)
        {
            If(true, path, problem);
        }
    }

    /// <summary>The fields of a text, each error with its place; the longest texts are not read.</summary>
    internal void Template(string path, string? text, IReadOnlyCollection<string>? knownFields)
    {
        var bounded = text is { Length: <= CampaignLimits.Instructions } ? text : "";
        foreach (var problem in ObjectiveTemplate.Validate(bounded, knownFields).Take(MostOfOneText))
        {
            If(true, path, $"{problem.Message} (at character {problem.Position})");
        }
    }

    internal void AddRange(ImmutableArray<ValidationError> errors) => _errors.AddRange(errors);

    internal ImmutableArray<ValidationError> ToImmutable() => _errors.ToImmutable();
}
