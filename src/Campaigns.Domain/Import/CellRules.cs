using System.Collections.Frozen;
using System.Net.Mail;

namespace Campaigns.Domain.Import;

/// <summary>How single cells are read.</summary>
internal static class CellRules
{
    private const int LongestEmail = 254;

    private static readonly FrozenSet<string> Granted =
        "yes y true t 1 granted optin optedin subscribed agreed accepted consented".Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> Denied =
        "no n false f 0 denied optout optedout unsubscribed declined refused rejected withdrawn revoked".Split(' ').ToFrozenSet();

    /// <summary>Why a text cannot be kept, or null. U+FFFD is what a reader puts where bytes are not of the encoding it was told.</summary>
    internal static string? Damage(string text) =>
        text.Contains('\uFFFD') ? "is damaged: the file is not in the encoding it was read in (save it as UTF-8)" : Text.Problem(text);

    /// <summary>Consent as written. A word that is not known grants nothing.</summary>
    internal static ConsentState Consent(string text)
    {
        var word = string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        return Granted.Contains(word) ? ConsentState.Granted : Denied.Contains(word) ? ConsentState.Denied : ConsentState.Unknown;
    }

    /// <summary>Why it is no e-mail address, or null.</summary>
    internal static string? EmailProblem(string text) =>
        text.Length > LongestEmail ? $"is longer than {LongestEmail} characters"
        : text.Contains(' ') || !MailAddress.TryCreate(text, out var address) || address.Address != text ? "is no e-mail address"
        : null;
}
