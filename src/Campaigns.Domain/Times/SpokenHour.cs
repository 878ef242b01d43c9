namespace Campaigns.Domain.Times;

/// <summary>Finds the time of day that is named.</summary>
internal static class SpokenHour
{
    private static readonly string[] RangeWords = ["and", "or", "aur", "se", "ya", "से", "या", "और"];

    /// <summary>The time of day, or null when none is named. Of several the first holds: "between four and five" begins at four.</summary>
    internal static NamedTime? Find(List<SpokenItem> items)
    {
        var part = items.FirstOrDefault(i => i.Sense == SpokenSense.Part) is { Sense: SpokenSense.Part } found ? DayPart.All[(int)found.Value] : null;
        var best = Enumerable.Range(0, items.Count).Select(i => (Rank: Rank(items, i), Index: i)).Where(c => c.Rank > 0)
            .OrderByDescending(c => c.Rank).ThenBy(c => c.Index).FirstOrDefault();
        if (best.Rank == 0)
        {
            return part is null ? null : new NamedTime(part.Usual, part, IsPartOnly: true);
        }

        if (RangeBegin(items, best.Index) is { } first)
        {
            // "three to five pm": from three on, in the same half of the day unless it would end before it begins.
            var end = Half(items, best.Index, best.Index, Minutes(items, best.Index).Minutes, part).Minutes;
            var begin = ((int)(items[first].Value * 60) % 720) + (end >= 720 ? 720 : 0);
            return new NamedTime(begin > end ? begin - 720 : begin, part);
        }

        var (minutes, last) = Minutes(items, best.Index);
        var before = items.Take(best.Index).Any(i => i.Sense == SpokenSense.Before && i.Word is "before")
            || items.Skip(last + 1).Take(2).Any(i => i.Sense == SpokenSense.Before);
        return Half(items, best.Index, last, minutes, part) with { IsBefore = before };
    }

    // "10 to 11", "between 10 and 11 am", "das gyarah baje": where the stretch that ends at a place begins.
    private static int? RangeBegin(List<SpokenItem> items, int end)
    {
        var linked = Sense(items, end - 1) == SpokenSense.To || (end > 0 && RangeWords.Contains(items[end - 1].Word, StringComparer.Ordinal));
        var begin = linked ? end - 2 : end - 1;
        return Sense(items, begin) == SpokenSense.Number && items[begin].Value is >= 1 and <= 24 && !IsMinutesTo(items, begin)
            && items[end].Sense is SpokenSense.Number or SpokenSense.Clock
            ? begin
            : null;
    }

    // How surely the item at a place is an hour. Zero: it is not.
    private static int Rank(List<SpokenItem> items, int i)
    {
        var item = items[i];
        if (item.Sense == SpokenSense.Clock)
        {
            return 5;
        }

        if (item.Sense != SpokenSense.Number || item.Value is < 0 or > 24 || (Sense(items, i + 1) == SpokenSense.Unit && !IsMinutesTo(items, i)))
        {
            return item.Sense == SpokenSense.Number && IsFourDigits(items, i) ? 4 : 0;
        }

        return IsMinutesTo(items, i) ? 6
            : Sense(items, i + 1) is SpokenSense.OClock or SpokenSense.AmPm || (Sense(items, i + 2) == SpokenSense.AmPm && IsMinute(items, i + 1)) ? 5
            : item.Value != Math.Floor(item.Value) ? 4
            : Sense(items, i - 1) is SpokenSense.At or SpokenSense.Before or SpokenSense.Part ? 3
            : Sense(items, i + 1) == SpokenSense.Part || IsMinute(items, i + 1) ? 2
            : 1;
    }

    private static (int Minutes, int Last) Minutes(List<SpokenItem> items, int i)
    {
        var value = items[i].Value;
        if (items[i].Sense == SpokenSense.Clock)
        {
            return ((int)value, i);
        }

        if (IsMinutesTo(items, i))
        {
            var hour = Sense(items, i + 1) == SpokenSense.Unit ? i + 3 : i + 2;
            var sign = Sense(items, hour - 1) == SpokenSense.Past ? 1 : -1;
            return ((int)(items[hour].Value * 60) + (sign * (int)value), hour);
        }

        if (IsFourDigits(items, i))
        {
            return (((int)value / 100 * 60) + ((int)value % 100), i + 1);
        }

        return value == Math.Floor(value) && IsMinute(items, i + 1) ? ((int)(value * 60) + (int)items[i + 1].Value, i + 1) : ((int)(value * 60), i);
    }

