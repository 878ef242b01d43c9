using SpokenTones;

namespace LiveModelSimulator;

/// <summary>Who wants to know what is heard.</summary>
internal interface ISpeechSink
{
    /// <summary>The person's turn begins.</summary>
    void SpeechStarted();

    /// <summary>One utterance of it, with its place on the audio clock in milliseconds.</summary>
    void SpeechHeard(HeardUtterance utterance, double startMs, double endMs);

    /// <summary>The person's turn is over.</summary>
    void SpeechEnded();
}

/// <summary>
/// Voice activity detection. The person's turn begins once speech has lasted as long as the setup's prefix padding, and ends with its
/// silence duration, both counted in audio received. With manual activity the client's marks take the place of both, and audio
/// outside them is not heard.
/// </summary>
internal sealed class Listener(SessionSetup setup, bool cheap, ISpeechSink sink)
{
    private static readonly short[] s_silence = new short[24_000 / 4];

    private IEar? _ear;
    private int _rate;
    private double _before;
    private double? _startMs;
    private bool _committed;
    private bool _open;
    private int _utterances;
    private double _endMs;

    /// <summary>Audio received so far.</summary>
    public double Ms { get; private set; }

    public void Hear(ReadOnlySpan<short> pcm, int rate)
    {
        Ms += pcm.Length * 1000.0 / rate;
        if (setup.ManualActivity && !_open)
        {
            return;
        }

        Listen(pcm, rate);
        if (!setup.ManualActivity)
        {
            EndAfter(setup.Silence);
        }
    }

    /// <summary>The client will send no audio for a while: what was said until now is all.</summary>
    public void StreamEnded()
    {
        Flush();
        EndAfter(TimeSpan.Zero);
    }

    public void ActivityStarted()
    {
        _open = true;
        _ear = null;
        Commit();
    }

    public void ActivityEnded()
    {
        Flush();
        _open = false;
        End();
    }

    private void Listen(ReadOnlySpan<short> pcm, int rate)
    {
        if (_ear is null || rate != _rate)
        {
            _ear = cheap ? new SoundEar(rate) : new ToneEar(rate, ToneSpeaker.Person);
            _rate = rate;
            _before = Ms - (pcm.Length * 1000.0 / rate);
            _ear.SpeechStarted += (_, started) => _startMs ??= ToMs(started.Sample);
        }

        _ear.Hear(pcm);
        var heard = _ear.Take();
        if (_startMs is { } start && !_committed && (heard.Count > 0 || Ms - start >= setup.Padding.TotalMilliseconds))
        {
            Commit();
        }

        foreach (var utterance in heard)
        {
            _utterances++;
            _endMs = ToMs(utterance.EndSample);
            sink.SpeechHeard(utterance, ToMs(utterance.StartSample), _endMs);
        }
    }

    /// <summary>An ear tells the end of an utterance that broke off by the silence after it.</summary>
    private void Flush()
    {
        if (_ear is not null)
        {
            Listen(s_silence.AsSpan(0, _rate / 4), _rate);
        }
    }

    private void Commit()
    {
        _committed = true;
        sink.SpeechStarted();
    }

    private void EndAfter(TimeSpan silence)
    {
        if (_utterances > 0 && _ear is { Hearing: false } && Ms - _endMs >= silence.TotalMilliseconds)
        {
            End();
        }
    }

    private void End()
    {
        _startMs = null;
        _committed = false;
        _utterances = 0;
        sink.SpeechEnded();
    }

    private double ToMs(long sample) => _before + (sample * 1000.0 / _rate);
}
