using System.Collections.Immutable;
using System.Text;
using Campaigns.Domain.Import;

namespace Campaigns.Domain.Prompts;

/// <summary>
/// A text with fields of the contact in it (<c>Hello {{name}}, your policy ends on {{renewal_date}}.</c>). Names of fields are compared as
/// imports compare headers: case, spaces, underscores, hyphens and dots make no difference.
/// </summary>
public sealed class ObjectiveTemplate
{
    private const string Opening = "{{";
    private const string Closing = "}}";

    private readonly ImmutableArray<(string? Literal, string Field)> _parts;

    private ObjectiveTemplate(
        ImmutableArray<(string? Literal, string Field)> parts, ImmutableArray<TemplateField> fields, ImmutableArray<TemplateProblem> problems)
    {
        _parts = parts;
        Fields = fields;
        Problems = problems;
    }

    /// <summary>The fields that every contact may have, whatever was imported.</summary>
    public static ImmutableArray<string> BuiltInFields { get; } =
        ["name", "first_name", "phone", "city", "occupation", "email", "status", "preferred_language"];

    /// <summary>The fields named, in order, repeats included.</summary>
    public ImmutableArray<TemplateField> Fields { get; }

    /// <summary>What is wrong with the writing: braces that are not closed, fields without a name.</summary>
    public ImmutableArray<TemplateProblem> Problems { get; }

    /// <summary>Reads a text. Never fails: what is not written properly stays as it is, and <see cref="Problems"/> tells.</summary>
    public static ObjectiveTemplate Parse(string? text)
    {
        text ??= "";
        var parts = ImmutableArray.CreateBuilder<(string? Literal, string Field)>();
        var fields = ImmutableArray.CreateBuilder<TemplateField>();
        var problems = ImmutableArray.CreateBuilder<TemplateProblem>();
        var at = 0;
        while (text.IndexOf(Opening, at, StringComparison.Ordinal) is var open and >= 0)
        {
            var close = text.IndexOf(Closing, open + 2, StringComparison.Ordinal);
            var next = text.IndexOf(Opening, open + 2, StringComparison.Ordinal);
            if (close < 0 || (next >= 0 && next < close))
            {
                problems.Add(new TemplateProblem(open + 1, "{{ is not closed by }}"));
                parts.Add((text[at..(open + 2)], ""));
                at = open + 2;
                continue;
            }

            var name = text[(open + 2)..close].Trim();
            parts.Add((text[at..open], ""));
            at = close + 2;
            if (FieldKey.Of(name).Length == 0 || name.Length > ColumnMapping.MaxHeader)
            {
                problems.Add(new TemplateProblem(open + 1, "{{…}} names no field"));
                parts.Add((text[open..at], ""));
                continue;
            }

            fields.Add(new TemplateField(name, open + 1));
            parts.Add((null, name));
        }

        parts.Add((text[at..], ""));
        return new ObjectiveTemplate(parts.ToImmutable(), fields.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>Everything wrong with a text, in its order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="knownFields">Fields of the organization's contacts, beside <see cref="BuiltInFields"/>; null does not check names.</param>
    public static ImmutableArray<TemplateProblem> Validate(string? text, IEnumerable<string>? knownFields)
    {
        var template = Parse(text);
        if (knownFields is null)
        {
            return template.Problems;
        }

        var known = new FieldNames(BuiltInFields.Concat(knownFields));
        return [
            .. template.Problems
                .Concat(template.Fields.Where(f => !known.Contains(f.Name)).Select(f => Unknown(f, known)))
                .OrderBy(p => p.Position)];
    }

    /// <summary>The text with every field replaced, once: braces within a value stay text. Without a value a field leaves nothing.</summary>
    /// <param name="valueOf">The value of a field, ready to stand in the text; null without one.</param>
    public string Render(Func<string, string?> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        var text = new StringBuilder();
        foreach (var (literal, field) in _parts)
        {
            text.Append(literal ?? valueOf(field));
        }

        return text.ToString();
    }

    private static TemplateProblem Unknown(TemplateField field, FieldNames known)
    {
        var name = DataText.Clean(field.Name, 60);
        var hint = known.Nearest(field.Name) is { } near ? $"; did you mean {{{{{near}}}}}?" : "";
        return new TemplateProblem(field.Position, $"there is no field {{{{{name}}}}}{hint}");
    }
}

/// <summary>A field named in a text.</summary>
/// <param name="Name">As written.</param>
/// <param name="Position">Its first brace, counted from 1.</param>
public sealed record TemplateField(string Name, int Position);

/// <summary>One thing wrong with a text.</summary>
/// <param name="Position">Where, in characters counted from 1.</param>
/// <param name="Message">What, for people.</param>
public sealed record TemplateProblem(int Position, string Message);
