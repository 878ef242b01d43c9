namespace Campaigns.Audio;

/// <summary>Finds where a sound begins: a model's audio starts with about 100 ms of silence, which is not yet an answer.</summary>
/// <param name="thresholdDbfs">Samples of this size or more are heard; −50 dBFS unless told.</param>
public sealed class FirstAudible(double thresholdDbfs = FirstAudible.DefaultDbfs)
{
    private const double DefaultDbfs = -50;
    private readonly short _quiet = QuietBelow(thresholdDbfs);
    private long _passed;

    /// <summary>Index of the first audible sample since the beginning or the last <see cref="Reset"/>; null while there was none.</summary>
    public long? Position { get; private set; }

    /// <summary>Index of the first audible sample, or −1.</summary>
    /// <param name="samples">16-bit samples.</param>
    /// <param name="thresholdDbfs">Samples of this size or more are heard.</param>
    public static int IndexOf(ReadOnlySpan<short> samples, double thresholdDbfs = DefaultDbfs)
        => Find(samples, QuietBelow(thresholdDbfs));

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Any number of them.</param>
    /// <returns>Whether a sound has begun by now.</returns>
    public bool Process(ReadOnlySpan<short> samples)
    {
        if (Position is null && Find(samples, _quiet) is >= 0 and var at)
        {
            Position = _passed + at;
        }

        _passed += samples.Length;
        return Position is not null;
    }

    /// <summary>Begins anew, at index 0.</summary>
    public void Reset() => (Position, _passed) = (null, 0);

    private static int Find(ReadOnlySpan<short> samples, short quiet) => samples.IndexOfAnyExceptInRange((short)-quiet, quiet);

    private static short QuietBelow(double dbfs) => (short)Math.Clamp(Math.Ceiling(32768 * Math.Pow(10, dbfs / 20)) - 1, 0, short.MaxValue - 1);
}
