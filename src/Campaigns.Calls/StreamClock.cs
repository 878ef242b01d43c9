namespace Campaigns.Calls;

/// <summary>
/// Tells when the person's sound was made. A carrier sends it in real time, so a sample's place in the stream says more than the moment at which
/// it came: what a stalled network or machine holds back comes late, all at once, and belongs where it would have been. Sound that comes late
/// and goes on being late follows a gap of the carrier's, which may send nothing while nobody speaks: then the clock moves on. It is never
/// ahead of what has come. Times count from the beginning of the stream.
/// </summary>
/// <param name="rate">Samples per second.</param>
internal sealed class StreamClock(int rate)
{
    // Networks delay by less; a shorter gap moves nothing.
    private static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(250);

    // Sound that was held back catches up, which takes less than this or makes it less late.
    private static readonly TimeSpan CatchesUp = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Steady = TimeSpan.FromMilliseconds(100);

    // Longer than chunks are apart: no sound for this long is silence, or a stall that nobody can tell from it.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private long position;
    private TimeSpan? offset;
    private TimeSpan arrived;
    private TimeSpan? lateSince;
    private TimeSpan lateAtFirst;
    private TimeSpan leastLate;

    /// <summary>When the newest sample was made.</summary>
    internal TimeSpan Heard { get; private set; }

    /// <summary>Up to when the person has been listened to: by the stream while it flows, else by the clock on the wall.</summary>
    /// <param name="now">The time now.</param>
    internal TimeSpan Listened(TimeSpan now) => now - arrived < LongestWait ? Heard : now;

    /// <summary>Takes note of a chunk.</summary>
    /// <param name="samples">How long it is.</param>
    /// <param name="now">When it came.</param>
    /// <returns><see cref="Heard"/>.</returns>
    internal TimeSpan Take(int samples, TimeSpan now)
    {
        position += samples;
        arrived = now;
        var length = TimeSpan.FromTicks(position * TimeSpan.TicksPerSecond / rate);
        offset = Follow(now - length);
        Heard = offset.Value + length;
        return Heard;
    }

    // Where the stream began if this chunk came without delay; the earliest is the best guess.
    private TimeSpan Follow(TimeSpan undelayed)
    {
        if (offset is not { } known || undelayed <= known + Jitter)
        {
            lateSince = null;
            return offset is { } earliest && earliest < undelayed ? earliest : undelayed;
        }

        if (lateSince is null || lateAtFirst - undelayed > Steady)
        {
            (lateSince, lateAtFirst, leastLate) = (arrived, undelayed, undelayed);
            return known;
        }

        leastLate = leastLate < undelayed ? leastLate : undelayed;
        if (arrived - lateSince < CatchesUp)
        {
            return known;
        }

        lateSince = null;
        return leastLate;
    }
}
