using System.Runtime.InteropServices;
using SpokenTones;

namespace CarrierSimulator;

/// <summary>
/// The line between a person and the stream, on one clock that counts samples: what was received is heard, what the person says is sent.
/// Guarded by its call's lock.
/// </summary>
internal sealed class PhoneLine : IPhone
{
    private const short Audible = 328;

    /// <summary>Silence that makes an ear give up on what it hears.</summary>
    private const int BreakOffMs = 80;

    /// <summary>After more than this, late audio is a new utterance and no gap.</summary>
    private const int LongestGapMs = 2000;

    private readonly Person _person;
    private readonly ConversationLog _log;
    private readonly MediaWire _wire;
    private readonly MediaOptions _options;
    private readonly IEar _ear;
    private readonly SoundOnset _sent;
    private readonly SoundOnset _received;
    private readonly Mouth _mouth;
    private readonly Playout _playout = new();
    private readonly double _startMs;
    private readonly short[] _chunk;
    private readonly short[] _hearing;
    private readonly List<string> _marks = [];
    private readonly List<(long Due, Action Then)> _timers = [];
    private readonly long _patience;
    private int _inChunk;
    private long _chunks;
    private long _lastSound;
    private long? _speechBegan;
    private long? _dryAt;
    private bool _audioBefore;
    private int _begun;
    private int _agentUtterances;
    private bool _open = true;

    public PhoneLine(Person person, ConversationLog log, MediaWire wire, MediaOptions options, int rate, double startMs, TimeProvider time)
    {
        _person = person;
        _log = log;
        _wire = wire;
        _options = options;
        _startMs = startMs;
        Rate = rate;
        _ear = person.Understands ? new ToneEar(rate, ToneSpeaker.Agent) : new SoundEar(rate);
        (_sent, _received) = (new SoundOnset(time, late: rate / 100), new SoundOnset(time));
        _ear.SpeechStarted += (_, _) => _begun++;
        _mouth = new Mouth(rate);
        _chunk = new short[rate * options.ChunkMilliseconds / 1000];
        _hearing = new short[rate / 50];
        _patience = (long)((person.Patience ?? options.Patience).TotalSeconds * rate);
    }

    public required Action<OutgoingMessage> Send { get; init; }

    /// <summary>Ends the call because the person hung up.</summary>
    public required Action Stop { get; init; }

    public int Rate { get; }

    /// <summary>Samples heard, and sent, since the line was there.</summary>
    public long Position { get; private set; }

    public double NowMs => Ms(Position);

    /// <summary>Samples that were received and not heard yet.</summary>
    public int Waiting => _playout.Waiting;

    public TimeSpan Elapsed => TimeSpan.FromSeconds((double)Position / Rate);

    public bool Speaking => _mouth.Busy;

    public bool AgentSpeaking => _ear.Hearing;

    public void Open() => _person.Answered(this);

    public void Take(ReadOnlySpan<byte> pcm)
    {
        if (_dryAt is { } dry && Position - dry <= Samples(LongestGapMs))
        {
            _log.Add(new GapRecord(Ms(dry), (Position - dry) * 1000.0 / Rate));
        }

        if (_received.At(MemoryMarshal.Cast<byte, short>(pcm)) is { } at)
        {
            _log.SoundReceived(at);
        }

        _dryAt = null;
        _playout.Add(pcm);
    }

    public void Mark(string name)
    {
        _log.MarkReceived(name, NowMs);
        _playout.AddMark(name);
    }

    public void Clear()
    {
        _marks.Clear();
        var dropped = _playout.Clear(_marks);
        double? since = _speechBegan is { } began ? NowMs - Ms(began) : null;
        _log.Add(new ClearRecord(NowMs, since, dropped * 1000.0 / Rate));
        _dryAt = null;
        if (_options.MarksAfterClear == MarksAfterClear.AtOnce)
        {
            ReturnMarks();
        }
    }

    /// <summary>Lets this many samples pass, at most 20 ms.</summary>
    public void Step(int samples)
    {
        Speak(samples);
        if (!_open)
        {
            return;
        }

        Hear(_hearing.AsSpan(0, samples));
        for (var i = 0; i < _timers.Count && _open; i++)
        {
            if (_timers[i].Due <= Position)
            {
                var then = _timers[i].Then;
                _timers.RemoveAt(i--);
                then();
            }
        }

        if (_open && Position - _lastSound >= _patience)
        {
            _lastSound = Position;
            _person.Lost(this);
        }
    }

