using System.Globalization;
using Campaigns.Domain.Windows;

namespace Campaigns.DomainTests;

public sealed class CallingWindowsTests
{
    private static readonly string[] Zones =
        ["Asia/Kolkata", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana", "Africa/Casablanca"];

    // Around clock changes of the zones above, and Samoa's missing Friday.
    private static readonly string[] Moments =
    [
        "2026-03-08T06:00Z", "2026-11-01T05:00Z", "2026-03-29T00:00Z", "2026-10-25T00:00Z", "2026-04-04T14:00Z", "2026-10-03T15:00Z",
        "2011-12-30T06:00Z", "2011-12-29T20:00Z", "2026-11-01T04:00Z", "2026-02-15T02:00Z", "2026-06-15T10:00Z",
    ];

    [Theory]
    [InlineData("Asia/Kolkata", "09:00-20:00", "2026-03-02T02:00Z", "2026-03-02T03:30Z")]
    [InlineData("Asia/Kolkata", "09:00-20:00", "2026-03-02T03:29:59.999Z", "2026-03-02T03:30Z")]
    [InlineData("Asia/Kolkata", "09:00-20:00", "2026-03-02T03:30Z", "2026-03-02T03:30Z")]
    [InlineData("Asia/Kolkata", "09:00-20:00", "2026-03-02T14:30Z", "2026-03-03T03:30Z")]
    [InlineData("Asia/Kolkata", "00:00-00:00", "2026-03-02T14:30Z", "2026-03-02T14:30Z")]
    [InlineData("Asia/Kolkata", "22:00-02:00", "2026-03-02T20:29Z", "2026-03-02T20:29Z")]
    [InlineData("Asia/Kolkata", "22:00-02:00", "2026-03-02T20:30Z", "2026-03-03T16:30Z")]

    // New York, 8 March 2026: 02:00 becomes 03:00 at 07:00Z.
    [InlineData("America/New_York", "02:15-02:45", "2026-03-08T06:00Z", "2026-03-09T06:15Z")]
    [InlineData("America/New_York", "02:30-05:00", "2026-03-08T06:00Z", "2026-03-08T07:00Z")]

    // New York, 1 November 2026: 02:00 becomes 01:00 at 06:00Z.
    [InlineData("America/New_York", "01:30-01:45", "2026-11-01T05:00Z", "2026-11-01T05:30Z")]
    [InlineData("America/New_York", "01:30-01:45", "2026-11-01T05:45Z", "2026-11-01T06:30Z")]
    [InlineData("America/New_York", "00:30-01:15", "2026-11-01T05:20Z", "2026-11-01T06:00Z")]

    // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00Z; 25 October: 03:00 becomes 02:00 at 01:00Z.
    [InlineData("Europe/Berlin", "02:00-02:30", "2026-03-28T23:00Z", "2026-03-30T00:00Z")]
    [InlineData("Europe/Berlin", "09:00-18:00", "2026-03-28T17:00Z", "2026-03-29T07:00Z")]
    [InlineData("Europe/Berlin", "02:30-03:00", "2026-10-25T01:00Z", "2026-10-25T01:30Z")]

    // Lord Howe's clock changes by half an hour: 5 April 2026 02:00 becomes 01:30 at 15:00Z of the 4th, 4 October 02:00 becomes 02:30.
    [InlineData("Australia/Lord_Howe", "01:45-01:50", "2026-04-04T14:00Z", "2026-04-04T14:45Z")]
    [InlineData("Australia/Lord_Howe", "01:45-01:50", "2026-04-04T14:50Z", "2026-04-04T15:15Z")]
    [InlineData("Australia/Lord_Howe", "02:10-02:40", "2026-10-03T15:00Z", "2026-10-03T15:30Z")]

    // Apia had no Friday 30 December 2011: 24:00 of Thursday, at 10:00Z, was 00:00 of Saturday.
    [InlineData("Pacific/Apia", "09:00-17:00 Friday", "2011-12-30T06:00Z", "2012-01-05T19:00Z")]
    [InlineData("Pacific/Apia", "00:00-06:00 Saturday", "2011-12-30T06:00Z", "2011-12-30T10:00Z")]

    // A window past midnight belongs to the day it opened on.
    [InlineData("Europe/Berlin", "22:00-02:00 Saturday", "2026-01-03T12:00Z", "2026-01-03T21:00Z")]
    [InlineData("Europe/Berlin", "22:00-02:00 Saturday", "2026-01-04T00:30Z", "2026-01-04T00:30Z")]
    [InlineData("Europe/Berlin", "22:00-02:00 Saturday", "2026-01-03T00:30Z", "2026-01-03T21:00Z")]
    [InlineData("Europe/Berlin", "09:00-10:00 Monday,Wednesday", "2026-01-05T09:00Z", "2026-01-07T08:00Z")]
    public void NextOpening_WhenTheClockSays_IsThen(string zone, string window, string at, string expected) =>
        Assert.Equal(Time(expected), CallingWindows.NextOpening(Window(window), Zone(zone), Time(at)));

    [Fact]
    public void NextOpening_WhenThereIsNoWindow_IsAtOnce() =>
        Assert.Equal(Time("2026-01-05T09:00Z"), CallingWindows.NextOpening(null, Zone("Europe/Berlin"), Time("2026-01-05T09:00Z")));

    [Fact]
    public void NextOpening_WhenClosed_IsInUtc() =>
        Assert.Equal(
            TimeSpan.Zero,
            CallingWindows.NextOpening(Window("09:00-10:00"), Zone("Asia/Kolkata"), Time("2026-03-02T07:30+05:30")).Offset);

    [Fact]
    public void NextOpening_WhenAnyZoneWindowAndTime_IsTheFirstOpenMinute()
    {
        Law.Holds(
            dice =>
            {
                var zone = Zone(dice.Of(Zones));
                var at = Time(dice.Of(Moments)).AddMinutes(dice.Int(-2_000, 2_000));
                var from = new TimeOnly(dice.Int(0, 23), dice.Of(0, 15, 30, 45));
                var to = dice.Bool() ? from.AddMinutes(dice.Of(15, 30, 60)) : new TimeOnly(dice.Int(0, 23), dice.Of(0, 15, 30, 45));
                var days = Enum.GetValues<DayOfWeek>().Where(_ => dice.Int(0, 2) == 0);
                var window = new CallingWindow(from, to) { Days = [.. days] };

                var opening = CallingWindows.NextOpening(window, zone, at);

                Assert.True(opening >= at && IsOpen(window, zone, opening), $"{window} {zone.Id} {at:O} → {opening:O} is not open.");
                Assert.True(CallingWindows.IsOpen(window, zone, opening), "Its own test does not say so.");
                for (var minute = at; minute < opening; minute = minute.AddMinutes(opening - minute > TimeSpan.FromHours(30) ? 7 : 1))
                {
                    Assert.False(IsOpen(window, zone, minute), $"{window} {zone.Id} {at:O} → {opening:O}, but {minute:O} is open.");
                }

                Assert.False(opening > at && IsOpen(window, zone, opening.AddTicks(-1)), "It opened before.");
            },
            cases: 400);
    }

    [Fact]
    public void NextDay_WhenAnyZoneAndTime_IsTheFirstInstantOfALaterDay()
    {
        Law.Holds(dice =>
        {
            var zone = Zone(dice.Of(Zones));
            var at = Time(dice.Of(Moments)).AddMinutes(dice.Int(-3_000, 3_000));

            var next = CallingWindows.NextDay(zone, at);

            Assert.True(CallingWindows.Day(zone, next) > CallingWindows.Day(zone, at), $"{zone.Id} {at:O} → {next:O}");
            Assert.Equal(CallingWindows.Day(zone, at), CallingWindows.Day(zone, next.AddTicks(-1)));
        });
    }

    [Fact]
    public void NextDay_WhenADayIsLeftOut_IsTheOneAfter() =>
        Assert.Equal(Time("2011-12-30T10:00Z"), CallingWindows.NextDay(Zone("Pacific/Apia"), Time("2011-12-30T06:00Z")));

    [Theory]
    [InlineData("Europe/Berlin", "Asia/Kolkata", "Europe/Berlin")]
    [InlineData(" Europe/Berlin ", "Asia/Kolkata", "Europe/Berlin")]
    [InlineData(null, "Asia/Kolkata", "Asia/Kolkata")]
    [InlineData("", "Asia/Kolkata", "Asia/Kolkata")]
    [InlineData("  ", "Asia/Kolkata", "Asia/Kolkata")]
    [InlineData("UTC", "Asia/Kolkata", "UTC")]
    public void ResolveZone_WhenItExists_IsFound(string? contact, string organization, string expected) =>
        Assert.Equal(expected, Assert.IsType<ZoneResult.Found>(CallingWindows.ResolveZone(contact, organization)).Zone.Id);

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("localtime")]
    [InlineData("posixrules")]
    [InlineData("right/Europe/Berlin")]
    [InlineData("Asia/Kolkata\0")]
    [InlineData("+05:30")]
    [InlineData("Asia")]
    [InlineData("zone.tab")]
    public void ResolveZone_WhenItDoesNotExist_IsInvalidAndNeverTheOrganizations(string name) =>
        Assert.Equal(new ZoneResult.Invalid(name), CallingWindows.ResolveZone(name, "Asia/Kolkata"));

