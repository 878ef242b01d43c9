using System.Globalization;
using Campaigns.Domain.Windows;

namespace Campaigns.Domain.Prompts;

/// <summary>The part of a prompt that says what time it is where the person is.</summary>
internal static class NowBlock
{
    internal static string Build(TimeZoneInfo zone, DateTimeOffset now)
    {
        var wall = WallClock.At(zone, now);
        var day = wall.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture);
        var time = wall.ToString("h:mm", CultureInfo.InvariantCulture) + (wall.Hour < 12 ? " am" : " pm");
        return $"## Now\nWhere the person is, it is {day}, {time} ({zone.Id}).";
    }
}
