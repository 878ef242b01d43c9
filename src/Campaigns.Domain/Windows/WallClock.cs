namespace Campaigns.Domain.Windows;

/// <summary>Reads a zone's clock as stretches of one offset, so that gaps and folds need no case of their own.</summary>
internal static class WallClock
{
    // No zone has ever changed its clock twice within six hours.
    private static readonly TimeSpan Step = TimeSpan.FromHours(6);

    internal static DateTime At(TimeZoneInfo zone, DateTimeOffset at) =>
        DateTime.SpecifyKind(at.UtcDateTime + zone.GetUtcOffset(at), DateTimeKind.Unspecified);

    internal static bool IsOpen(CallingWindow window, DateTime wall)
    {
        var time = TimeOnly.FromDateTime(wall);
        var today = OpensOn(window, wall.DayOfWeek);
        if (window.From < window.To)
        {
            return today && time >= window.From && time < window.To;
        }

        var yesterday = OpensOn(window, wall.AddDays(-1).DayOfWeek);
        return (today && time >= window.From) || (yesterday && time < window.To);
    }

    /// <summary>The first open reading in <c>[from, until)</c> of a clock that runs on evenly, or null.</summary>
    internal static DateTime? FirstOpen(CallingWindow window, DateTime from, DateTime until)
    {
        if (IsOpen(window, from))
        {
            return from;
        }

        for (var day = from.Date; day < until; day = day.AddDays(1))
        {
            var opening = day + window.From.ToTimeSpan();
            if (opening >= from && opening < until && OpensOn(window, day.DayOfWeek))
            {
                return opening;
            }
        }

        return null;
    }

    /// <summary>
    /// The first instant in <c>[from, until)</c> that <paramref name="pick"/> finds, asked stretch by stretch with the wall clock's
    /// readings <c>[from, until)</c> of each; null if it finds none.
    /// </summary>
    internal static DateTimeOffset? First(
        TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset until, Func<DateTime, DateTime, DateTime?> pick)
    {
        for (var cursor = from.ToUniversalTime(); cursor < until;)
        {
            var offset = zone.GetUtcOffset(cursor);
            var end = EndOfStretch(zone, cursor, cursor + Step, offset);
            if (pick(cursor.DateTime + offset, end.DateTime + offset) is { } wall)
            {
                return new DateTimeOffset(wall - offset, TimeSpan.Zero);
            }

            cursor = end;
        }

        return null;
    }

    private static bool OpensOn(CallingWindow window, DayOfWeek day) => window.Days.IsDefaultOrEmpty || window.Days.Contains(day);

    private static DateTimeOffset EndOfStretch(TimeZoneInfo zone, DateTimeOffset low, DateTimeOffset high, TimeSpan offset)
    {
        if (zone.GetUtcOffset(high) == offset)
        {
            return high;
        }

        var (same, changed) = (low.Ticks, high.Ticks);
        while (changed - same > 1)
        {
            var middle = same + ((changed - same) / 2);
            if (zone.GetUtcOffset(new DateTimeOffset(middle, TimeSpan.Zero)) == offset)
            {
                same = middle;
            }
            else
            {
                changed = middle;
            }
        }

        return new DateTimeOffset(changed, TimeSpan.Zero);
    }
}
