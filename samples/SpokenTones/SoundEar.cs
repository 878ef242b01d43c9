namespace SpokenTones;

/// <summary>Hears that there is sound and not what it says, looking at every eighth sample only: for load benches.</summary>
/// <param name="rate">Samples per second.</param>
public sealed class SoundEar(int rate) : IEar
{
    /// <summary>What every utterance is said to be.</summary>
    public const string Words = "(sound)";

    private const int Stride = 8;
    private const short Audible = 328;

    /// <summary>Mean amplitude of a block that is sound: about -40 dBFS.</summary>
    private const int Loud = 300;

    private readonly int _block = rate / 50;
    private readonly int _pause = rate / 5;
    private List<HeardUtterance> _heard = [];
    private long _sum;
    private int _inBlock;
    private int _loudBlocks;
    private long _start;
    private long _lastLoud;

    /// <inheritdoc/>
    public event EventHandler<SpeechStartedEventArgs>? SpeechStarted;

    /// <inheritdoc/>
    public bool Hearing { get; private set; }

    /// <inheritdoc/>
    public long Samples { get; private set; }

    /// <inheritdoc/>
    public long? FirstAudibleSample { get; private set; }

    /// <inheritdoc/>
    public void Hear(ReadOnlySpan<short> pcm)
    {
        if (FirstAudibleSample is null && pcm.IndexOfAnyExceptInRange((short)-Audible, Audible) is >= 0 and var first)
        {
            FirstAudibleSample = Samples + first;
        }

        while (!pcm.IsEmpty)
        {
            var piece = pcm[..Math.Min(pcm.Length, _block - _inBlock)];
            for (var i = 0; i < piece.Length; i += Stride)
            {
                _sum += Math.Abs((int)piece[i]);
            }

            Samples += piece.Length;
            _inBlock += piece.Length;
            if (_inBlock == _block)
            {
                Step(_sum * Stride / _block > Loud);
                (_sum, _inBlock) = (0, 0);
            }

            pcm = pcm[piece.Length..];
        }
    }

    /// <inheritdoc/>
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

    /// <summary>Two loud blocks begin an utterance, 200 ms without one end it.</summary>
    private void Step(bool loud)
    {
        _loudBlocks = loud ? _loudBlocks + 1 : 0;
        _lastLoud = loud ? Samples : _lastLoud;
        if (!Hearing && _loudBlocks == 2)
        {
            Hearing = true;
            _start = Samples - (2 * _block);
            SpeechStarted?.Invoke(this, new SpeechStartedEventArgs(_start));
        }
        else if (Hearing && Samples - _lastLoud >= _pause)
        {
            Hearing = false;
            _heard.Add(new HeardUtterance(Words, Complete: true, _start, _lastLoud));
        }
    }
}
