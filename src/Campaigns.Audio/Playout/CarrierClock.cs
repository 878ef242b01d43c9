namespace Campaigns.Audio;

/// <summary>
/// When the carrier plays what it was sent: a chunk begins when the previous one ends or when it arrives, whichever is later. Times are
/// counted from the beginning of a stretch without gaps, in samples, so that no rounding adds up.
/// </summary>
internal sealed class CarrierClock(int sampleRate)
{
    private TimeSpan _began;
    private long _sent;

    /// <summary>When all that was sent has been played.</summary>
    public TimeSpan DryAt => TimeOf(_sent);

    /// <summary>Length of so many samples, rounded up to a tick.</summary>
    public TimeSpan LengthOf(long samples) => new(((samples * TimeSpan.TicksPerSecond) + sampleRate - 1) / sampleRate);

    /// <summary>When this position of the stretch is played.</summary>
    public TimeSpan TimeOf(long position) => _began + LengthOf(position);

    /// <summary>How far into the stretch the carrier has come.</summary>
    public long PositionAt(TimeSpan now) => Math.Clamp((now - _began).Ticks * sampleRate / TimeSpan.TicksPerSecond, 0, _sent);

    /// <returns>The position in the stretch at which the samples begin.</returns>
    public long Send(TimeSpan now, int samples)
    {
        if (now >= DryAt)
        {
            Clear(now);
        }

        var begins = _sent;
        _sent += samples;
        return begins;
    }

    /// <summary>The carrier has dropped all that it held.</summary>
    public void Clear(TimeSpan now) => (_began, _sent) = (now, 0);
}
