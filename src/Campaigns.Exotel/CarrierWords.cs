using System.Text;

namespace Campaigns.Exotel;

/// <summary>Texts from outside, made fit to be kept and shown.</summary>
internal static class CarrierWords
{
    private const int LongestPlainNumber = 6;

    /// <summary>On one line, without control characters, at most <paramref name="length"/> characters.</summary>
    internal static string Clean(string text, int length)
    {
        var clean = new StringBuilder(Math.Min(text.Length, length));
        foreach (var c in text)
        {
            if (clean.Length == length)
            {
                break;
            }

            clean.Append(char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c);
        }

        return clean.ToString().Trim();
    }

    /// <summary>
    /// For logs: every run of more than six digits, which may be a phone number, becomes <c>***</c> (carrier messages quote numbers).
    /// </summary>
    internal static string WithoutNumbers(string text)
    {
        var masked = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            if (end - i > LongestPlainNumber)
            {
                masked.Append("***");
                i = end;
            }
            else
            {
                end = Math.Max(end, i + 1);
                masked.Append(text, i, end - i);
                i = end;
            }
        }

        return masked.ToString();
    }
}
