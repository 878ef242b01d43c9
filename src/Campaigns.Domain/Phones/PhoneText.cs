using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Campaigns.Domain.Phones;

/// <summary>Brings a text to ASCII digits and plain separators, and names what cannot be part of one number.</summary>
internal static partial class PhoneText
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>
    /// Digits of any script become ASCII, any space or dash a plain one; invisible marks, <c>tel:</c> and a leading apostrophe go.
    /// </summary>
    internal static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category == UnicodeCategory.DecimalDigitNumber)
            {
                plain.Append((int)Rune.GetNumericValue(rune));
            }
            else if (category == UnicodeCategory.SpaceSeparator)
            {
                plain.Append(' ');
            }
            else if (category == UnicodeCategory.DashPunctuation || rune.Value == '−')
            {
                plain.Append('-');
            }
            else if (category != UnicodeCategory.Format)
            {
                plain.Append(Ascii(rune).ToString());
            }
        }

        var trimmed = plain.ToString().Trim();
        if (trimmed.StartsWith('\''))
        {
            // How a spreadsheet is told that a cell is text.
            trimmed = trimmed[1..].TrimStart();
        }

        return trimmed.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? trimmed[4..].TrimStart() : trimmed;
    }

    /// <summary>Why the plain text is not clearly one number, or null.</summary>
    internal static string? Problem(string plain, int longest)
    {
        if (plain.Length > longest)
        {
            return $"is longer than {longest} characters";
        }

        if (plain.Contains('\uFFFD'))
        {
            return "was damaged by a wrong text encoding";
        }

        if (Exponent().IsMatch(plain))
        {
            return "was turned into an exponent by a spreadsheet, its last digits are lost";
        }

        if (Extension().IsMatch(plain))
        {
            return "has an extension";
        }

        if (plain.AsSpan().IndexOfAny(",;/|&\n\r\t") >= 0 || plain.LastIndexOf('+') > 0)
        {
            return "may be two numbers: one number in each place";
        }

        if (plain.Any(char.IsLetter))
        {
            return "has letters";
        }

        var stranger = plain.FirstOrDefault(c => !char.IsAsciiDigit(c) && !" -.()+".Contains(c));
        return stranger == default ? null
            : char.IsControl(stranger) || char.IsSurrogate(stranger) ? "has a character that is no part of a number"
            : $"has a character that is no part of a number: {stranger}";
    }

    private static Rune Ascii(Rune rune) => rune.Value switch
    {
        '\uFF0B' => new Rune('+'),
        '\uFF08' => new Rune('('),
        '\uFF09' => new Rune(')'),
        _ => rune,
    };

    [GeneratedRegex(@"^[+-]?\d+([.,]\d*)?e[+-]?\d+$", Options, 1_000)]
    private static partial Regex Exponent();

    // An extension dialled as part of the number is somebody else's phone.
    [GeneratedRegex(@"\d[\s.,;()-]*(ext(n|ension)?|x|#)[\s.:=]*\d+", Options, 1_000)]
    private static partial Regex Extension();
}
