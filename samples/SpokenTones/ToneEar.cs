using System.Text;

namespace SpokenTones;

/// <summary>
/// Hears one speaker's tone codes in a stream of 16-bit mono PCM, however it is cut into chunks, and ignores every other sound. Not
/// for several threads at once. Each <see cref="SpeechStarted"/> is followed by one utterance, empty if it broke off in its opening.
/// </summary>
/// <param name="sampleRate">8000, 16000 or 24000 Hz.</param>
/// <param name="listensTo">Whose voice it hears.</param>
public sealed class ToneEar(int sampleRate, ToneSpeaker listensTo) : IEar
{
    /// <summary>Samples beyond ±this are audible: 1 % of full scale.</summary>
    private const short Audible = 328;

    private readonly ToneAnalyzer _analyzer = Analyzer(sampleRate, listensTo);
    private readonly int _symbol = sampleRate * ToneCode.SymbolMs / 1000;
    private readonly StringBuilder _text = new();
    private readonly int[] _checksum = new int[2];
    private List<HeardUtterance> _heard = [];
    private Phase _phase;
    private int _openings;
    private bool _armed = true;
    private int _hopsInOpening;
    private float _reference;
    private (float First, float Second) _last;
    private long _start;
    private double _origin;
    private int _index;
    private int _closed = -1;

    private enum Phase
    {
        Idle,
        Opening,
        Text,
    }

    /// <summary>Raised within <see cref="Hear"/> about 35 ms after somebody began to speak.</summary>
    public event EventHandler<SpeechStartedEventArgs>? SpeechStarted;

    /// <summary>Samples heard so far.</summary>
    public long Samples { get; private set; }

    /// <summary>The first sample above 1 % of full scale, of whatever sound; null until there is one.</summary>
    public long? FirstAudibleSample { get; private set; }

    /// <summary>True from <see cref="SpeechStarted"/> to the end of the utterance.</summary>
    public bool Hearing => _phase != Phase.Idle;

    /// <summary>What was heard so far of the utterance under way.</summary>
    public string Partial => Hearing ? _text.ToString() : "";

    /// <summary>Takes the next samples.</summary>
    public void Hear(ReadOnlySpan<short> pcm)
    {
        if (FirstAudibleSample is null && pcm.IndexOfAnyExceptInRange((short)-Audible, Audible) is >= 0 and var at)
        {
            FirstAudibleSample = Samples + at;
        }

        while (!pcm.IsEmpty)
        {
            var piece = pcm[..Math.Min(pcm.Length, _analyzer.Missing)];
            Samples += piece.Length;
            if (_analyzer.Add(piece))
            {
                Step();
            }

            pcm = pcm[piece.Length..];
        }
    }

    /// <summary>The utterances that ended since the last call, in order.</summary>
    public IReadOnlyList<HeardUtterance> Take()
    {
        if (_heard.Count == 0)
        {
            return [];
        }

        var heard = _heard;
        _heard = [];
        return heard;
    }

    private static ToneAnalyzer Analyzer(int sampleRate, ToneSpeaker listensTo)
    {
        ToneCode.CheckRate(sampleRate);
        return new ToneAnalyzer(sampleRate, listensTo);
    }

    private void Step()
    {
        var symbol = ToneSymbol.Read(_analyzer.Powers);
        var opening = symbol.Is(ToneCode.Opening);
        _armed |= !opening;
        _openings = opening ? _openings + 1 : 0;
        if (_phase == Phase.Opening)
        {
            FindBoundary(symbol);
        }
        else if (_openings == 2 && _armed)
        {
            // Also in the middle of a text: the speaker broke off and began anew.
            Finish(complete: false);
            Begin(symbol);
        }
        else if (_phase == Phase.Text)
        {
            ReadText(symbol);
        }
    }

    private void Begin(ToneSymbol symbol)
    {
        _phase = Phase.Opening;
        _start = Math.Max(0, Samples - _analyzer.Window);
        _reference = symbol.Power;
        _hopsInOpening = 0;
        _last = Amplitudes();
        _text.Clear();
        _closed = -1;
        SpeechStarted?.Invoke(this, new SpeechStartedEventArgs(_start));
    }

    /// <summary>
    /// The window's centre passes from the first opening mark to the second where both are equally loud: that fixes the symbols' clock.
    /// </summary>
    private void FindBoundary(ToneSymbol symbol)
    {
        var now = Amplitudes();
        _reference = Math.Max(_reference, symbol.Power);
        if ((now.First * now.First) + (now.Second * now.Second) < 0.2f * _reference || ++_hopsInOpening > 16)
        {
            _armed = false;
            Finish(complete: false);
            return;
        }

        if (now.Second >= now.First)
        {
            var before = _last.First - _last.Second;
            var after = now.Second - now.First;
            var crossing = Samples - (_analyzer.Hop * after / Math.Max(before + after, 1));
            _origin = crossing - (_analyzer.Window / 2.0);
            _start = Math.Max(0, (long)_origin - _symbol);
            _index = 0;
            _phase = Phase.Text;
        }

        _last = now;
    }

    /// <summary>Symbol 0 is the second opening mark. A symbol is read in the window nearest to its middle.</summary>
    private void ReadText(ToneSymbol symbol)
    {
        var due = _origin + ((_index + 0.5) * _symbol) + (_analyzer.Window / 2.0);
        if (Samples < due - (_analyzer.Hop / 2.0))
        {
            return;
        }

        if (_index++ == 0)
        {
            _reference = symbol.Power;
            if (!symbol.Is(ToneCode.Opening2))
            {
                Finish(complete: false);
            }
        }
        else if (symbol.Power < 0.4f * _reference)
        {
            Finish(complete: false);
        }
        else if (_closed >= 0)
        {
            _checksum[_closed++] = symbol.Datum;
            if (_closed == _checksum.Length)
            {
                var readable = _checksum[0] >= 0 && _checksum[1] >= 0;
                Finish(readable && (_checksum[0] * 100) + _checksum[1] == ToneCode.Checksum(_text.ToString()));
            }
        }
        else if (symbol.Is(ToneCode.Closing))
        {
            _closed = 0;
        }
        else if (_text.Length == ToneCode.MaxText)
        {
            Finish(complete: false);
        }
        else
        {
            _text.Append(symbol.Datum is >= 0 and < 95 and var datum ? (char)(' ' + datum) : '\uFFFD');
        }
    }

    private void Finish(bool complete)
    {
        if (_phase == Phase.Idle)
        {
            return;
        }

        // What nobody could read at the end of a broken text is where it broke.
        var text = _text.ToString();
        text = complete ? text : text.TrimEnd('\uFFFD');
        var symbols = 1 + text.Length + (_closed >= 0 ? 1 + _closed : 0);
        var end = _phase == Phase.Text ? Math.Min(Samples, (long)_origin + (symbols * _symbol)) : Samples;
        _phase = Phase.Idle;
        _heard.Add(new HeardUtterance(text, complete, _start, end));
    }

    private (float First, float Second) Amplitudes()
    {
        var powers = _analyzer.Powers;
        return (Pair(ToneCode.Opening), Pair(ToneCode.Opening2));

        float Pair((int First, int Second) mark) => MathF.Sqrt(powers[mark.First] + powers[mark.Second]);
    }
}
