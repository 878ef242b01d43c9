using System.Text;

namespace Campaigns.Domain.Times;

/// <summary>Words of speech as they are compared: transcripts spell Hindi in two scripts and in many ways.</summary>
internal static class SpokenText
{
    /// <summary>Most characters of a text that are looked at.</summary>
    internal const int Longest = 2_000;

    /// <summary>
    /// Lower-case words and numbers. Apostrophes and dots of abbreviations are gone, Devanagari digits are ASCII, its nukta is gone and its
    /// candrabindu is an anusvara, because transcripts use them at will. <c>:</c>, <c>.</c>, <c>/</c> and <c>-</c> stay between digits.
    /// </summary>
    internal static string[] Words(string? text)
    {
        var clean = Clean(text ?? "");
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < clean.Length; i++)
        {
            var c = clean[i];
            var joins = c is ':' or '.' or '/' or '-' && i > 0 && char.IsAsciiDigit(clean[i - 1])
                && i + 1 < clean.Length && char.IsAsciiDigit(clean[i + 1]);
            var breaks = word.Length > 0 && char.IsAsciiDigit(c) != IsNumber(word[^1]) && !joins;
            if ((!IsLetter(c) && !char.IsAsciiDigit(c) && !joins) || breaks)
            {
                Flush();
            }

            if (IsLetter(c) || char.IsAsciiDigit(c) || joins)
            {
                word.Append(c);
            }
        }

        Flush();
        return [.. words];

        void Flush()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    /// <summary>One spelling for the many of a Hindi word in Latin letters: <c>shaam</c> and <c>sham</c>, <c>gyarah</c> and <c>gyara</c>.</summary>
    internal static string Fold(string word)
    {
        if (word.Length == 0 || !char.IsAsciiLetter(word[0]))
        {
            return word;
        }

        var folded = new StringBuilder(word)
            .Replace("aa", "a").Replace("ee", "i").Replace("ii", "i").Replace("oo", "u").Replace("uu", "u").Replace("ph", "f").Replace("chh", "ch")
            .Replace('w', 'v').Replace('q', 'k').Replace('z', 'j').ToString();
        folded = folded.Length > 2 && folded[^1] == 'h' && "aeiou".Contains(folded[^2], StringComparison.Ordinal) ? folded[..^1] : folded;
        return folded.Length > 2 && folded[^1] == 'y' && folded[^2] == 'e' ? folded[..^1] : folded;
    }

    private static bool IsLetter(char c) => char.IsLetter(c) || char.GetUnicodeCategory(c)
        is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    private static bool IsNumber(char c) => char.IsAsciiDigit(c) || c is ':' or '.' or '/' or '-';

    private static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            switch (c)
            {
                case '\'' or '’' or '\u093C' or '\u200B' or '\u200C' or '\u200D' or '\uFEFF':
                    break;
                case '\u0901':
                    clean.Append('\u0902');
                    break;
                case >= '\u0958' and <= '\u095F':
                    clean.Append("कखगजडढफय"[c - '\u0958']);
                    break;
                case >= '०' and <= '९':
                    clean.Append((char)('0' + (c - '०')));
                    break;
                case '–' or '—' or '−':
                    clean.Append('-');
                    break;
                default:
                    clean.Append(char.ToLowerInvariant(c));
                    break;
            }
        }

        return clean.Replace("a.m", "am").Replace("p.m", "pm").Replace("a. m", "am").Replace("p. m", "pm").ToString();
    }
}
