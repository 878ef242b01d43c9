namespace Campaigns.Domain.Times;

/// <summary>What a word means to somebody who listens for a time.</summary>
internal enum SpokenSense
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A number; fractions are quarters of an hour or of a unit.</summary>
    Number,

    /// <summary>A number that counts days of a month: third, 24th.</summary>
    Ordinal,

    /// <summary>Minutes of a day, as written: 16:30.</summary>
    Clock,

    /// <summary>A written day; the value is its day number.</summary>
    Date,

    /// <summary>Days from today.</summary>
    DayOffset,

    /// <summary>A day of the week.</summary>
    Weekday,

    /// <summary>A month, 1–12.</summary>
    Month,

    /// <summary>A part of a day, see <see cref="DayPart"/>.</summary>
    Part,

    /// <summary>A unit of time; the value is its minutes.</summary>
    Unit,

    /// <summary>0 before noon, 1 after.</summary>
    AmPm,

    /// <summary>Next, agle.</summary>
    Next,

    /// <summary>This, coming, is.</summary>
    This,

    /// <summary>O'clock, baje: the number before is an hour.</summary>
    OClock,

    /// <summary>Past, as in ten past four.</summary>
    Past,

    /// <summary>To, as in ten to four.</summary>
    To,

    /// <summary>Half, saadhe: half an hour more.</summary>
    Half,

    /// <summary>Sava: a quarter more.</summary>
    Quarter,

    /// <summary>Paune: a quarter less.</summary>
    LessQuarter,

    /// <summary>Before, se pehle.</summary>
    Before,

    /// <summary>At, after and the like: an hour may follow.</summary>
    At,

    /// <summary>The same time of day as now.</summary>
    Same,

    /// <summary>No: what stood before, or stands after, is not meant.</summary>
    No,

    /// <summary>Sometime, later, a few: no time that could be kept.</summary>
    Vague,
}

/// <summary>A part of a day: what is meant by it, and until when it lasts, in minutes of the day.</summary>
/// <param name="Usual">What is meant when no hour is said.</param>
/// <param name="End">Its last minute.</param>
/// <param name="Half">Which half of the day its hours lie in.</param>
internal sealed record DayPart(int Usual, int End, DayHalf Half)
{
    internal static readonly DayPart[] All =
    [
        new(10 * 60, 12 * 60, DayHalf.Morning),
        new(12 * 60, (13 * 60) + 30, DayHalf.Midday),
        new(15 * 60, 17 * 60, DayHalf.Midday),
        new(18 * 60, 21 * 60, DayHalf.Evening),
        new(20 * 60, 22 * 60, DayHalf.Night),
        new((14 * 60) + 30, 16 * 60, DayHalf.Midday),
        new(17 * 60, 18 * 60, DayHalf.Evening),
        new((18 * 60) + 30, 20 * 60, DayHalf.Evening),
        new(24 * 60, 24 * 60, DayHalf.Night),
        new(13 * 60, 14 * 60, DayHalf.Midday),
        new((11 * 60) + 30, (12 * 60) + 30, DayHalf.Midday),
    ];
}

/// <summary>How the hours of a part of a day are read.</summary>
internal enum DayHalf
{
    /// <summary>Hours are before noon.</summary>
    Morning,

    /// <summary>Ten and eleven are before noon, all others after.</summary>
    Midday,

    /// <summary>Hours are after noon.</summary>
    Evening,

    /// <summary>Six to eleven are after noon; twelve to five belong to the night that follows.</summary>
    Night,
}
