namespace Campaigns.Audio;

/// <summary>The stretch of stereo audio that may still change: a ring of frames from the first that was not handed on.</summary>
internal sealed class RecordingTimeline(int capacity)
{
    private readonly short[] _frames = new short[capacity * 2];

    /// <summary>Position of the first frame that was not handed on.</summary>
    public long Start { get; private set; }

    /// <summary>Position past the last frame that can be written.</summary>
    public long End => Start + capacity;

    /// <summary>Puts samples on a channel, over whatever was there.</summary>
    /// <param name="channel">0 left, 1 right.</param>
    /// <param name="position">Where the first one belongs.</param>
    /// <param name="samples">Those outside of the stretch are left out.</param>
    /// <returns>How many were put.</returns>
    public int Put(int channel, long position, ReadOnlySpan<short> samples)
    {
        if (position < -samples.Length)
        {
            return 0;
        }

        var from = Math.Clamp(Start - position, 0, samples.Length);
        var to = Math.Clamp(End - position, from, samples.Length);
        var at = Slot(position + from);
        foreach (var sample in samples[(int)from..(int)to])
        {
            _frames[(at * 2) + channel] = sample;
            at = at + 1 == capacity ? 0 : at + 1;
        }

        return (int)(to - from);
    }

    /// <summary>Makes a channel silent from a position on.</summary>
    public void Silence(int channel, long from)
    {
        var position = Math.Max(from, Start);
        var at = position < End ? Slot(position) : 0;
        for (; position < End; position++)
        {
            _frames[(at * 2) + channel] = 0;
            at = at + 1 == capacity ? 0 : at + 1;
        }
    }

    /// <summary>Hands on the first frames, as little-endian bytes, four to a frame.</summary>
    public void Take(Span<byte> bytes)
    {
        var count = bytes.Length / 4;
        for (var done = 0; done < count;)
        {
            var at = Slot(Start);
            var stretch = Math.Min(count - done, capacity - at);
            var frames = _frames.AsSpan(at * 2, stretch * 2);
            PcmBytes.Write(frames, bytes[(done * 4)..]);
            frames.Clear();
            Start += stretch;
            done += stretch;
        }
    }

    private int Slot(long position) => (int)(position % capacity);
}
