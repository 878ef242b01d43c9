using System.Globalization;

namespace Campaigns.Exotel;

/// <summary>Exotel's timestamps: <c>yyyy-MM-dd HH:mm:ss</c> without a zone (Indian time as far as known).</summary>
public static class ExotelTime
{
    private const string Pattern = "yyyy-MM-dd HH:mm:ss";

    /// <summary>The time on the account's clock, whole seconds, rounded down.</summary>
    public static string Format(DateTimeOffset time, TimeSpan utcOffset)
        => time.ToOffset(utcOffset).ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads a timestamp; one with its own zone (as in v3) keeps it. Null when absent, unreadable or the epoch ("not yet").
    /// </summary>
    public static DateTimeOffset? Parse(string? text, TimeSpan utcOffset)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        DateTimeOffset? time = null;
        if (DateTime.TryParseExact(text.Trim(), Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && local.Year is > 1 and < 9999)
        {
            time = new DateTimeOffset(local, utcOffset);
        }
        else if (DateTimeOffset.TryParseExact(
            text.Trim(), "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var zoned))
        {
            time = zoned;
        }

        return time?.Year > 1970 ? time : null;
    }
}
