using System.Globalization;

namespace Campaigns.Domain.Times;

/// <summary>Times that a model wrote instead of passing on what was said.</summary>
internal static class IsoTime
{
    private static readonly string[] Local = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];
    private static readonly string[] Offset = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>The instant of an ISO 8601 time, on the zone's clock when it has no offset; null for anything else.</summary>
    internal static DateTimeOffset? Read(string? text, TimeZoneInfo zone)
    {
        var word = (text ?? "").Trim();
        word = word.EndsWith('Z') ? word[..^1] + "+00:00" : word;
        return DateTimeOffset.TryParseExact(word, Offset, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? InReach(at)
            : DateTime.TryParseExact(word, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) && wall.Year is > 1900 and < 2200
                ? ZonedTime.At(wall, zone, DateTimeOffset.MinValue)
                : null;
    }

    private static DateTimeOffset? InReach(DateTimeOffset at) => at.Year is > 1900 and < 2200 ? at : null;
}
