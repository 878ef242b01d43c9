using System.Globalization;
using Campaigns.Domain.Times;
using Campaigns.Domain.Windows;

namespace Campaigns.DomainTests.Times;

public sealed class SpokenTimeTests
{
    private static readonly TimeZoneInfo Kolkata = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");
    private static readonly CallingWindow Daytime = new(new(9, 0), new(20, 0));

    // A Wednesday, ten in the morning.
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 10, 0, 0, TimeSpan.FromHours(5.5));

    [Theory]

    // Weekdays and hours.
    [InlineData("Tuesday at four", "11-24 16:00")]
    [InlineData("call me Tuesday at four", "11-24 16:00")]
    [InlineData("on Friday at 3:30", "11-20 15:30")]
    [InlineData("Friday 3.30 pm", "11-20 15:30")]
    [InlineData("friday three thirty", "11-20 15:30")]
    [InlineData("Wednesday at eleven", "11-25 11:00")]
    [InlineData("this Wednesday at five", "11-18 17:00")]
    [InlineData("next Monday evening", "11-23 18:00")]
    [InlineData("next Friday at noon", "11-27 12:00")]
    [InlineData("this coming Friday at noon", "11-20 12:00")]
    [InlineData("Tuesday next week, 10 am", "11-24 10:00")]
    [InlineData("next week on Thursday at two", "11-26 14:00")]
    [InlineData("Saturday", "11-21 11:00")]
    [InlineData("Sat at 5", "11-21 17:00")]
    [InlineData("Mon 11 a.m.", "11-23 11:00")]

    // Days.
    [InlineData("tomorrow at ten", "11-19 10:00")]
    [InlineData("tomorrow morning", "11-19 10:00")]
    [InlineData("tomorrow", "11-19 11:00")]
    [InlineData("day after tomorrow 3:30", "11-20 15:30")]
    [InlineData("the day after tomorrow in the evening", "11-20 18:00")]
    [InlineData("in two days", "11-20 10:00")]
    [InlineData("in 3 days at 4 pm", "11-21 16:00")]
    [InlineData("in a week", "11-25 10:00")]
    [InlineData("after two weeks at noon", "12-02 12:00")]
    [InlineData("in a couple of days, at five", "11-20 17:00")]
    [InlineData("24 November", "11-24 11:00")]
    [InlineData("24th of November at 4", "11-24 16:00")]
    [InlineData("November 24th, quarter past four", "11-24 16:15")]
    [InlineData("the twenty fourth of november at half past nine", "11-24 09:30")]
    [InlineData("on the 24th at six in the evening", "11-24 18:00")]
    [InlineData("Nov 24 2026 9 am", "11-24 09:00")]
    [InlineData("the 5th", "12-05 11:00")]
    [InlineData("Tuesday 24 November, 4 pm", "11-24 16:00")]
    [InlineData("24/11 at 4", "11-24 16:00")]
    [InlineData("24/11/2026 16:00", "11-24 16:00")]
    [InlineData("24-11-2026", "11-24 11:00")]
    [InlineData("2026-11-24", "11-24 11:00")]
    [InlineData("2026-11-24T16:00", "11-24 16:00")]
    [InlineData("2026-11-24T10:30:00Z", "11-24 16:00")]
    [InlineData("2026-11-24T16:00:00+05:30", "11-24 16:00")]
    [InlineData("Monday... no, Tuesday at four", "11-24 16:00")]
    [InlineData("not on Monday, on Tuesday at four", "11-24 16:00")]
    [InlineData("not tomorrow, call me on Friday at 2", "11-20 14:00")]
    [InlineData("not today, tomorrow at 2", "11-19 14:00")]

    // Hours without a day.
    [InlineData("at four", "11-18 16:00")]
    [InlineData("at nine", "11-19 09:00", "09:00-20:00")]
    [InlineData("at eight", "11-19 09:00", "09:00-20:00")]
    [InlineData("at eight", "11-18 20:00", "09:00-21:00")]
    [InlineData("around 5 o'clock", "11-18 17:00")]
    [InlineData("after 6", "11-18 18:00")]
    [InlineData("before six", "11-18 17:00")]
    [InlineData("between 3 and 5", "11-18 15:00")]
    [InlineData("3 to 5 pm", "11-18 15:00")]
    [InlineData("11 to 1 pm", "11-18 11:00")]
    [InlineData("ten to five", "11-18 16:50")]
    [InlineData("twenty minutes past four", "11-18 16:20")]
    [InlineData("quarter to five", "11-18 16:45")]
    [InlineData("half four", "11-18 16:30")]
    [InlineData("16:45", "11-18 16:45")]
    [InlineData("1630 hours", "11-18 16:30")]
    [InlineData("12 noon", "11-18 12:00")]
    [InlineData("7 in the evening", "11-18 19:00")]
    [InlineData("at 11:15 am", "11-18 11:15")]
    [InlineData("9 am", "11-19 09:00")]
    [InlineData("eleven fifteen", "11-18 11:15")]

    [InlineData("Monday morning 10 to 11", "11-23 10:00")]
    [InlineData("between 10 and 11 am tomorrow", "11-19 10:00")]
    [InlineData("3-4 pm", "11-18 15:00")]
    [InlineData("kal subah das gyarah baje", "11-19 10:00")]
    [InlineData("after 5 tomorrow, I'm free", "11-19 17:00")]
    [InlineData("tomorrow at 4 for 10 minutes", "11-19 16:00")]
    [InlineData("Tuesday at four, I will be home for 2 hours", "11-24 16:00")]
    [InlineData("the day after at 4", "11-20 16:00")]

    // Parts of the day.
    [InlineData("this afternoon", "11-18 15:00")]
    [InlineData("this evening", "11-18 18:00")]
    [InlineData("tonight at 8", "11-18 20:00", "00:00-00:00")]
    [InlineData("after lunch", "11-18 14:30")]
    [InlineData("before lunch tomorrow", "11-19 11:30")]
    [InlineData("end of day", "11-18 17:00")]
    [InlineData("by EOD Friday", "11-20 17:00")]
    [InlineData("after office hours", "11-18 18:30")]
    [InlineData("in the morning", "11-18 11:00")]
    [InlineData("same time tomorrow", "11-19 10:00")]

    // From now.
    [InlineData("in half an hour", "11-18 10:30")]
    [InlineData("15 minutes", "11-18 10:15")]
    [InlineData("after fifteen minutes", "11-18 10:15")]
    [InlineData("in an hour", "11-18 11:00")]
    [InlineData("in an hour and a half", "11-18 11:30")]
    [InlineData("two and a half hours from now", "11-18 12:30")]
    [InlineData("in a couple of hours", "11-18 12:00")]
    [InlineData("1 hour 20 minutes later", "11-18 11:20")]
    [InlineData("in 45min", "11-18 10:45")]
    [InlineData("10-15 minute baad", "11-18 10:15")]
    [InlineData("after 2-3 days", "11-21 10:00")]

    // Hindi in Latin letters.
    [InlineData("kal subah gyarah baje", "11-19 11:00")]
    [InlineData("kal subah gyaarah bajey", "11-19 11:00")]
    [InlineData("kal do baje", "11-19 14:00")]
    [InlineData("15 minute baad", "11-18 10:15")]
    [InlineData("pandrah minat mein", "11-18 10:15")]
    [InlineData("aadhe ghante mein", "11-18 10:30")]
    [InlineData("ek ghante baad", "11-18 11:00")]
    [InlineData("dedh ghante baad", "11-18 11:30")]
    [InlineData("do ghante baad phone karo", "11-18 12:00")]
    [InlineData("sadhe teen ghante baad", "11-18 13:30")]
    [InlineData("parso shaam", "11-20 18:00")]
    [InlineData("parson sham ko saat baje", "11-20 19:00")]
    [InlineData("mangalwar ko char baje", "11-24 16:00")]
    [InlineData("agle somvar shaam ko", "11-23 18:00")]
    [InlineData("agle hafte mangalvaar 4 baje", "11-24 16:00")]
    [InlineData("saadhe paanch baje", "11-18 17:30")]
    [InlineData("kal sava gyarah baje", "11-19 11:15")]
    [InlineData("paune chaar baje", "11-18 15:45")]
    [InlineData("dhai baje", "11-18 14:30")]
    [InlineData("dopahar do baje", "11-18 14:00")]
    [InlineData("teen din baad subah das baje", "11-21 10:00")]
    [InlineData("24 tarikh ko", "11-24 11:00")]
    [InlineData("kal nahi, parso 4 baje", "11-20 16:00")]
    [InlineData("aaj shaam 6 baje ke baad", "11-18 18:00")]
    [InlineData("lunch ke baad call karna", "11-18 14:30")]
    [InlineData("kal isi time", "11-19 10:00")]
    [InlineData("subah 9 baje se pehle, Friday ko", "11-20 09:00")]
    [InlineData("itvaar ko dopahar mein", "11-22 15:00")]

    // Hindi.
    [InlineData("कल सुबह ग्यारह बजे", "11-19 11:00")]
    [InlineData("आधे घंटे में", "11-18 10:30")]
    [InlineData("परसों शाम", "11-20 18:00")]
    [InlineData("मंगलवार को चार बजे", "11-24 16:00")]
    [InlineData("कल शाम साढ़े पाँच बजे", "11-19 17:30")]
    [InlineData("कल दोपहर ढाई बजे", "11-19 14:30")]
    [InlineData("२४ नवंबर को", "11-24 11:00")]
    [InlineData("१५ मिनट बाद", "11-18 10:15")]
    [InlineData("अगले सोमवार शाम को", "11-23 18:00")]
    [InlineData("दो घंटे बाद", "11-18 12:00")]
    [InlineData("लंच के बाद", "11-18 14:30")]
    public void Resolve_WhenATimeIsMeant_FindsIt(string text, string expected, string window = "09:00-20:00")
    {
        var found = Assert.IsType<SpokenTimeResult.Found>(SpokenTime.Resolve(text, Now, Kolkata, Window(window)));

        Assert.Equal($"2026-{expected}", found.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        Assert.Equal(TimeSpan.FromHours(5.5), found.At.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("later")]
    [InlineData("sometime next week")]
    [InlineData("baad mein")]
    [InlineData("thodi der baad")]
    [InlineData("in a few hours")]
    [InlineData("next month")]
    [InlineData("today")]
    [InlineData("call me back")]
    [InlineData("abhi nahi")]
    [InlineData("you may call me in March")]
    [InlineData("I may be free in March")]
    [InlineData("Monday 24 November")]
    [InlineData("tomorrow or Friday")]
    [InlineData("31 November")]
    [InlineData("24 November 2020")]
    [InlineData("in 90 days")]
    [InlineData("17 November")]
    [InlineData("in 99999999999999 hours")]
    [InlineData("in 9999 weeks")]
    [InlineData("2026-11-17T10:00")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("I am driving the car, do call")]
    [InlineData("कभी भी")]
    public void Resolve_WhenNoTimeCanBePromised_Asks(string? text)
    {
        var unclear = Assert.IsType<SpokenTimeResult.Unclear>(SpokenTime.Resolve(text, Now, Kolkata, Daytime));

        Assert.EndsWith("?", unclear.Ask, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tuesday at four", "Tuesday, 24 November, 4 pm", false)]
    [InlineData("Friday 3:30", "Friday, 20 November, 3:30 pm", false)]
    [InlineData("12 noon", "Wednesday, 18 November, 12 pm", false)]
    [InlineData("tomorrow at 7 am", "Thursday, 19 November, 9 am", true)]
    [InlineData("tomorrow at 9 pm", "Friday, 20 November, 9 am", true)]
    [InlineData("midnight", "Thursday, 19 November, 9 am", true)]
    public void Resolve_WhenFound_SaysTheTimeAndWhetherItWasMoved(string text, string say, bool moved)
    {
        var found = Assert.IsType<SpokenTimeResult.Found>(SpokenTime.Resolve(text, Now, Kolkata, Daytime));

        Assert.Equal((say, moved), (found.Say, found.Moved));
    }

    [Theory]

    // 8 March 2026: New York's clock leaves out 2:00 to 3:00; 1 November: 1:00 to 2:00 comes twice.
    [InlineData("2026-03-07T12:00-05:00", "tomorrow at 2:30 am", "2026-03-08T03:00-04:00")]
    [InlineData("2026-10-31T12:00-04:00", "tomorrow at 1:30 am", "2026-11-01T01:30-04:00")]
    [InlineData("2026-11-01T01:45-04:00", "1:30 am", "2026-11-01T01:30-05:00")]
    [InlineData("2026-10-31T12:00-04:00", "in 24 hours", "2026-11-01T11:00-05:00")]
    [InlineData("2026-10-31T12:00-04:00", "in one day", "2026-11-01T12:00-05:00")]
    public void Resolve_WhenTheClockChanges_KeepsToTheWall(string now, string text, string expected)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

        var found = Assert.IsType<SpokenTimeResult.Found>(SpokenTime.Resolve(text, At(now), zone, null));

        Assert.Equal(expected, found.At.ToString("yyyy-MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Resolve_WhenTheEveningHasBegun_MeansAnHourFromNow()
    {
        var found = Assert.IsType<SpokenTimeResult.Found>(
            SpokenTime.Resolve("in the evening", At("2026-11-18T18:30+05:30"), Kolkata, null));

        Assert.Equal(At("2026-11-18T19:30+05:30"), found.At);
    }

    [Fact]
    public void Resolve_WhateverIsSaid_PromisesOnlyWhatLiesAheadAndWithinTheWindow()
    {
        string[] words =
        [
            "tomorrow", "kal", "next", "Tuesday", "at", "four", "half", "past", "12", "31", "november", "pm", "am", "baje", "3:30", "24/11", "not", "nahi",
            "morning", "raat", "in", "minutes", "hours", "days", "week", "th", "sava", "dedh", "after", "lunch", "to", "february", "29", "2027", "मई", "घंटे",
            "9999", "0", "-", "same", "time", "before", "month", "an", "and", "a",
        ];
        string[] zones = ["Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"];
        Law.Holds(
            dice =>
            {
                var zone = TimeZoneInfo.FindSystemTimeZoneById(dice.Of(zones));
                var now = Now.AddMinutes(dice.Int(0, 600_000));
                var window = dice.Bool() ? new CallingWindow(new(dice.Int(0, 23), 0), new(dice.Int(0, 23), 30)) : null;
                var text = string.Join(' ', Enumerable.Range(0, dice.Int(0, 7)).Select(_ => dice.Of(words)));
                if (SpokenTime.Resolve(text, now, zone, window) is SpokenTimeResult.Found found)
                {
                    Assert.True(found.At > now, text);
                    Assert.True(found.At <= now.AddDays(SpokenTime.MostDays + 8), text);
                    Assert.True(CallingWindows.IsOpen(window, zone, found.At), text);
                    Assert.Equal(zone.GetUtcOffset(found.At), found.At.Offset);
                }
            },
            cases: 3_000);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static CallingWindow Window(string text) =>
        new(TimeOnly.Parse(text[..5], CultureInfo.InvariantCulture), TimeOnly.Parse(text[6..], CultureInfo.InvariantCulture));
}