    private static NamedTime Half(List<SpokenItem> items, int first, int last, int minutes, DayPart? part)
    {
        var explicitHalf = Sense(items, last + 1) == SpokenSense.AmPm ? items[last + 1]
            : Sense(items, last + 2) == SpokenSense.AmPm && Sense(items, last + 1) == SpokenSense.OClock ? items[last + 2]
            : default;
        var hour = minutes / 60;
        if (explicitHalf.Sense == SpokenSense.AmPm && hour <= 12)
        {
            return new NamedTime((minutes % 720) + ((int)explicitHalf.Value * 720), null);
        }

        var written = items[first].Word;
        if (hour > 12 || hour == 0 || IsFourDigits(items, first) || (items[first].Sense == SpokenSense.Clock && written.StartsWith('0')))
        {
            return new NamedTime(minutes, null);
        }

        return part is null ? new NamedTime(Business(minutes), null, IsGuess: true) : new NamedTime(ByPart(minutes, part.Half), part);
    }

    // Nobody promises a business call for four in the morning.
    private static int Business(int minutes) => minutes / 60 is >= 1 and <= 7 ? minutes + 720 : minutes;

    private static int ByPart(int minutes, DayHalf half) => (half, minutes / 60) switch
    {
        (DayHalf.Morning, 12) => minutes - 720,
        (DayHalf.Morning, _) => minutes,
        (DayHalf.Midday, >= 10) => minutes,
        (DayHalf.Midday, _) => minutes + 720,
        (DayHalf.Evening, 12) => minutes + 720,
        (DayHalf.Evening, _) => minutes + 720,
        (DayHalf.Night, 12) => minutes + 720,
        (DayHalf.Night, <= 5) => minutes + 1_440,
        _ => minutes + 720,
    };

    // "ten to five", "twenty minutes past four"; "three to five" is a stretch of time.
    private static bool IsMinutesTo(List<SpokenItem> items, int i)
    {
        var link = Sense(items, i + 1) == SpokenSense.Unit && items[i + 1].Value == 1 ? i + 2 : i + 1;
        return items[i].IsWhole
            && Sense(items, link + 1) == SpokenSense.Number && items[link + 1].Value is >= 1 and <= 12
            && (Sense(items, link) == SpokenSense.Past
                || (Sense(items, link) == SpokenSense.To && items[i].Value is 5 or 10 or 20 or 25
                    && items[link + 1].Value - items[i].Value is < 0 or > 3))
            && items[i].Value is >= 1 and <= 59;
    }

    private static bool IsMinute(List<SpokenItem> items, int i) =>
        Sense(items, i) == SpokenSense.Number && items[i].IsWhole && items[i].Value is >= 10 and <= 59 && Sense(items, i + 1) != SpokenSense.Unit;

    private static bool IsFourDigits(List<SpokenItem> items, int i) =>
        items[i].Word.Length == 4 && items[i].IsWhole && Sense(items, i + 1) == SpokenSense.Unit && items[i + 1].Value == 60
        && items[i].Value % 100 < 60 && items[i].Value < 2_400;

    private static SpokenSense Sense(List<SpokenItem> items, int i) => i >= 0 && i < items.Count ? items[i].Sense : SpokenSense.None;
}

/// <summary>A time of day that was named.</summary>
/// <param name="Minutes">Minutes after the day's midnight; 1,440 and more belong to the night that follows.</param>
/// <param name="Part">The part of the day, if one was named.</param>
/// <param name="IsGuess">Which half of the day was not said.</param>
/// <param name="IsPartOnly">Only the part was named, no hour.</param>
/// <param name="IsBefore">It is to be before this time.</param>
internal sealed record NamedTime(int Minutes, DayPart? Part, bool IsGuess = false, bool IsPartOnly = false, bool IsBefore = false);
