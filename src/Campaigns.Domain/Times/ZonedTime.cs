namespace Campaigns.Domain.Times;

/// <summary>Instants of a wall clock.</summary>
internal static class ZonedTime
{
    /// <summary>
    /// The instant at which the clock reads <paramref name="wall"/>. A reading that a clock change leaves out is the first after it; one that
    /// comes twice is the first of the two that lies after <paramref name="now"/>.
    /// </summary>
    internal static DateTimeOffset At(DateTime wall, TimeZoneInfo zone, DateTimeOffset now)
    {
        while (zone.IsInvalidTime(wall))
        {
            // Changes come at whole minutes, and skip a day at most.
            wall = wall.AddMinutes(1);
        }

        if (!zone.IsAmbiguousTime(wall))
        {
            return new DateTimeOffset(wall, zone.GetUtcOffset(wall));
        }

        var instants = zone.GetAmbiguousTimeOffsets(wall).Select(o => new DateTimeOffset(wall, o)).Order().ToArray();
        return instants.FirstOrDefault(i => i > now, instants[^1]);
    }
}
