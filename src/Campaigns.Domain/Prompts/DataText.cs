using System.Globalization;
using System.Text;

namespace Campaigns.Domain.Prompts;

/// <summary>
/// Makes text of strangers (contacts, spreadsheets, transcripts) fit to stand in a prompt as data: one line, no markup that could look like
/// the end of the data, nothing invisible, bounded.
/// </summary>
public static class DataText
{
    /// <summary>The line that begins a block of data.</summary>
    public const string Open = "<record>";

    /// <summary>The line that ends it. No cleaned text contains it, because none contains an angle bracket.</summary>
    public const string Close = "</record>";

    private const int MostMarks = 4;

    private static readonly Rune Space = new(' ');

    /// <summary>
    /// One line without control, formatting and private characters, brackets of every kind as round ones, double quotes and backticks as
    /// apostrophes, and combining marks at most four deep. Joiners stay where Indic scripts need them.
    /// </summary>
    /// <param name="text">Anything, also with halves of characters.</param>
    /// <param name="longest">Most characters (UTF-16 units) of the result; what is cut ends in <c>…</c>.</param>
    public static string Clean(string? text, int longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 1);
        var line = new StringBuilder(Math.Min(text?.Length ?? 0, longest) + 1);
        var (marks, last) = (0, Space);
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (Harmless(rune, last) is not { } kept)
            {
                continue;
            }

            var category = Rune.GetUnicodeCategory(kept);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark ? marks + 1 : 0;
            if (marks > MostMarks || (kept == Space && last == Space))
            {
                continue;
            }

            line.Append(kept.ToString());
            last = kept;
            if (line.Length > longest + 2)
            {
                break;
            }
        }

        return Cut(line.ToString().TrimEnd(' '), longest);
    }

    /// <summary>The text cut to at most <paramref name="longest"/> UTF-16 units, never within a character; what is cut ends in <c>…</c>.</summary>
    internal static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = longest - 1;
        return (end > 0 && char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end]).TrimEnd(' ') + "…";
    }

    private static Rune? Harmless(Rune rune, Rune last)
    {
        // Full-width forms look like the ASCII characters that they are variants of.
        var plain = rune.Value is > 0xFF00 and < 0xFF5F ? new Rune(rune.Value - 0xFEE0) : rune;
        return plain.Value switch
        {
            '<' or '{' or '[' or 0xAB or 0x2039 or 0x2329 or 0x276C or 0x276E or 0x2770 or 0x27E8 or 0x27EA or 0x3008 or 0x300A or 0xFE64 or 0xFE5B
                or 0x226A or 0x02C2 or 0x1438 => new Rune('('),
            '>' or '}' or ']' or 0xBB or 0x203A or 0x232A or 0x276D or 0x276F or 0x2771 or 0x27E9 or 0x27EB or 0x3009 or 0x300B or 0xFE65 or 0xFE5C
                or 0x226B or 0x02C3 or 0x1433 => new Rune(')'),
            '"' or '`' or 0x201C or 0x201D or 0x201E or 0x201F or 0x2033 or 0x02CB or 0x00B4 => new Rune('\''),
            0xFFFD => new Rune('?'),

            // Letters by their category that show nothing, and marks that only carry what is hidden.
            0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 => Space,
            0x034F or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) => null,
            0x200C or 0x200D => last.Value is >= 0x0900 and <= 0x0DFF ? plain : null,
            _ => ByCategory(plain),
        };
    }

    private static Rune? ByCategory(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator => Space,
        UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.EnclosingMark => null,
        _ => rune,
    };
}
