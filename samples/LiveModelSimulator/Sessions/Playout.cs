namespace LiveModelSimulator;

/// <summary>The clock of a client that plays at once and in real time: what of the audio sent has been heard.</summary>
internal sealed class Playout
{
    /// <summary>All audio sent.</summary>
    public double SentMs { get; private set; }

    /// <summary>When the audio sent so far will have played, on the caller's clock.</summary>
    public TimeSpan End { get; private set; }

    public void Add(TimeSpan now, double ms)
    {
        SentMs += ms;
        End = (End > now ? End : now) + TimeSpan.FromMilliseconds(ms);
    }

    public double PlayedMs(TimeSpan now) => SentMs - Math.Max(0, (End - now).TotalMilliseconds);
}
