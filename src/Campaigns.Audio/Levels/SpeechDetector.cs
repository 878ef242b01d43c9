namespace Campaigns.Audio;

/// <summary>Speech has begun or ended.</summary>
/// <param name="Started">Begun, or else ended.</param>
/// <param name="Position">Index of the sample, counted from the stream's first: of the first frame that was loud, or past the last one.</param>
public readonly record struct SpeechEdge(bool Started, long Position);

/// <summary>
/// Tells speech from silence, steady noise, hum and steady tones, in frames of 20 ms, well enough to say that nobody is talking. A frame is
/// loud when it stands out of the noise floor; speech begins when loud frames go on for 80 ms <i>and vary in level</i>, as voices do
/// and tones do not. A noise that sets in may pass for speech until the floor has risen to it, within two and a half seconds.
/// Allocates nothing; results do not depend on how the stream is cut.
/// </summary>
public sealed class SpeechDetector
{
    private const int Wanted = 3;
    private const int Steady = 16;
    private const double SteadyRange = 2.5;

    private readonly SpeechOptions _options;
    private readonly HighPass _highPass;
    private readonly NoiseFloor _floor = new();
    private readonly double[] _recent = new double[Steady];
    private readonly int _frameSamples;
    private readonly int _hangoverFrames;
    private double _sum;
    private int _count;
    private long _frames;
    private int _inner;
    private double _last;
    private int _run;
    private int _quiet;

    /// <summary>A detector at the beginning of a stream.</summary>
    /// <param name="sampleRate">In Hz, from 8000.</param>
    /// <param name="options">Thresholds; the defaults if left out.</param>
    public SpeechDetector(int sampleRate, SpeechOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 8000);
        _options = options ?? new SpeechOptions();
        _highPass = new HighPass(sampleRate);
        _frameSamples = sampleRate / 50;
        _hangoverFrames = Math.Max(1, (int)(_options.Hangover.TotalSeconds * 50));
    }

    /// <summary>Whether speech has begun and not ended, up to the last complete frame.</summary>
    public bool IsSpeaking { get; private set; }

    /// <summary>Position past the last loud frame of speech; 0 before any. Silence lasts from there on.</summary>
    public long LastSpeech { get; private set; }

    /// <summary>Samples taken so far.</summary>
    public long Position => (_frames * _frameSamples) + _count;

    /// <summary>Room that <see cref="Process"/> needs at most for so many samples.</summary>
    /// <param name="samples">Length of one chunk.</param>
    public int MaxEdges(int samples) => (samples / _frameSamples) + 1;

    /// <summary>Takes the samples and writes what has begun or ended with them.</summary>
    /// <param name="samples">The next ones, any number.</param>
    /// <param name="edges">Room for <see cref="MaxEdges"/>, or empty when only the properties are wanted.</param>
    /// <returns>How many edges there were.</returns>
    public int Process(ReadOnlySpan<short> samples, Span<SpeechEdge> edges)
    {
        var found = 0;
        foreach (var sample in samples)
        {
            var filtered = _highPass.Next(sample);
            _sum += filtered * filtered;
            if (++_count < _frameSamples)
            {
                continue;
            }

            var level = AudioLevel.Decibels(Math.Sqrt(_sum / _frameSamples));
            (_sum, _count) = (0, 0);
            _frames++;
            if (OnFrame(level) is { } edge)
            {
                if (!edges.IsEmpty)
                {
                    edges[found] = edge;
                }

                found++;
            }
        }

        return found;
    }

    private SpeechEdge? OnFrame(double level)
    {
        var loud = level >= Math.Max(_floor.Next(level) + _options.MarginDecibels, _options.QuietDbfs);
        if (!loud)
        {
            _run = 0;
            return IsSpeaking && ++_quiet >= _hangoverFrames ? End() : null;
        }

        var varies = Varies(level);
        _run++;
        var speech = IsSpeaking ? varies || _run < Steady : varies && _run > Wanted;
        if (!speech)
        {
            // Loud, but maybe a tone: it neither begins speech nor holds it up for long.
            return IsSpeaking && ++_quiet >= _hangoverFrames ? End() : null;
        }

        _quiet = 0;
        LastSpeech = _frames * _frameSamples;
        if (IsSpeaking)
        {
            return null;
        }

        IsSpeaking = true;
        return new SpeechEdge(Started: true, (_frames - Math.Min(_run, Steady)) * _frameSamples);
    }

    // Both ends of a tone fill their frames only in part. So the first loud frame of a run is left out, and each of the others is looked
    // at when the next one is loud as well. What is remembered reaches back over pauses: one syllable differs from the other.
    private bool Varies(double level)
    {
        if (_run >= 2)
        {
            _recent[_inner++ % Steady] = _last;
        }

        _last = level;
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var inner in _recent.AsSpan(0, Math.Min(_inner, Steady)))
        {
            least = Math.Min(least, inner);
            most = Math.Max(most, inner);
        }

        return most - least > SteadyRange;
    }

    private SpeechEdge End()
    {
        IsSpeaking = false;
        return new SpeechEdge(Started: false, LastSpeech);
    }
}
