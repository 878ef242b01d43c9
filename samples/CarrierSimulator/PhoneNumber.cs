using System.Diagnostics.CodeAnalysis;

namespace CarrierSimulator;

/// <summary>The two notations the carrier takes: E.164 and 0-prefixed Indian national.</summary>
internal static class PhoneNumber
{
    public static bool TryNormalize(string text, [NotNullWhen(true)] out string? e164)
    {
        e164 = text switch
        {
            ['+', '9', '1', .. var national] => IsIndian(national) ? text : null,
            ['+', >= '1' and <= '9', .. var rest] when rest.Length is >= 7 and <= 14 && rest.All(char.IsAsciiDigit) => text,
            ['0', .. var national] when IsIndian(national) => "+91" + national,
            _ => null,
        };
        return e164 is not null;
    }

    /// <summary>The notation of the carrier's own records: 0-prefixed within India, E.164 elsewhere.</summary>
    public static string Wire(string e164) => e164.StartsWith("+91", StringComparison.Ordinal) ? "0" + e164[3..] : e164;

    private static bool IsIndian(string national) =>
        national is [>= '1' and <= '9', ..] && national.Length == 10 && national.All(char.IsAsciiDigit);
}
