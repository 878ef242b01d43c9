using System.Text;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Session;

/// <summary>What close codes, HTTP statuses and the platform's words mean.</summary>
internal static class CloseWords
{
    /// <summary>Our code for a connection that ended without a close frame, as RFC 6455 names it.</summary>
    internal const int NoCloseFrame = 1006;

    /// <summary>A message was larger than we take.</summary>
    internal const int MessageTooBig = 1009;

    /// <summary>Invalid argument, unknown field, context exhausted.</summary>
    internal const int InvalidPayload = 1007;

    /// <summary>Model not found or not enabled; also seen around tool calls, where it passes.</summary>
    internal const int PolicyViolation = 1008;

    /// <summary>The platform's own error; also quota, and a resumption while the earlier connection is open.</summary>
    internal const int InternalError = 1011;

    private static readonly string[] QuotaWords = ["quota", "resource_exhausted", "resource exhausted", "rate limit", "too many", "concurrent session"];

    /// <summary>What a refused handshake asks for.</summary>
    /// <param name="status">HTTP status; null if there was no answer.</param>
    internal static LiveFailure OfHandshake(int? status) => status switch
    {
        429 => LiveFailure.Exhausted,
        408 or 425 => LiveFailure.Transient,
        >= 300 and < 500 => LiveFailure.Fatal,
        _ => LiveFailure.Transient,
    };

    /// <summary>What a connection that was closed instead of confirming the setup asks for.</summary>
    internal static LiveFailure OfSetup(ConnectionEnd end)
        => IsQuota(end.Words) ? LiveFailure.Exhausted
        : end.Code is InvalidPayload or PolicyViolation or 1002 or 1003 or 1010 ? LiveFailure.Fatal
        : LiveFailure.Transient;

    /// <summary>Whether the platform's words speak of a quota.</summary>
    internal static bool IsQuota(string words) => QuotaWords.Any(w => words.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>The platform's words fit for a log line.</summary>
    internal static string Clean(string? words)
    {
        if (string.IsNullOrWhiteSpace(words))
        {
            return "";
        }

        var text = new StringBuilder(words.Length);
        foreach (var c in words.AsSpan(0, Math.Min(words.Length, 200)))
        {
            text.Append(char.IsControl(c) ? ' ' : c);
        }

        return text.ToString().Trim();
    }
}

/// <summary>How a connection ended.</summary>
/// <param name="Code">The close code; <see cref="CloseWords.NoCloseFrame"/> if there was none.</param>
/// <param name="Words">The platform's words, or ours; may be empty.</param>
internal readonly record struct ConnectionEnd(int Code, string Words)
{
    /// <summary>For people.</summary>
    public override string ToString() => Words.Length == 0 ? $"{Code}" : $"{Code} {Words}";
}
