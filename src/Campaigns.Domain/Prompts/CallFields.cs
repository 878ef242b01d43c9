using System.Collections.Frozen;
using Campaigns.Calls;
using Campaigns.Domain.Import;

namespace Campaigns.Domain.Prompts;

/// <summary>The fields of the person on the line: their own and those of their import, found by any spelling of their names.</summary>
public sealed class CallFields
{
    /// <summary>Most characters of a value within a sentence.</summary>
    public const int LongestInline = 120;

    private const int LongestFirstName = 60;

    private static readonly FrozenSet<string> Titles =
        "mr mrs ms miss dr prof shri sri smt shrimati kumari km er adv md mohd".Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, string> _values = [];

    private CallFields(CallBrief brief)
    {
        // Of two keys that mean the same, the one that sorts first holds, whatever the order of a dictionary.
        foreach (var (key, value) in brief.Context.OrderBy(c => c.Key, StringComparer.Ordinal).Where(c => !string.IsNullOrWhiteSpace(c.Value)))
        {
            _values.TryAdd(FieldKey.Of(key), value);
        }

        Name = brief.ContactName.Length > 0 ? brief.ContactName : _values.GetValueOrDefault("name", "");
        Own("name", Name);
        Own("phone", brief.Phone);
        Own("preferredlanguage", brief.PreferredLanguage);
        _values.TryAdd("firstname", FirstOf(Name));
    }

    /// <summary>The person's name as recorded; empty if unknown.</summary>
    public string Name { get; }

    /// <summary>The fields of a call.</summary>
    public static CallFields From(CallBrief brief)
    {
        ArgumentNullException.ThrowIfNull(brief);
        return new CallFields(brief);
    }

    /// <summary>The value as recorded, or null.</summary>
    public string? Find(string name) =>
        _values.TryGetValue(FieldKey.Of(name), out var value) || (OwnKey(name) is { } own && _values.TryGetValue(own, out value)) ? value : null;

    /// <summary>The text with values marked as data: <c>«Asha»</c>. For a prompt.</summary>
    public string RenderQuoted(string text) =>
        ObjectiveTemplate.Parse(text).Render(name => Inline(name) is { Length: > 0 } value ? $"«{value}»" : null);

    /// <summary>The text with plain values. For what is spoken.</summary>
    public string RenderPlain(string text) => ObjectiveTemplate.Parse(text).Render(Inline);

    /// <summary>The key of the contact's own field that a name such as <c>mobile</c> stands for, or null.</summary>
    internal static string? OwnKey(string name) => ColumnMapping.OwnField(name) switch
    {
        ContactField.Name => "name",
        ContactField.FirstName => "firstname",
        ContactField.Phone => "phone",
        ContactField.Email => "email",
        ContactField.Status => "status",
        ContactField.City => "city",
        ContactField.Occupation => "occupation",
        ContactField.PreferredLanguage => "preferredlanguage",
        _ => null,
    };

    private string Inline(string name) => DataText.Clean(Find(name), LongestInline);

    private void Own(string key, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            _values[key] = value;
        }
    }

    private static string FirstOf(string name)
    {
        var words = DataText.Clean(name, 200).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var first = words.FirstOrDefault(w => !Titles.Contains(w.TrimEnd('.')), words.FirstOrDefault(""));
        return DataText.Cut(first, LongestFirstName);
    }
}
