using System.Globalization;

namespace Campaigns.Exotel;

/// <summary>
/// Names and values of an answer or a callback, whatever its format: a nested value is named as in a form, <c>Legs[0][Status]</c>, and
/// names compare without case.
/// </summary>
internal sealed class ExotelFields
{
    /// <summary>Most fields read; an answer of a hundred calls has about 2,500.</summary>
    internal const int MaxFields = 8_192;

    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    internal int Count => values.Count;

    /// <summary>The value, trimmed; null when absent, empty or the word <c>null</c>.</summary>
    internal string? this[string name]
        => values.TryGetValue(name, out var value) && value.AsSpan().Trim() is { Length: > 0 } text && text is not "null"
            ? text.ToString()
            : null;

    /// <summary>The value as a whole number of seconds, if it is one between zero and a day.</summary>
    internal TimeSpan? Seconds(string name)
        => double.TryParse(this[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(Math.Truncate(seconds))
            : null;

    /// <summary>Whether there is an object or list <paramref name="name"/>, be it empty.</summary>
    internal bool Has(string name)
        => values.ContainsKey(name) || values.Keys.Any(key => key.StartsWith(name + "[", StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a field; of two with one name the later counts. False when there are too many.</summary>
    internal bool Add(string name, string? value)
    {
        if (values.Count >= MaxFields)
        {
            return false;
        }

        values[name] = value ?? "";
        return true;
    }
}
