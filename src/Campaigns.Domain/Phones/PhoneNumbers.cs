using System.Text.RegularExpressions;

namespace Campaigns.Domain.Phones;

/// <summary>Reads phone numbers as people and spreadsheets write them. What is not clearly one number is refused with its reason.</summary>
public static partial class PhoneNumbers
{
    private const int LongestText = 64;
    private const int KeyLength = 10;

    private static readonly PhoneResult Nothing = new PhoneResult.Empty();

    /// <summary>
    /// Normalises a number to E.164. Taken: <c>+</c> or <c>00</c> with a country code, the organization's own country written with its
    /// code, with a trunk 0 or bare, digits of any script, spaces, hyphens, dots and brackets between, <c>tel:</c> before, and the
    /// <c>.0</c> a spreadsheet appends. Indian numbers have ten digits, the first 1–9: mobiles begin with 6–9, landlines with their area
    /// code; which ranges are assigned is not checked. Refused: extensions, exponents, two numbers in a cell, letters, a wrong length, and numbers of
    /// other countries without their <c>+</c>.
    /// </summary>
    /// <param name="text">The text, or null.</param>
    /// <param name="defaultRegion">Country calling code, digits only (<c>91</c>), of numbers that have none.</param>
    /// <exception cref="ArgumentException">The region is not a country calling code.</exception>
    public static PhoneResult Normalize(string? text, string defaultRegion)
    {
        ArgumentException.ThrowIfNullOrEmpty(defaultRegion);
        if (CountryCodes.Of(defaultRegion) != defaultRegion)
        {
            throw new ArgumentException($"'{defaultRegion}' is no country calling code.", nameof(defaultRegion));
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return Nothing;
        }

        var plain = PhoneText.Plain(text);
        if (plain.Length == 0)
        {
            return Nothing;
        }

        if (PhoneText.Problem(plain, LongestText) is { } problem)
        {
            return Invalid(problem);
        }

        if (SpreadsheetFraction().Match(plain) is { Success: true } number)
        {
            plain = number.Groups["whole"].Value;
        }
        else if (Fraction().IsMatch(plain))
        {
            return Invalid("is a number with a fraction");
        }

        // "+44 (0) 20 …": the trunk 0 of home, told to those who call from there.
        if (plain[0] == '+' || plain.StartsWith("00", StringComparison.Ordinal))
        {
            plain = plain.Replace("(0)", "", StringComparison.Ordinal);
        }

        var digits = string.Concat(plain.Where(char.IsAsciiDigit));
        return plain[0] == '+' ? International(digits, defaultRegion)
            : digits.StartsWith("00", StringComparison.Ordinal) ? International(digits[2..], defaultRegion)
            : National(digits, defaultRegion);
    }

    /// <summary>The last ten digits, or all of them where there are fewer: what numbers in different notations are compared by.</summary>
    public static string LastTen(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length <= KeyLength ? digits : digits[^KeyLength..];
    }

    private static PhoneResult International(string digits, string region)
    {
        if (CountryCodes.Of(digits) is not { } code)
        {
            return Invalid("has no country code that exists");
        }

        var national = digits[code.Length..];
        if (code == region && national.StartsWith('0') && CountryCodes.HasTrunkZero(code))
        {
            national = national[1..];
        }

        return Checked(code, national);
    }

    private static PhoneResult National(string digits, string region)
    {
        if (digits.StartsWith('0') && CountryCodes.HasTrunkZero(region))
        {
            return Checked(region, digits[1..]);
        }

        var asNational = CountryCodes.Problem(region, digits);
        var asInternational = digits.StartsWith(region, StringComparison.Ordinal)
            ? CountryCodes.Problem(region, digits[region.Length..])
            : "does not begin with the country code";
        return (asNational, asInternational) switch
        {
            (null, null) => Invalid("can be read with and without a country code: write it with +"),
            (null, _) => Valid(region, digits),
            (_, null) => Valid(region, digits[region.Length..]),
            _ when digits.Length > CountryCodes.LongestNational(region) && digits.Length <= CountryCodes.Longest =>
                Invalid($"{asNational}; a number of another country needs its + and country code"),
            _ => Invalid(asNational),
        };
    }

    private static PhoneResult Checked(string code, string national) =>
        CountryCodes.Problem(code, national) is { } problem ? Invalid(problem) : Valid(code, national);

    private static PhoneResult.Valid Valid(string code, string national) => new($"+{code}{national}");

    private static PhoneResult.Invalid Invalid(string reason) => new(reason);

    // One dot, and nothing but zeros behind it: the whole number is what was typed.
    [GeneratedRegex(@"^(?<whole>\+?\d+)\.0+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex SpreadsheetFraction();

    // A lone digit behind a lone dot is no group of a phone number.
    [GeneratedRegex(@"^\+?\d+\.\d$", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Fraction();
}
