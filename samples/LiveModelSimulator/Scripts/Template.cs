using System.Text;
using System.Text.RegularExpressions;

namespace LiveModelSimulator;

/// <summary>Fills placeholders, and makes any text something that tone codes can carry.</summary>
internal static partial class Template
{
    /// <summary>Longest sentence the tone codes carry in one piece.</summary>
    public const int LongestPiece = 200;

    /// <summary>A placeholder without a value vanishes together with a space before it.</summary>
    public static string Fill(string template, Func<string, string?> value) => Placeholder().Replace(
        template,
        m => value(m.Groups["name"].Value) is { Length: > 0 } text ? m.Groups["space"].Value + text : "");

    /// <summary>Printable ASCII alone: everything else becomes a question mark, white space a blank.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            plain.Append(char.IsWhiteSpace(c) ? ' ' : c is > ' ' and <= '~' ? c : '?');
        }

        return Blanks().Replace(plain.ToString(), " ").Trim();
    }

    /// <summary>Pieces of at most <see cref="LongestPiece"/> characters, cut after a sentence or else at a blank.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        var rest = text;
        while (rest.Length > LongestPiece)
        {
            var window = rest[..LongestPiece];
            var cut = window.LastIndexOf(". ", StringComparison.Ordinal) is > 0 and var sentence ? sentence + 1
                : window.LastIndexOf(' ') is > 0 and var blank ? blank
                : LongestPiece;
            yield return rest[..cut].Trim();
            rest = rest[cut..].Trim();
        }

        if (rest.Length > 0)
        {
            yield return rest;
        }
    }

    [GeneratedRegex(@"(?<space> ?)\{(?<name>[A-Za-z0-9_.]+)\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(" {2,}", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Blanks();
}
