using System.Diagnostics.CodeAnalysis;

namespace Campaigns.Exotel;

/// <summary>Phone numbers between E.164, which we use, and the notations Exotel writes and reads.</summary>
public static class ExotelPhone
{
    private const string India = "+91";

    private const int IndianDigits = 10;

    /// <summary>E.164 in the notation asked for.</summary>
    public static string ToWire(string e164, ExotelNumberFormat format)
    {
        ArgumentNullException.ThrowIfNull(e164);
        return format == ExotelNumberFormat.NationalZero && IsIndian(e164) ? "0" + e164[India.Length..] : e164;
    }

    /// <summary>Every notation under which Exotel may have stored the number, its documented one (E.164) first.</summary>
    public static IReadOnlyList<string> Notations(string e164)
        => IsIndian(e164) ? [e164, "0" + e164[India.Length..]] : [e164];

    /// <summary>
    /// Reads Exotel's notation: <c>+91…</c>, <c>91</c> with ten digits, <c>0</c> with ten digits, ten digits, or any other <c>+…</c>.
    /// Blanks, dots, hyphens and brackets are skipped; masked or alphanumeric texts are refused.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? e164)
    {
        e164 = null;
        if (text is null || text.Length > 40)
        {
            return false;
        }

        Span<char> digits = stackalloc char[40];
        var count = 0;
        var plus = false;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                digits[count++] = c;
            }
            else if (c == '+' && count == 0 && !plus)
            {
                plus = true;
            }
            else if (c is not (' ' or '-' or '.' or '(' or ')'))
            {
                return false;
            }
        }

        var number = digits[..count];
        e164 = number switch
        {
            _ when plus => count is >= 7 and <= 15 && number[0] != '0' ? $"+{number}" : null,
            { Length: IndianDigits } when number[0] != '0' => $"{India}{number}",
            { Length: IndianDigits + 1 } when number[0] == '0' && number[1] != '0' => $"{India}{number[1..]}",
            { Length: IndianDigits + 2 } when number is ['9', '1', ..] => $"+{number}",
            _ => null,
        };
        return e164 is not null;
    }

    /// <summary>Whether two numbers, in any notation, have the same last ten digits (all of them, if shorter).</summary>
    public static bool SameNumber(string? left, string? right)
    {
        var a = LastTen(left);
        return a.Length > 0 && string.Equals(a, LastTen(right), StringComparison.Ordinal);
    }

    private static bool IsIndian(string e164)
        => e164.Length == India.Length + IndianDigits && e164.StartsWith(India, StringComparison.Ordinal);

    private static string LastTen(string? text)
    {
        var digits = string.Concat((text ?? "").Where(char.IsAsciiDigit));
        return digits.Length <= IndianDigits ? digits : digits[^IndianDigits..];
    }
}
