namespace SpokenTones;

/// <summary>What an ear made of one utterance. Positions count samples from the first one the ear heard.</summary>
/// <param name="Text">What was said, or as much of it as was heard; a symbol nobody can read is U+FFFD.</param>
/// <param name="Complete">True if the end marker was heard and its checksum fits.</param>
/// <param name="StartSample">Where the utterance begins, to about 2 ms.</param>
/// <param name="EndSample">Where it ends; if it was cut off, the end of the last symbol that was heard.</param>
public sealed record HeardUtterance(string Text, bool Complete, long StartSample, long EndSample);

/// <summary>Somebody began to speak.</summary>
public sealed class SpeechStartedEventArgs(long sample) : EventArgs
{
    /// <summary>Where the speech begins, to about 10 ms.</summary>
    public long Sample { get; } = sample;
}
