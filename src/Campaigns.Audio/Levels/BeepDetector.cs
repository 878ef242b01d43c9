namespace Campaigns.Audio;

/// <summary>A beep that is over.</summary>
/// <param name="Start">Index of its first sample, counted from the stream's first, to about 20 ms.</param>
/// <param name="End">Index past its last sample, to about 20 ms.</param>
/// <param name="Frequency">In Hz, to about 5.</param>
/// <param name="Dbfs">Its level.</param>
public readonly record struct Beep(long Start, long End, double Frequency, double Dbfs);

/// <summary>
/// Finds the beep after which an answering machine records: one pure, steady tone of 400 to 2000 Hz, of 150 ms to 3 s, that ends in
/// something quieter. Speech, key tones, chords, melodies and ringing do not pass. Tones of 400 and 425 Hz, with which
/// networks ring and say busy, count only while they are shorter than 350 ms. Works at 8 kHz; other rates are resampled. Allocates nothing.
/// </summary>
public sealed class BeepDetector
{
    private const int Hop = ToneFrame.Samples / 2;
    private const double QuietDbfs = -45;
    private const double LowestHz = 395;
    private const double HighestHz = 2005;
    private const double DriftHz = 8;
    private const double LevelRange = 2;
    private const double DropDecibels = 6;

    // Only frames that lie within the tone are pure: one of 150 ms has at least seven. Longer than 3 s is a line's tone.
    private const int LeastFrames = 7;
    private const int MostFrames = 186;

    // The frames after the tone's last pure one still hold a part of it; the next ones do not.
    private const int FramesUntilQuiet = 3;

    private readonly Resampler? _resampler;
    private readonly short[] _resampled;
    private readonly short[] _frame = new short[ToneFrame.Samples];
    private readonly int _factor;
    private readonly double _delay;
    private int _filled;
    private long _end;
    private Run _run;
    private Run _ended;

    /// <summary>A detector at the beginning of a stream.</summary>
    /// <param name="sampleRate">8000, 16000 or 24000 Hz.</param>
    /// <exception cref="ArgumentException">Another rate.</exception>
    public BeepDetector(int sampleRate)
    {
        var resampler = Resampler.Create(sampleRate, ToneFrame.Rate);
        _resampler = sampleRate == ToneFrame.Rate ? null : resampler;
        _factor = sampleRate / ToneFrame.Rate;
        _resampled = new short[resampler.MaxOutput(Hop * _factor)];
        _delay = resampler.DelayMilliseconds / 1000 * sampleRate;
    }

    /// <summary>Whether a tone that may become a beep has been sounding for 150 ms.</summary>
    public bool IsSounding => _run.Frames >= LeastFrames;

    /// <summary>Takes the samples and tells of a beep that is known to be over, about 60 ms after its end.</summary>
    /// <param name="samples">The next ones; of several beeps in one chunk the last is told.</param>
    /// <param name="beep">The beep.</param>
    /// <returns>Whether there was one.</returns>
    public bool Process(ReadOnlySpan<short> samples, out Beep beep)
    {
        beep = default;
        var found = false;
        while (!samples.IsEmpty)
        {
            var taken = samples[..Math.Min(samples.Length, Hop * _factor)];
            samples = samples[taken.Length..];
            if (_resampler is null)
            {
                found |= Add(taken, ref beep);
            }
            else
            {
                var count = _resampler.Process(taken, _resampled);
                found |= Add(_resampled.AsSpan(0, count), ref beep);
            }
        }

        return found;
    }

    private bool Add(ReadOnlySpan<short> samples, ref Beep beep)
    {
        var found = false;
        while (!samples.IsEmpty)
        {
            var taken = samples[..Math.Min(samples.Length, _frame.Length - _filled)];
            taken.CopyTo(_frame.AsSpan(_filled));
            samples = samples[taken.Length..];
            _filled += taken.Length;
            _end += taken.Length;
            if (_filled == _frame.Length)
            {
                found |= OnFrame(ToneFrame.Analyse(_frame, QuietDbfs), ref beep);
                _frame.AsSpan(Hop).CopyTo(_frame);
                _filled = Hop;
            }
        }

        return found;
    }

    private bool OnFrame(ToneFrame frame, ref Beep beep)
    {
        var found = IsConfirmed(frame);
        if (found)
        {
            beep = new Beep(ToInput(_ended.Start), ToInput(_ended.End), _ended.Frequency, _ended.Dbfs);
            _ended = default;
        }

        if (frame.IsTone && _run.Frames > 0 && _run.Continues(frame))
        {
            _run = _run.With(frame, _end);
            return found;
        }

        if (_run.Frames > 0)
        {
            _ended = _run.IsBeep() ? _run : default;
        }

        _run = frame is { IsTone: true, Frequency: >= LowestHz and <= HighestHz } ? Run.From(frame, _end) : default;
        return found;
    }

    // A beep is followed by something quieter; a melody's note is followed by the next one.
    private bool IsConfirmed(ToneFrame frame)
    {
        if (_ended.Frames == 0 || _end < _ended.End + (FramesUntilQuiet * Hop))
        {
            return false;
        }

        var quieter = frame.Dbfs <= _ended.Dbfs - DropDecibels;
        _ended = quieter ? _ended : default;
        return quieter;
    }

    private long ToInput(long position) => Math.Max(0, (long)((position * _factor) - _delay));

    /// <summary>Frames of one tone without a break.</summary>
    private readonly record struct Run(long Start, long End, int Frames, double FirstHz, double Frequency, double Dbfs)
    {
        public static Run From(ToneFrame frame, long end) => new(end - ToneFrame.Samples, end, 1, frame.Frequency, frame.Frequency, frame.Dbfs);

        public bool Continues(ToneFrame frame)
            => Math.Abs(frame.Frequency - FirstHz) <= DriftHz && Math.Abs(frame.Dbfs - Dbfs) <= LevelRange;

        public Run With(ToneFrame frame, long end) => this with
        {
            End = end,
            Frames = Frames + 1,
            Frequency = Frequency + ((frame.Frequency - Frequency) / (Frames + 1)),
            Dbfs = Dbfs + ((frame.Dbfs - Dbfs) / (Frames + 1)),
        };

        public bool IsBeep()
        {
            var rings = Math.Abs(Frequency - 400) <= 6 || Math.Abs(Frequency - 425) <= 6;
            return Frames >= LeastFrames && Frames <= MostFrames && !(rings && End - Start >= 0.35 * ToneFrame.Rate);
        }
    }
}
