using SpokenTones;

namespace LiveModelSimulator;

/// <summary>Hears a person in 16-bit mono PCM of one rate.</summary>
internal interface IEar
{
    /// <summary>Raised within <see cref="Hear"/> soon after speech began, with the sample it began at.</summary>
    event EventHandler<SpeechStartedEventArgs>? SpeechStarted;

    /// <summary>True while somebody speaks.</summary>
    bool Hearing { get; }

    long Samples { get; }

    void Hear(ReadOnlySpan<short> pcm);

    /// <summary>The utterances that ended since the last call.</summary>
    IReadOnlyList<HeardUtterance> Take();
}

/// <summary>Understands what is said.</summary>
internal sealed class DecodingEar : IEar
{
    private readonly ToneEar _ear;

    public DecodingEar(int rate)
    {
        _ear = new ToneEar(rate, ToneSpeaker.Person);
        _ear.SpeechStarted += (_, started) => SpeechStarted?.Invoke(this, started);
    }

    public event EventHandler<SpeechStartedEventArgs>? SpeechStarted;

    public bool Hearing => _ear.Hearing;

    public long Samples => _ear.Samples;

    public void Hear(ReadOnlySpan<short> pcm) => _ear.Hear(pcm);

    public IReadOnlyList<HeardUtterance> Take() => _ear.Take();
}
