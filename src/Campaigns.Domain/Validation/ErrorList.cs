using System.Collections.Immutable;

namespace Campaigns.Domain.Validation;

/// <summary>Collects errors.</summary>
internal sealed class ErrorList
{
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

    internal ImmutableArray<ValidationError> ToImmutable() => _errors.ToImmutable();
}
