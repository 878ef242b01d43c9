using System.Text;

namespace Campaigns.Postgres.Calls;

/// <summary>
/// What was spoken, in a form that PostgreSQL can hold: without U+0000 and halves of surrogate pairs. A turn is worth keeping whatever a model
/// wrote into it.
/// </summary>
internal static class StorableText
{
    internal static string Clean(string text)
    {
        if (!NeedsCleaning(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != 0)
            {
                // A lone surrogate is enumerated as U+FFFD.
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    internal static string? CleanOrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : Clean(text);

    private static bool NeedsCleaning(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0 || text.Contains('\0');
}
