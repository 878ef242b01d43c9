using System.Globalization;

namespace Campaigns.Domain.Times;

/// <summary>
/// Days as they are written: <c>2026-11-24</c>, <c>24/11</c>, <c>24.11.2026</c>. The day comes before the month unless that is no date.
/// </summary>
internal static class WrittenDay
{
    /// <summary>The day, or null. Without a year it is the next one from <paramref name="today"/> on.</summary>
    internal static DateOnly? Read(string word, DateOnly today)
    {
        if (DateOnly.TryParseExact(word, "yyyy-M-d", CultureInfo.InvariantCulture, DateTimeStyles.None, out var iso)
            || DateOnly.TryParseExact(word, "yyyy/M/d", CultureInfo.InvariantCulture, DateTimeStyles.None, out iso))
        {
            return iso;
        }

        var parts = word.Split('/', '-', '.');
        if (parts.Length is not (2 or 3) || !parts.All(p => p.Length is > 0 and <= 4 && p.All(char.IsAsciiDigit)))
        {
            return null;
        }

        var numbers = parts.Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        if (parts.Length == 2)
        {
            // 3-4 and 3.4 are no dates; 24-11 and 3/4 are.
            return word.Contains('/', StringComparison.Ordinal) || (word.Contains('-', StringComparison.Ordinal) && numbers[0] > 12)
                ? Next(numbers[0], numbers[1], today) ?? Next(numbers[1], numbers[0], today)
                : null;
        }

        var year = parts[2].Length <= 2 ? 2_000 + numbers[2] : numbers[2];
        return Of(year, numbers[1], numbers[0]) ?? Of(year, numbers[0], numbers[1]);
    }

    /// <summary>The next such day from <paramref name="today"/> on; null if there is none.</summary>
    internal static DateOnly? Next(int day, int month, DateOnly today)
    {
        // A leap day may be eight years away.
        for (var year = today.Year; year <= today.Year + 8; year++)
        {
            if (Of(year, month, day) is { } found && found >= today)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The day, or null when the calendar has none.</summary>
    internal static DateOnly? Of(int year, int month, int day) =>
        year is >= 1900 and <= 2200 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new(year, month, day) : null;
}
