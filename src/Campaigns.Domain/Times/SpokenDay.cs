namespace Campaigns.Domain.Times;

/// <summary>Finds the days that are named, and takes their words out of the items.</summary>
internal static class SpokenDay
{
    private static readonly string[] WeekdayFillers = ["on", "ko", "को", "वाले", "vale", "wale", "of", "the"];

    private static readonly string[] DenialFillers = ["call", "ring", "phone", "me", "on", "do", "make", "this"];

    /// <summary>The days named, in order; those that are said not to be meant are left out.</summary>
    internal static List<NamedDay> Take(List<SpokenItem> items, DateOnly today)
    {
        var days = new List<NamedDay>();
        for (var i = 0; i < items.Count; i++)
        {
            if (At(items, i, today) is not ({ } day, var from, var until))
            {
                continue;
            }

            var denied = IsDenied(items, from, until);
            Blank(items, from, until);
            if (!denied)
            {
                days.Add(day with { Position = i });
            }
        }

        return days;
    }

    private static (NamedDay? Day, int From, int Until) At(List<SpokenItem> items, int i, DateOnly today)
    {
        var (sense, value) = (items[i].Sense, (int)items[i].Value);
        return sense switch
        {
            SpokenSense.Date => (new NamedDay(DateOnly.FromDayNumber(value)), i, i + 1),
            SpokenSense.DayOffset => (new NamedDay(today.AddDays(value)), i, items[i].Word is "tonight" ? i : i + 1),
            SpokenSense.Weekday => Weekday(items, i, today),
            SpokenSense.Month => Month(items, i, today),
            SpokenSense.Number when IsDays(items, i, out var days) => (new NamedDay(today.AddDays(days), IsCount: true), CountBegin(items, i), i + 2),
            SpokenSense.Ordinal when !IsMonth(items, i + 1) && !(i + 2 < items.Count && items[i + 1].Word is "of" && IsMonth(items, i + 2))
                && !IsMonth(items, i - 1) && (items[i].Word is "th" || value >= 4) => (OfMonth(value, today), i, i + 1),
            _ => default,
        };
    }

    // Monday is the first day of a week: "next Friday" is the one after the coming Sunday.
    private static (NamedDay? Day, int From, int Until) Weekday(List<SpokenItem> items, int i, DateOnly today)
    {
        var from = i;
        var (next, same) = (false, false);
        if (i > 0 && items[i - 1].Sense is SpokenSense.Next or SpokenSense.This)
        {
            from = i - 1;
            (next, same) = (items[from].Sense == SpokenSense.Next, items[from].Sense == SpokenSense.This);
        }

        var until = i + 1;
        for (var k = 0; k + 1 < items.Count; k++)
        {
            if (items[k].Sense == SpokenSense.Next && items[k + 1] is { Sense: SpokenSense.Unit, Value: 10_080 })
            {
                next = true;
                Blank(items, k, k + 2);
            }
        }

        var wanted = (int)items[i].Value;
        var ahead = (wanted - (int)today.DayOfWeek + 7) % 7;
        var day = today.AddDays(ahead == 0 && !same ? 7 : ahead);
        if (next)
        {
            var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7)).AddDays(7);
            day = monday.AddDays((wanted + 6) % 7);
        }

        return (new NamedDay(day, IsWeekday: true), from, until);
    }

    private static (NamedDay? Day, int From, int Until) Month(List<SpokenItem> items, int i, DateOnly today)
    {
        var (from, until, day) = (i, i + 1, 0);
        var before = i > 1 && WeekdayFillers.Contains(items[i - 1].Word, StringComparer.Ordinal) ? i - 2 : i - 1;
        if (before >= 0 && IsDayNumber(items[before]))
        {
            (from, day) = (before, (int)items[before].Value);
        }
        else
        {
            var after = i + 1 < items.Count && items[i + 1].Word is "the" ? i + 2 : i + 1;
            if (after >= items.Count || !IsDayNumber(items[after]))
            {
                // A month alone is no day; "may" and "march" are words besides.
                return default;
            }

            (until, day) = (after + 1, (int)items[after].Value);
        }

        if (until < items.Count && items[until] is { IsWhole: true, Value: >= 1900 and <= 2200 } year)
        {
            return (Named(WrittenDay.Of((int)year.Value, (int)items[i].Value, day)), from, until + 1);
        }

        return (Named(WrittenDay.Next(day, (int)items[i].Value, today)), from, until);
    }

    private static NamedDay Named(DateOnly? day) => day is { } found ? new NamedDay(found) : NamedDay.Impossible;

    private static NamedDay OfMonth(int day, DateOnly today)
    {
        for (var month = new DateOnly(today.Year, today.Month, 1); month < today.AddDays(100); month = month.AddMonths(1))
        {
            if (WrittenDay.Of(month.Year, month.Month, day) is { } found && found >= today)
            {
                return new NamedDay(found);
            }
        }

        return NamedDay.Impossible;
    }

    private static bool IsDays(List<SpokenItem> items, int i, out int days)
    {
        var unit = i + 1 < items.Count && items[i + 1].Sense == SpokenSense.Unit ? items[i + 1].Value : 0;
        days = (int)Math.Min(100_000, items[i].Value * unit / 1_440);
        return unit >= 1_440;
    }

    // "2-3 days", "two or three days": the first number is no hour.
    private static int CountBegin(List<SpokenItem> items, int i)
    {
        var before = i > 1 && items[i - 1].Word is "or" or "to" or "ya" or "या" ? i - 2 : i - 1;
        return before >= 0 && items[before].Sense == SpokenSense.Number ? before : i;
    }

    private static bool IsDayNumber(SpokenItem item) => (item.Sense == SpokenSense.Ordinal || item.IsWhole) && item.Value is >= 1 and <= 31;

    private static bool IsMonth(List<SpokenItem> items, int i) => i >= 0 && i < items.Count && items[i].Sense == SpokenSense.Month;

    // "not Tuesday", "don't call on Tuesday"; "kal nahi"; "Tuesday, no, Wednesday". A word denies one day.
    private static bool IsDenied(List<SpokenItem> items, int from, int until)
    {
        var before = from - 1;
        while (before >= 0 && DenialFillers.Contains(items[before].Word, StringComparer.Ordinal))
        {
            before--;
        }

        if (before >= 0 && items[before].Word is "not" or "dont" or "cant")
        {
            Blank(items, before, before + 1);
            return true;
        }

        return until < items.Count && items[until].Sense == SpokenSense.No && items[until].Word is not ("not" or "dont" or "cant");
    }

    private static void Blank(List<SpokenItem> items, int from, int until)
    {
        for (var k = from; k < until; k++)
        {
            // A filler stands for what was taken, so that a number after it is not joined to one before.
            items[k] = new SpokenItem("|", SpokenSense.None, 0);
        }
    }
}

/// <summary>A day that was named.</summary>
/// <param name="Day">The day.</param>
/// <param name="IsWeekday">By its weekday only: a date beside it says which.</param>
/// <param name="IsCount">By a count of days, so that it has today's time of day.</param>
/// <param name="Position">Where, among the words.</param>
internal sealed record NamedDay(DateOnly Day, bool IsWeekday = false, bool IsCount = false, int Position = 0)
{
    /// <summary>A date that no calendar has, such as 31 November.</summary>
    internal static readonly NamedDay Impossible = new(DateOnly.MinValue);
}