    [Fact]
    public void ResolveZone_WhenTheNameIsEndless_IsInvalid() =>
        Assert.IsType<ZoneResult.Invalid>(CallingWindows.ResolveZone(new string('A', 100_000), "Asia/Kolkata"));

    // The definition itself, by the framework's own conversion: the wall clock reads a time of a day on which the window opened.
    private static bool IsOpen(CallingWindow window, TimeZoneInfo zone, DateTimeOffset at)
    {
        var wall = TimeZoneInfo.ConvertTime(at, zone);
        for (var back = 0; back <= 1; back++)
        {
            var opened = wall.DateTime.Date.AddDays(-back);
            var length = window.To > window.From ? window.To - window.From : window.To - window.From + TimeSpan.FromDays(window.To == window.From ? 1 : 0);
            var begin = opened + window.From.ToTimeSpan();
            if ((window.Days.IsEmpty || window.Days.Contains(opened.DayOfWeek)) && wall.DateTime >= begin && wall.DateTime < begin + length)
            {
                return true;
            }
        }

        return false;
    }

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static CallingWindow Window(string text)
    {
        var parts = text.Split('-', ' ');
        return new CallingWindow(TimeOnly.Parse(parts[0], CultureInfo.InvariantCulture), TimeOnly.Parse(parts[1], CultureInfo.InvariantCulture))
        {
            Days = parts.Length > 2 ? [.. parts[2].Split(',').Select(Enum.Parse<DayOfWeek>)] : [],
        };
    }
}
