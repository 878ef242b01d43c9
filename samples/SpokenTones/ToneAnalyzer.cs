using System.Collections.Concurrent;
using System.Runtime.Intrinsics;

namespace SpokenTones;

/// <summary>
/// Power of each tone in a window of 30 ms that moves in hops of 5 ms. Each sample is multiplied once with the tones' common
/// oscillator table (all tones repeat after 15 ms), so an ear costs five vector operations a sample and allocates nothing.
/// </summary>
internal sealed class ToneAnalyzer
{
    private const int HopMs = 5;
    private const int PeriodHops = 3;
    private const int WindowHops = 6;
    private const int Width = 2 * ToneCode.Tones;

    /// <summary>Samples within ±this are silence.</summary>
    private const short Quiet = 8;

    private static readonly ConcurrentDictionary<(int Rate, ToneSpeaker Speaker), float[]> s_tables = new();

    private readonly float[] _table;
    private readonly float[] _hops = new float[WindowHops * Width];
    private readonly bool[] _silent = new bool[WindowHops];
    private readonly float _scale;
    private int _row;
    private int _inHop;
    private int _phase;

    public ToneAnalyzer(int rate, ToneSpeaker speaker)
    {
        _table = s_tables.GetOrAdd((rate, speaker), static key => Table(key.Rate, key.Speaker));
        Hop = rate * HopMs / 1000;
        Window = Hop * WindowHops;
        _scale = 2f / Window / Window;
        Array.Fill(_silent, true);
    }

    /// <summary>Samples per hop.</summary>
    public int Hop { get; }

    /// <summary>Samples per window.</summary>
    public int Window { get; }

    /// <summary>Samples that complete the hop under way.</summary>
    public int Missing => Hop - _inHop;

    /// <summary>Mean square of each tone in the last window; valid after a hop was completed.</summary>
    public float[] Powers { get; } = new float[ToneCode.Tones];

    /// <summary>Takes at most <see cref="Missing"/> samples; true if they complete a hop.</summary>
    public bool Add(ReadOnlySpan<short> pcm)
    {
        if (pcm.ContainsAnyExceptInRange((short)-Quiet, Quiet))
        {
            _silent[_row] = false;
            Correlate(pcm, _hops.AsSpan(_row * Width, Width));
        }

        _inHop += pcm.Length;
        _phase += pcm.Length;
        if (_inHop < Hop)
        {
            return false;
        }

        Measure();
        _inHop = 0;
        _phase = _phase == Hop * PeriodHops ? 0 : _phase;
        _row = (_row + 1) % WindowHops;
        _silent[_row] = true;
        _hops.AsSpan(_row * Width, Width).Clear();
        return true;
    }

    private void Correlate(ReadOnlySpan<short> pcm, Span<float> sums)
    {
        var (a, b, c, d, e) = (Load(sums, 0), Load(sums, 8), Load(sums, 16), Load(sums, 24), Load(sums, 32));
        var table = _table.AsSpan(_phase * Width, pcm.Length * Width);
        foreach (var sample in pcm)
        {
            var value = Vector256.Create((float)sample);
            a += value * Load(table, 0);
            b += value * Load(table, 8);
            c += value * Load(table, 16);
            d += value * Load(table, 24);
            e += value * Load(table, 32);
            table = table[Width..];
        }

        a.CopyTo(sums);
        b.CopyTo(sums[8..]);
        c.CopyTo(sums[16..]);
        d.CopyTo(sums[24..]);
        e.CopyTo(sums[32..]);

        static Vector256<float> Load(ReadOnlySpan<float> from, int at) => Vector256.Create(from.Slice(at, 8));
    }

    private void Measure()
    {
        if (!_silent.AsSpan().Contains(false))
        {
            Array.Clear(Powers);
            return;
        }

        for (var tone = 0; tone < ToneCode.Tones; tone++)
        {
            var (cosine, sine) = (0f, 0f);
            for (var row = 0; row < _hops.Length; row += Width)
            {
                cosine += _hops[row + tone];
                sine += _hops[row + ToneCode.Tones + tone];
            }

            Powers[tone] = _scale * ((cosine * cosine) + (sine * sine));
        }
    }

    private static float[] Table(int rate, ToneSpeaker speaker)
    {
        var period = rate * HopMs * PeriodHops / 1000;
        var table = new float[period * Width];
        for (var n = 0; n < period; n++)
        {
            for (var tone = 0; tone < ToneCode.Tones; tone++)
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * ToneCode.Hertz(speaker, tone) * n / rate);
                table[(n * Width) + tone] = (float)cosine;
                table[(n * Width) + ToneCode.Tones + tone] = (float)sine;
            }
        }

        return table;
    }
}
