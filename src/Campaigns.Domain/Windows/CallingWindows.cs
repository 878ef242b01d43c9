using System.Collections.Frozen;

namespace Campaigns.Domain.Windows;

/// <summary>When a person may be called, by the clock on their wall.</summary>
public static class CallingWindows
{
    private const int LongestZoneName = 64;

    // Files beside the zones that are not IANA zones of a person: the host's own zone, and clocks that count leap seconds.
    private static readonly FrozenSet<string> NoZones =
        new[] { "localtime", "local", "posixrules", "factory" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The first instant at or after <paramref name="at"/> at which the window is open; <paramref name="at"/> itself when it is open then,
    /// or when there is no window. An hour that a clock change leaves out is not open; an hour that comes twice is open twice.
    /// </summary>
    /// <param name="window">The window, or null for any time.</param>
    /// <param name="zone">The person's zone.</param>
    /// <param name="at">The earliest instant of interest.</param>
    /// <returns><paramref name="at"/> as it is, or a later instant in UTC.</returns>
    public static DateTimeOffset NextOpening(CallingWindow? window, TimeZoneInfo zone, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (window is null || WallClock.IsOpen(window, WallClock.At(zone, at)))
        {
            return at;
        }

        // The wall clock reads every opening of a week at least once in a fortnight, whatever its changes leave out.
        return WallClock.First(zone, at, at.AddDays(15), (from, until) => WallClock.FirstOpen(window, from, until))
            ?? throw new ArgumentException("The window never opens.", nameof(window));
    }

    /// <summary>Whether the window is open.</summary>
    /// <param name="window">The window, or null for any time.</param>
    /// <param name="zone">The person's zone.</param>
    /// <param name="at">When.</param>
    public static bool IsOpen(CallingWindow? window, TimeZoneInfo zone, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return window is null || WallClock.IsOpen(window, WallClock.At(zone, at));
    }

    /// <summary>The first instant of the person's next calendar day, in UTC: midnight, unless a clock change leaves it out.</summary>
    /// <param name="zone">The person's zone.</param>
    /// <param name="at">An instant of the present day.</param>
    public static DateTimeOffset NextDay(TimeZoneInfo zone, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var midnight = WallClock.At(zone, at).Date.AddDays(1);
        return WallClock.First(
            zone, at, at.AddDays(3), (from, until) => from >= midnight ? from : midnight < until ? midnight : null)!.Value;
    }

    /// <summary>The person's calendar day.</summary>
    /// <param name="zone">The person's zone.</param>
    /// <param name="at">When.</param>
    public static DateOnly Day(TimeZoneInfo zone, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return DateOnly.FromDateTime(WallClock.At(zone, at));
    }

    /// <summary>The clock to go by: the contact's where it is known, otherwise the organization's.</summary>
    /// <param name="contactZone">IANA name (<c>Asia/Kolkata</c>); null or blank when it is not known.</param>
    /// <param name="organizationZone">IANA name.</param>
    public static ZoneResult ResolveZone(string? contactZone, string organizationZone)
    {
        var name = string.IsNullOrWhiteSpace(contactZone) ? organizationZone : contactZone.Trim();
        return IsName(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? new ZoneResult.Found(zone)
            : new ZoneResult.Invalid(name ?? "");
    }

    // Names are looked up as files: only what can be an IANA name gets that far.
    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= LongestZoneName }
        && char.IsAsciiLetter(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '/')
        && !NoZones.Contains(name)
        && !name.StartsWith("right/", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("posix/", StringComparison.OrdinalIgnoreCase);
}
