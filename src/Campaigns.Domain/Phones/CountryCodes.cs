using System.Collections.Frozen;

namespace Campaigns.Domain.Phones;

/// <summary>Country calling codes (ITU-T E.164) and how long numbers behind them are, as far as that tells a number from a slip.</summary>
internal static class CountryCodes
{
    /// <summary>Most digits of a number with its country code (E.164).</summary>
    internal const int Longest = 15;

    private const int Shortest = 7;

    private static readonly FrozenSet<string> OneAndTwoDigits = (
        "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 "
        + "90 91 92 93 94 95 98").Split(' ').ToFrozenSet();

    // Groups of three-digit codes; 28x, 83x and 89x are not assigned.
    private static readonly FrozenSet<string> Groups =
        "21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99".Split(' ').ToFrozenSet();

    // Countries whose numbers keep a leading 0 or never have one.
    private static readonly FrozenSet<string> NoTrunkZero =
        "1 30 34 39 45 47 65 351 352 354 356 357 372 377 378 420 506 507 852 853 965 968 973 974".Split(' ').ToFrozenSet();

    // Digits after the country code, from the numbering plans; where a code is absent any length that E.164 allows will do.
    private static readonly FrozenDictionary<string, (int Least, int Most)> Lengths = new Dictionary<string, (int, int)>
    {
        ["1"] = (10, 10),
        ["7"] = (10, 10),
        ["33"] = (9, 9),
        ["34"] = (9, 9),
        ["44"] = (9, 10),
        ["48"] = (9, 9),
        ["61"] = (9, 10),
        ["65"] = (8, 11),
        ["81"] = (9, 10),
        ["84"] = (9, 10),
        ["86"] = (10, 11),
        ["90"] = (10, 10),
        ["91"] = (10, 10),
        ["92"] = (9, 10),
        ["93"] = (9, 9),
        ["94"] = (9, 9),
        ["98"] = (10, 10),
        ["880"] = (8, 10),
        ["966"] = (8, 10),
        ["971"] = (8, 9),
        ["977"] = (8, 10),
    }.ToFrozenDictionary();

    /// <summary>The country code a number begins with, or null.</summary>
    internal static string? Of(string digits) =>
        digits.Length >= 1 && OneAndTwoDigits.Contains(digits[..1]) ? digits[..1]
        : digits.Length >= 2 && OneAndTwoDigits.Contains(digits[..2]) ? digits[..2]
        : digits.Length >= 3 && Groups.Contains(digits[..2]) ? digits[..3]
        : null;

    /// <summary>Whether numbers are dialled with a 0 before them at home that is no part of them.</summary>
    internal static bool HasTrunkZero(string code) => !NoTrunkZero.Contains(code);

    /// <summary>Most digits after the country code.</summary>
    internal static int LongestNational(string code) => Length(code).Most;

    /// <summary>Why the digits after the country code make no number, or null.</summary>
    internal static string? Problem(string code, string national)
    {
        var (least, most) = Length(code);
        if (national.Length < least || national.Length > most)
        {
            var fault = national.Length < least ? "short" : "long";
            var wanted = least == most ? $"{least}" : $"{least}–{most}";
            return $"is too {fault}: {national.Length} digits where +{code} has {wanted}";
        }

        return national[0] == '0' && HasTrunkZero(code) ? $"has a 0 after +{code}" : null;
    }

    private static (int Least, int Most) Length(string code) =>
        Lengths.TryGetValue(code, out var known) ? known : (Math.Max(Shortest - code.Length, 1), Longest - code.Length);
}
