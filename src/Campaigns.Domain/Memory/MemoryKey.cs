using System.Text;

namespace Campaigns.Domain.Memory;

/// <summary>When two facts are about the same thing, and when they say the same.</summary>
internal static class MemoryKey
{
    private const int Longest = 60;

    /// <summary>Lower-case ASCII letters and digits joined by single underscores, at most 60 characters; empty when nothing is left.</summary>
    internal static string Of(string? key)
    {
        var text = new StringBuilder();
        foreach (var c in (key ?? "").ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                text.Append(c);
            }
            else if (text.Length > 0 && text[^1] != '_')
            {
                text.Append('_');
            }
        }

        return text.ToString(0, Math.Min(text.Length, Longest)).TrimEnd('_');
    }

    /// <summary>Case, punctuation and spacing make no difference.</summary>
    internal static bool SameValue(string a, string b) => Words(a).Equals(Words(b), StringComparison.Ordinal);

    private static string Words(string text)
    {
        var letters = string.Concat(text.Select(c => char.IsPunctuation(c) && c is not ('%' or '-') ? ' ' : char.ToLowerInvariant(c)));
        return string.Join(' ', letters.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
