namespace SpokenTones;

/// <summary>Hears somebody in a stream of 16-bit mono PCM of one rate, however it is cut into chunks. Not for several threads at once.</summary>
public interface IEar
{
    /// <summary>Raised within <see cref="Hear"/> soon after somebody began to speak.</summary>
    event EventHandler<SpeechStartedEventArgs>? SpeechStarted;

    /// <summary>True while an utterance is heard.</summary>
    bool Hearing { get; }

    /// <summary>Samples heard so far.</summary>
    long Samples { get; }

    /// <summary>The first sample above 1 % of full scale, of whatever sound; null until there is one.</summary>
    long? FirstAudibleSample { get; }

    /// <summary>Takes the next samples.</summary>
    void Hear(ReadOnlySpan<short> pcm);

    /// <summary>The utterances that ended since the last call, in order.</summary>
    IReadOnlyList<HeardUtterance> Take();
}
