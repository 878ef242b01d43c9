using System.Globalization;
using Campaigns.Domain.Windows;

namespace Campaigns.Domain.Times;

/// <summary>
/// Turns a time as people say it, in English, Hindi or both ("Tuesday at four", "kal subah gyarah baje", "आधे घंटे में"), into an instant.
/// </summary>
/// <remarks>
/// Hours without a half of the day are meant as in business: one to seven after noon, eight to twelve before. A time that has passed is that
/// of the next day. A weekday is the next one after today; "next" means the week after this, which ends on Sunday. A day without a time is
/// meant for 11 am, except today.
/// </remarks>
public static class SpokenTime
{
    /// <summary>How far ahead a time may lie, in days.</summary>
    public const int MostDays = 60;

    private const int UsualMinutes = 11 * 60;

    /// <summary>What the person means.</summary>
    /// <param name="text">What was said, or an ISO 8601 time.</param>
    /// <param name="now">When it was said.</param>
    /// <param name="zone">The person's zone.</param>
    /// <param name="window">When the person may be called; null for any time.</param>
    public static SpokenTimeResult Resolve(string? text, DateTimeOffset now, TimeZoneInfo zone, CallingWindow? window)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return IsoTime.Read(text, zone) is { } written ? Promise(written, now, zone, window) : new Reading(text, now, zone, window).Resolve();
    }

    /// <summary>The day that is meant ("24 Nov", "kal", "next Monday"); null when none is named, or several.</summary>
    /// <param name="text">What was said, or a written date.</param>
    /// <param name="now">When it was said.</param>
    /// <param name="zone">The person's zone.</param>
    internal static DateOnly? ResolveDay(string? text, DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = CallingWindows.Day(zone, now);
        var days = SpokenDay.Take(SpokenItem.Read(text, today), today).Select(d => d.Day).Distinct().ToArray();
        return days is [var day] && day != DateOnly.MinValue ? day : null;
    }

    /// <summary>The instant as the agent says it.</summary>
    internal static string Say(DateTimeOffset at, TimeZoneInfo zone)
    {
        var wall = WallClock.At(zone, at);
        var minutes = wall.Minute == 0 ? "" : wall.ToString(":mm", CultureInfo.InvariantCulture);
        return wall.ToString("dddd, d MMMM, ", CultureInfo.InvariantCulture)
            + $"{(wall.Hour % 12 == 0 ? 12 : wall.Hour % 12)}{minutes} {(wall.Hour < 12 ? "am" : "pm")}";
    }

    private static SpokenTimeResult Promise(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone, CallingWindow? window)
    {
        if (at <= now)
        {
            return new SpokenTimeResult.Unclear("That time has passed. On which day, and at what time, may I call?");
        }

        // Before the window is asked: what lies far ahead may lie at the end of time.
        if (at > now.AddDays(MostDays))
        {
            return new SpokenTimeResult.Unclear("That is too far ahead. May I call within the next two months, and when?");
        }

        var within = CallingWindows.NextOpening(window, zone, at);
        return new SpokenTimeResult.Found(TimeZoneInfo.ConvertTime(within, zone), Say(within, zone), within != at);
    }

    private sealed class Reading(string? text, DateTimeOffset now, TimeZoneInfo zone, CallingWindow? window)
    {
        private readonly DateOnly _today = CallingWindows.Day(zone, now);

        internal SpokenTimeResult Resolve()
        {
            var items = SpokenItem.Read(text, _today);
            if (Lapse(items) is { } lapse)
            {
                return lapse <= TimeSpan.Zero || lapse > TimeSpan.FromDays(MostDays + 1) ? Ask() : Promise(RoundUp(now + lapse), now, zone, window);
            }

            var days = SpokenDay.Take(items, _today);
            if (items.Any(i => i.Sense == SpokenSense.Same))
            {
                return days is [var same] ? At(same.Day, (int)WallClock.At(zone, now).TimeOfDay.TotalMinutes) : Ask();
            }

            var time = SpokenHour.Find(items);
            if (days.Count == 0)
            {
                return time is null ? Ask() : SoonestAt(time);
            }

            return Day(days) is not { } day ? new SpokenTimeResult.Unclear("Which day is it to be, and at what time?")
                : day == DateOnly.MinValue ? new SpokenTimeResult.Unclear("The calendar has no such day. On which day may I call?")
                : time is not null ? OnDay(day, time)
                : days[0].IsCount ? At(day, (int)WallClock.At(zone, now).TimeOfDay.TotalMinutes)
                : day == _today ? new SpokenTimeResult.Unclear("At what time today?")
                : At(day, UsualMinutes);
        }

        private static SpokenTimeResult Ask() => new SpokenTimeResult.Unclear("On which day, and at about what time, may I call?");

        // A date beside its weekday, or "Monday or Tuesday", which begins with Monday; else it is not clear which is meant.
        private static DateOnly? Day(List<NamedDay> days)
        {
            var dates = days.Where(d => !d.IsWeekday).Select(d => d.Day).Distinct().ToArray();
            var weekdays = days.Where(d => d.IsWeekday).Select(d => d.Day).Distinct().ToArray();
            return (dates, weekdays) switch
            {
                ([var date], []) => date,
                ([var date], [var weekday]) when date.DayOfWeek == weekday.DayOfWeek || date == DateOnly.MinValue => date,
                ([], [var weekday]) => weekday,
                _ => null,
            };
        }

        // Minutes and hours from now; days are counted with the calendar, see SpokenDay.
        private static TimeSpan? Lapse(List<SpokenItem> items)
        {
            TimeSpan? sum = null;
            for (var i = 0; i + 1 < items.Count; i++)
            {
                var minutesTo = i + 3 < items.Count && items[i + 2].Sense is SpokenSense.To or SpokenSense.Past
                    && items[i + 3].Sense == SpokenSense.Number;
                var written = items[i].Sense == SpokenSense.Number && items[i].Word.Length == 4 && items[i].Value >= 100;

                // "for ten minutes" says how long, not when.
                var length = i > 0 && items[i - 1].Word is "for";
                var counted = items[i].Sense == SpokenSense.Number && items[i + 1].Sense == SpokenSense.Unit && items[i + 1].Value < 1_440;
                if (counted && !minutesTo && !written && !length)
                {
                    sum = (sum ?? TimeSpan.Zero) + TimeSpan.FromMinutes(items[i].Value * items[i + 1].Value);
                }
            }

            return sum;
        }

        private SpokenTimeResult SoonestAt(NamedTime time)
        {
            if (time.IsPartOnly)
            {
                return OnDay(_today, time);
            }

            // Eight, said at three in the afternoon, is eight in the evening if calls are allowed then.
            var today = Instant(_today, time.Minutes - (time.IsBefore ? 60 : 0));
            var later = time.IsGuess && time.Minutes < 720 ? Instant(_today, time.Minutes + 720) : today;
            return today > now ? Promise(today, now, zone, window)
                : later > now && time.Minutes + 720 <= 21 * 60 && CallingWindows.IsOpen(window, zone, later) ? Promise(later, now, zone, window)
                : OnDay(_today.AddDays(1), time);
        }

        private SpokenTimeResult OnDay(DateOnly day, NamedTime time)
        {
            var at = Instant(day, time.Minutes - (time.IsBefore ? 60 : 0));
            if (day != _today || at > now)
            {
                return Promise(at, now, zone, window);
            }

            // The part of the day that we are in: an hour from now, if it lasts that long.
            var soon = RoundUp(now.AddMinutes(60));
            return time is { IsPartOnly: true, Part: { } part } && soon < Instant(day, part.End)
                ? Promise(soon, now, zone, window)
                : time.IsGuess && time.Minutes < 720 && Instant(day, time.Minutes + 720) is var later && later > now && time.Minutes + 720 <= 21 * 60
                    ? Promise(later, now, zone, window)
                    : Promise(Instant(day.AddDays(1), time.Minutes), now, zone, window);
        }

        private SpokenTimeResult At(DateOnly day, int minutes) => Promise(Instant(day, minutes), now, zone, window);

        private DateTimeOffset Instant(DateOnly day, int minutes) =>
            ZonedTime.At(day.ToDateTime(TimeOnly.MinValue).AddMinutes(minutes), zone, now);

        private static DateTimeOffset RoundUp(DateTimeOffset at)
        {
            var rest = at.Ticks % TimeSpan.TicksPerMinute;
            return rest == 0 ? at : at.AddTicks(TimeSpan.TicksPerMinute - rest);
        }
    }
}
