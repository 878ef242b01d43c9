namespace Campaigns.Audio;

/// <summary>Measures a stream in frames of 20 ms, however it is cut into chunks. Allocates nothing.</summary>
/// <param name="sampleRate">In Hz.</param>
public sealed class LevelMeter(int sampleRate)
{
    private long _sum;
    private int _peak;
    private int _count;

    /// <summary>Samples of a frame.</summary>
    public int FrameSamples { get; } = sampleRate / 50;

    /// <summary>The last complete frame; silence before the first.</summary>
    public AudioLevel Last { get; private set; } = new(AudioLevel.Silence, AudioLevel.Silence);

    /// <summary>Room that <see cref="Process"/> needs at most for so many samples.</summary>
    /// <param name="samples">Length of one chunk.</param>
    public int MaxFrames(int samples) => (samples / FrameSamples) + 1;

    /// <summary>Takes the samples and writes the level of every frame that is complete with them.</summary>
    /// <param name="samples">The next ones, any number.</param>
    /// <param name="frames">Room for <see cref="MaxFrames"/>; empty when only <see cref="Last"/> is wanted.</param>
    /// <returns>Frames completed.</returns>
    public int Process(ReadOnlySpan<short> samples, Span<AudioLevel> frames)
    {
        var completed = 0;
        while (!samples.IsEmpty)
        {
            var taken = samples[..Math.Min(samples.Length, FrameSamples - _count)];
            samples = samples[taken.Length..];
            var (sum, peak) = AudioLevel.Sum(taken);
            (_sum, _peak) = (_sum + sum, Math.Max(_peak, peak));
            _count += taken.Length;
            if (_count == FrameSamples)
            {
                Last = AudioLevel.From(_sum, _peak, _count);
                (_sum, _peak, _count) = (0, 0, 0);
                if (!frames.IsEmpty)
                {
                    frames[completed] = Last;
                }

                completed++;
            }
        }

        return completed;
    }
}
