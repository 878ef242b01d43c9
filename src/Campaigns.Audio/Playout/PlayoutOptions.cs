namespace Campaigns.Audio;

/// <summary>How a <see cref="PlayoutBuffer"/> feeds the carrier.</summary>
public sealed class PlayoutOptions
{
    /// <summary>Chunks are multiples of this many bytes; a ragged one costs a carrier 20 ms.</summary>
    public const int ByteGrain = 320;

    /// <summary>Rate of the carrier's stream in Hz. Default 8000.</summary>
    public int SampleRate { get; init; } = 8000;

    /// <summary>Bytes of a full chunk, a multiple of 320. Default 1600: 100 ms at 8 kHz. Raise it if the carrier stutters on small ones.</summary>
    public int ChunkBytes { get; init; } = 1600;

    /// <summary>
    /// How much unplayed audio the carrier may hold, at least one chunk. Default 200 ms. More survives longer stalls of this process;
    /// less leaves less to a carrier that is slow to obey a clear.
    /// </summary>
    public TimeSpan Lead { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How much must have come before an utterance begins. Default 100 ms. More delays every answer by as much on a slow model.</summary>
    public TimeSpan Prebuffer { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>By how much the prebuffer grows with each underrun. Default 50 ms.</summary>
    public TimeSpan PrebufferGrowth { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What the prebuffer grows to at most. Default 400 ms.</summary>
    public TimeSpan MaxPrebuffer { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>By how much the prebuffer shrinks, towards <see cref="Prebuffer"/>, with each <see cref="CalmPeriod"/>. Default 10 ms.</summary>
    public TimeSpan PrebufferDecay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How much audio must go out without an underrun before the prebuffer shrinks. Default 10 s.</summary>
    public TimeSpan CalmPeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long audio is held back for the prebuffer to fill, at the most. Default 500 ms: then it plays, though little has come.</summary>
    public TimeSpan PrebufferPatience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How much audio may wait here. Default 2 minutes; what exceeds it is refused.</summary>
    public TimeSpan MaxBuffered { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Every error, each naming its property; none when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        void Check(bool valid, string name, string rule)
        {
            if (!valid)
            {
                errors.Add($"{nameof(PlayoutOptions)}.{name} {rule}.");
            }
        }

        Check(SampleRate is >= 8000 and <= 48000, nameof(SampleRate), "must be between 8000 and 48000 Hz");
        Check(ChunkBytes > 0 && ChunkBytes % ByteGrain == 0, nameof(ChunkBytes), $"must be a multiple of {ByteGrain}");
        Check(Lead.TotalSeconds * SampleRate * 2 >= ChunkBytes, nameof(Lead), "must be at least the length of a chunk");
        Check(Lead <= TimeSpan.FromSeconds(10), nameof(Lead), "must be at most 10 s");
        Check(Prebuffer >= TimeSpan.Zero, nameof(Prebuffer), "must not be negative");
        Check(PrebufferGrowth >= TimeSpan.Zero, nameof(PrebufferGrowth), "must not be negative");
        Check(MaxPrebuffer >= Prebuffer, nameof(MaxPrebuffer), "must be at least the prebuffer");
        Check(PrebufferDecay >= TimeSpan.Zero, nameof(PrebufferDecay), "must not be negative");
        Check(CalmPeriod > TimeSpan.Zero, nameof(CalmPeriod), "must be positive");
        Check(PrebufferPatience >= TimeSpan.Zero, nameof(PrebufferPatience), "must not be negative");
        Check(MaxBuffered > MaxPrebuffer, nameof(MaxBuffered), "must be more than the largest prebuffer");
        Check(MaxBuffered.TotalSeconds * SampleRate * 2 >= ChunkBytes, nameof(MaxBuffered), "must be at least the length of a chunk");
        Check(MaxBuffered <= TimeSpan.FromMinutes(30), nameof(MaxBuffered), "must be at most 30 minutes");
        return errors;
    }
}
