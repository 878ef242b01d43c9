using System.Globalization;

namespace Campaigns.GeminiLive.Wire;

/// <summary>Durations in the form of proto JSON: <c>9.5s</c>.</summary>
internal static class DurationText
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Reads a duration; negative counts as zero, more than an hour as an hour. Null if it is none.</summary>
    internal static TimeSpan? Parse(string? text)
    {
        if (text is null
            || !double.TryParse(text.AsSpan().Trim().TrimEnd('s'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            || double.IsNaN(seconds))
        {
            return null;
        }

        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds));
    }
}
