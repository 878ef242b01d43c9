using System.Collections.Frozen;
using System.Text;

namespace Campaigns;

/// <summary>The one spelling of an enumeration's values on the wire and in the database: <c>UPPER_SNAKE</c> (<c>IN_PROGRESS</c>).</summary>
public static class EnumText
{
    /// <summary>The wire text of <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value has no name.</exception>
    public static string ToText<T>(this T value)
        where T : struct, Enum
        => Table<T>.Texts.TryGetValue(value, out var text)
            ? text
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{typeof(T).Name} has no such value.");

    /// <summary>Reads wire text, any case.</summary>
    public static bool TryParse<T>(string? text, out T value)
        where T : struct, Enum
    {
        value = default;
        return text is not null && Table<T>.Values.TryGetValue(text, out value);
    }

    /// <summary>Reads wire text, any case.</summary>
    /// <exception cref="FormatException">The text names no value.</exception>
    public static T Parse<T>(string text)
        where T : struct, Enum
        => TryParse<T>(text, out var value) ? value : throw new FormatException($"'{text}' is no {typeof(T).Name}.");

    private static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]))
            {
                text.Append('_');
            }

            text.Append(char.ToUpperInvariant(name[i]));
        }

        return text.ToString();
    }

    private static class Table<T>
        where T : struct, Enum
    {
        internal static readonly FrozenDictionary<T, string> Texts = Enum.GetValues<T>().ToFrozenDictionary(v => v, v => Snake(v.ToString()));

        internal static readonly FrozenDictionary<string, T> Values =
            Texts.ToFrozenDictionary(p => p.Value, p => p.Key, StringComparer.OrdinalIgnoreCase);
    }
}
