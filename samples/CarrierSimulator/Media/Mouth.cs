using System.Collections.Concurrent;
using SpokenTones;

namespace CarrierSimulator;

/// <summary>A sound that a person makes after a pause.</summary>
internal sealed record Sound(string Name, short[] Pcm, long Pause, bool Speech);

/// <summary>What comes from the person's end of the line: their sounds one after the other, silence or noise in between.</summary>
internal sealed class Mouth(int rate)
{
    private static readonly ConcurrentDictionary<(string Text, int Rate), short[]> s_spoken = new();

    private readonly Queue<Sound> _sounds = new();
    private short[]? _noise;
    private int _noiseAt;
    private long _earliest;
    private int _at;

    /// <summary>The sound under way; null between sounds.</summary>
    public Sound? Current { get; private set; }

    /// <summary>Where the current or last sound began.</summary>
    public long Began { get; private set; }

    public bool Busy => Current is not null || _sounds.Count > 0;

    /// <summary>The pause counts from the position, or from the end of the sound before if there is one.</summary>
    public void Say(string text, int pauseMs, long position)
    {
        var pcm = s_spoken.GetOrAdd((text, rate), static key => ToneVoice.Speak(key.Text, key.Rate));
        Add(new Sound(text, pcm, Samples(pauseMs), Speech: true), position);
    }

    public void Beep(int hz, int ms, int pauseMs, long position) =>
        Add(new Sound($"(beep {hz} Hz, {ms} ms)", ToneVoice.Beep(hz, ms, rate), Samples(pauseMs), Speech: false), position);

    public void Noise(double dbfs) => _noise = ToneVoice.Noise(2000, rate, dbfs);

    /// <summary>Falls silent at once.</summary>
    public void Stop()
    {
        _sounds.Clear();
        (Current, _at) = (null, 0);
    }

    /// <summary>
    /// The samples from <paramref name="position"/> on, at most up to where a sound ends, which is then given back.
    /// </summary>
    public int Take(Span<short> pcm, long position, out Sound? began, out Sound? ended)
    {
        (began, ended) = (null, null);
        if (Current is null && _sounds.TryPeek(out var next))
        {
            var due = _earliest + next.Pause;
            if (position < due)
            {
                pcm = pcm[..(int)Math.Min(pcm.Length, due - position)];
            }
            else
            {
                (Current, Began, _at) = (_sounds.Dequeue(), position, 0);
                began = Current;
            }
        }

        pcm.Clear();
        if (Current is { } sound)
        {
            pcm = pcm[..Math.Min(pcm.Length, sound.Pcm.Length - _at)];
            sound.Pcm.AsSpan(_at, pcm.Length).CopyTo(pcm);
            _at += pcm.Length;
            if (_at == sound.Pcm.Length)
            {
                ended = sound;
                (Current, _at) = (null, 0);
                _earliest = position + pcm.Length;
            }
        }

        AddNoise(pcm);
        return pcm.Length;
    }

    private void Add(Sound sound, long position)
    {
        _earliest = Busy ? _earliest : position;
        _sounds.Enqueue(sound);
    }

    private void AddNoise(Span<short> pcm)
    {
        if (_noise is null)
        {
            return;
        }

        for (var n = 0; n < pcm.Length; n++)
        {
            pcm[n] = (short)Math.Clamp(pcm[n] + _noise[_noiseAt], short.MinValue, short.MaxValue);
            _noiseAt = (_noiseAt + 1) % _noise.Length;
        }
    }

    private long Samples(int ms) => (long)rate * ms / 1000;
}
