namespace Campaigns.Audio;

/// <summary>How a <see cref="WavRecorder"/> buffers. A call takes about three seconds of stereo memory, and as much as its disk is behind.</summary>
public sealed class RecordingOptions
{
    /// <summary>Rate of both channels in Hz. Default 8000.</summary>
    public int SampleRate { get; init; } = 8000;

    /// <summary>How much is written at a time, after which the file is complete so far. Default 1 s. Less loses less to a crash.</summary>
    public TimeSpan Block { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How late audio may be delivered for its place. Default 500 ms. What is later is left out.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How far ahead of the person's audio the agent's may be placed. Default 2 s: more than any lead of the playout.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many blocks may wait for the disk. Default 16. What exceeds them is silence in the file, in its right length.</summary>
    public int QueuedBlocks { get; init; } = 16;

    /// <summary>Every error, each naming its property; none when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        void Check(bool valid, string name, string rule)
        {
            if (!valid)
            {
                errors.Add($"{nameof(RecordingOptions)}.{name} {rule}.");
            }
        }

        var minute = TimeSpan.FromMinutes(1);
        Check(SampleRate is >= 8000 and <= 48000, nameof(SampleRate), "must be between 8000 and 48000 Hz");
        Check(Block >= TimeSpan.FromMilliseconds(10) && Block <= minute, nameof(Block), "must be between 10 ms and 1 minute");
        Check(Settle >= TimeSpan.Zero && Settle <= minute, nameof(Settle), "must be between 0 and 1 minute");
        Check(Ahead > TimeSpan.Zero && Ahead <= minute, nameof(Ahead), "must be positive and at most 1 minute");
        Check(QueuedBlocks is >= 1 and <= 1000, nameof(QueuedBlocks), "must be between 1 and 1000");
        return errors;
    }
}