    /// <summary>What was under way on the line breaks off. Nothing happens on it afterwards.</summary>
    public void HangUp()
    {
        if (!_open)
        {
            return;
        }

        _open = false;
        CutOwnSound();
        _ear.Hear(new short[Samples(BreakOffMs)]);
        foreach (var utterance in _ear.Take())
        {
            Record(utterance);
        }
    }

    void IPhone.Say(string text, int pauseMs) => _mouth.Say(text, pauseMs, Position);

    void IPhone.Beep(int hz, int ms, int pauseMs) => _mouth.Beep(hz, ms, pauseMs, Position);

    void IPhone.FallSilent() => CutOwnSound();

    void IPhone.Press(char digit)
    {
        if (!(char.IsAsciiDigit(digit) || digit is '*' or '#'))
        {
            throw new ArgumentOutOfRangeException(nameof(digit), digit, "A key is 0 to 9, * or #.");
        }

        _log.Add(new DtmfRecord(digit.ToString(), NowMs));
        Send(_wire.Dtmf(digit));
    }

    void IPhone.Noise(double dbfs) => _mouth.Noise(dbfs);

    void IPhone.Record() => _log.Record();

    void IPhone.After(int ms, Action then) => _timers.Add((Position + Samples(ms), then));

    void IPhone.HangUp() => Stop();

    private void Speak(int samples)
    {
        var spoken = 0;
        while (spoken < samples && _open)
        {
            var room = Math.Min(samples - spoken, _chunk.Length - _inChunk);
            var position = Position + spoken;
            var count = _mouth.Take(_chunk.AsSpan(_inChunk, room), position, out var began, out var ended);
            if (began is { Speech: true })
            {
                _speechBegan = position;
            }

            _inChunk += count;
            spoken += count;
            if (_inChunk == _chunk.Length)
            {
                Send(_wire.Media(_chunk, _chunks++ * _options.ChunkMilliseconds));
                if (_sent.At(_chunk) is { } at)
                {
                    _log.SoundSent(at);
                }

                _inChunk = 0;
            }

            if (ended is not null)
            {
                _log.Add(new SaidLine(ended.Name, Ms(_mouth.Began), Ms(position + count), Cut: false));
                _person.Finished(this, ended.Name);
            }
        }

        _lastSound = _mouth.Busy ? Position + samples : _lastSound;
    }

    private void Hear(Span<short> heard)
    {
        _marks.Clear();
        var played = _playout.Play(heard, _marks);
        if (played < heard.Length && (played > 0 || _audioBefore) && _ear.Hearing)
        {
            _dryAt = Position + played;
        }

        _audioBefore = played == heard.Length;

        Position += heard.Length;
        if (played > 0 && heard.ContainsAnyExceptInRange((short)-Audible, Audible))
        {
            _lastSound = Position;
        }

        var audible = _ear.FirstAudibleSample is not null;
        _ear.Hear(heard);
        if (!audible && _ear.FirstAudibleSample is { } first)
        {
            _log.Set(c => c with { FirstAudioMs = Ms(first) });
        }

        ReturnMarks();
        while (_agentUtterances < _begun && _open)
        {
            _person.AgentBegan(this, ++_agentUtterances);
        }

        foreach (var utterance in _ear.Take())
        {
            Record(utterance);
            if (_open)
            {
                _person.AgentSaid(this, utterance);
            }
        }
    }

    private void Record(HeardUtterance utterance) =>
        _log.Add(new HeardLine(utterance.Text, utterance.Complete, Ms(utterance.StartSample), Ms(utterance.EndSample)));

    private void ReturnMarks()
    {
        foreach (var name in _marks)
        {
            _log.MarkReturned(name, NowMs);
            Send(_wire.Mark(name));
        }

        _marks.Clear();
    }

    private void CutOwnSound()
    {
        if (_mouth.Current is { } sound)
        {
            _log.Add(new SaidLine(sound.Name, Ms(_mouth.Began), NowMs, Cut: true));
        }

        _mouth.Stop();
    }

    private double Ms(long sample) => _startMs + (sample * 1000.0 / Rate);

    private long Samples(int ms) => (long)Rate * ms / 1000;
}
