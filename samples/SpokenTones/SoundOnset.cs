namespace SpokenTones;

/// <summary>Tells when messages of audio break a silence, by the clock: whatever is sent faster than real time counts as one sound.</summary>
/// <param name="time">The clock.</param>
/// <param name="late">Samples by which a sound may be late where it comes: one that begins later in a message belongs to the next.</param>
public sealed class SoundOnset(TimeProvider time, int late = 0)
{
    private const short Audible = 328;
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private bool _begun;

    /// <summary>Takes the next message.</summary>
    /// <param name="pcm">All of its samples.</param>
    /// <returns>The present if it holds the first sound above 1 % of full scale for 300 ms, else null.</returns>
    public DateTimeOffset? At(ReadOnlySpan<short> pcm)
    {
        var end = Math.Max(0, pcm.Length - late);
        var audible = _begun || IsAudible(pcm[..end]);
        _begun = IsAudible(pcm[end..]);
        if (!audible)
        {
            return null;
        }

        var (now, before) = (time.GetUtcNow(), _last);
        _last = now;
        return now - before >= Silence ? now : null;
    }

    private static bool IsAudible(ReadOnlySpan<short> pcm) => pcm.ContainsAnyExceptInRange((short)-Audible, Audible);
}
