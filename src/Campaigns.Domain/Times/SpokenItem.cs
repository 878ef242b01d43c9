using System.Globalization;

namespace Campaigns.Domain.Times;

/// <summary>A word of a spoken time and what it means.</summary>
internal readonly record struct SpokenItem(string Word, SpokenSense Sense, double Value)
{
    /// <summary>A whole number.</summary>
    internal bool IsWhole => Sense == SpokenSense.Number && Value == Math.Floor(Value);

    /// <summary>The items of a text, numbers put together (<c>twenty four</c>, <c>saadhe teen</c>).</summary>
    /// <param name="text">What was said.</param>
    /// <param name="today">The person's day, to complete written days without a year.</param>
    internal static List<SpokenItem> Read(string? text, DateOnly today)
    {
        var items = Join([.. SpokenText.Words(text)]).SelectMany(w => Parts(w, today)).ToList();
        Disambiguate(items);
        Compose(items);
        return items;
    }

    private static List<string> Join(List<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            foreach (var (from, to) in SpokenLexicon.AllPhrases)
            {
                if (i + from.Length <= words.Count && from.Select((f, n) => SameWord(f, words[i + n])).All(same => same))
                {
                    words.RemoveRange(i, from.Length);
                    words.InsertRange(i, to);
                    break;
                }
            }
        }

        return words;
    }

    private static bool SameWord(string a, string b) =>
        a.Equals(b, StringComparison.Ordinal) || SpokenText.Fold(a).Equals(SpokenText.Fold(b), StringComparison.Ordinal);

    // "10-15 minutes" names two numbers, "24-11" a day.
    private static IEnumerable<SpokenItem> Parts(string word, DateOnly today)
    {
        var one = One(word, today);
        return one.Sense == SpokenSense.None && char.IsAsciiDigit(word[0]) && word.Contains('-', StringComparison.Ordinal)
            ? word.Split('-', StringSplitOptions.RemoveEmptyEntries).Take(3).Select(w => One(w, today))
            : [one];
    }

    private static SpokenItem One(string word, DateOnly today)
    {
        if (!char.IsAsciiDigit(word[0]))
        {
            var (sense, value) = SpokenLexicon.Find(word);
            return new SpokenItem(word, sense, value);
        }

        return WrittenClock(word) is { } minutes ? new SpokenItem(word, SpokenSense.Clock, minutes)
            : WrittenDay.Read(word, today) is { } day ? new SpokenItem(word, SpokenSense.Date, day.DayNumber)
            : double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 10_000
                ? new SpokenItem(word, SpokenSense.Number, number)
                : new SpokenItem(word, SpokenSense.None, 0);
    }

    // 4:30, 16.30; not 2.5, which is a number.
    private static int? WrittenClock(string word)
    {
        var parts = word.Split(':', '.');
        return parts.Length is 2 or 3 && parts[0].Length is 1 or 2 && parts[1].Length == 2
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var hour)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var minute)
            && hour <= 24 && minute < 60 && (parts.Length == 2 || word.Contains(':', StringComparison.Ordinal))
            ? (hour * 60) + minute
            : null;
    }

    private static void Disambiguate(List<SpokenItem> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            var next = i + 1 < items.Count ? items[i + 1].Sense : SpokenSense.None;
            var counted = next is SpokenSense.Unit or SpokenSense.OClock or SpokenSense.AmPm;

            // "do" is two in Hindi and a verb in English; "sat" is a Saturday or saat, seven.
            if (items[i].Word is "do" && !counted)
            {
                items[i] = default(SpokenItem) with { Word = "do" };
            }
            else if (items[i].Word is "sat" && !counted)
            {
                items[i] = new SpokenItem("sat", SpokenSense.Weekday, 6);
            }
        }
    }

    private static void Compose(List<SpokenItem> items)
    {
        for (var i = 0; i + 1 < items.Count; i++)
        {
            var (item, next) = (items[i], items[i + 1]);
            var tens = item.Sense == SpokenSense.Number && item.Value is 20 or 30 or 40 or 50 && !char.IsAsciiDigit(item.Word[0]);
            if (tens && next.Sense is SpokenSense.Number or SpokenSense.Ordinal && next.Value is >= 1 and <= 9 && !char.IsAsciiDigit(next.Word[0]))
            {
                Replace(next.Sense, item.Value + next.Value);
            }
            else if (next.Sense is SpokenSense.Number && next.IsWhole && item.Sense is SpokenSense.Half or SpokenSense.Quarter or SpokenSense.LessQuarter
                && next.Value <= 24)
            {
                Replace(SpokenSense.Number, next.Value + Fraction(item.Sense));
            }
            else if (next.Sense == SpokenSense.Unit && item.Sense is SpokenSense.Half or SpokenSense.Quarter or SpokenSense.LessQuarter)
            {
                items[i] = new SpokenItem(item.Word, SpokenSense.Number, item.Sense switch
                {
                    SpokenSense.Half => 0.5,
                    SpokenSense.Quarter => 1.25,
                    _ => 0.75,
                });
            }
            else if (item.IsWhole && next.Word is "th" or "st" or "nd" or "rd" or "tarikh" or "tareekh" or "तारीख" && item.Value is >= 1 and <= 31)
            {
                Replace(SpokenSense.Ordinal, item.Value, "th");
            }
            else if (next.Sense == SpokenSense.Unit && item.Word is "a" or "an")
            {
                items[i] = new SpokenItem(item.Word, SpokenSense.Number, 1);
            }
            else if (item.IsWhole && next.Word is "and" && i + 3 < items.Count && items[i + 2].Word is "a" && items[i + 3].Sense == SpokenSense.Half)
            {
                items.RemoveRange(i + 1, 3);
                items[i] = new SpokenItem(item.Word, SpokenSense.Number, item.Value + 0.5);
            }

            void Replace(SpokenSense sense, double value, string? word = null)
            {
                items[i] = new SpokenItem(word ?? $"{item.Word} {next.Word}", sense, value);
                items.RemoveAt(i + 1);
            }
        }
    }

    private static double Fraction(SpokenSense sense) => sense switch
    {
        SpokenSense.Half => 0.5,
        SpokenSense.Quarter => 0.25,
        _ => -0.25,
    };
}
