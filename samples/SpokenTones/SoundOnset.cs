namespace SpokenTones;

/// <summary>Tells when messages of audio break a silence, by the clock: whatever is sent faster than real time counts as one sound.</summary>
/// <param name="time">The clock.</param>
public sealed class SoundOnset(TimeProvider time)
{
    private const short Audible = 328;
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>Takes the next message.</summary>
    /// <param name="pcm">All of its samples.</param>
    /// <returns>The present if it holds the first sound above 1 % of full scale for 300 ms, else null.</returns>
    public DateTimeOffset? At(ReadOnlySpan<short> pcm)
    {
        if (!pcm.ContainsAnyExceptInRange((short)-Audible, Audible))
        {
            return null;
        }

        var (now, before) = (time.GetUtcNow(), _last);
        _last = now;
        return now - before >= Silence ? now : null;
    }
}
