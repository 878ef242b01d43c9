using Campaigns.Audio;

namespace Campaigns.AudioTests;

/// <summary>
/// What the person hears: plays chunks one after the other, each when it has arrived and the previous one has ended. Exact: times are kept
/// multiplied by the sampling rate. Shares no code with the buffer's own account.
/// </summary>
internal sealed class SimulatedCarrier(int rate)
{
    private readonly List<Playing> _playing = [];
    private readonly Dictionary<long, long> _played = [];

    /// <summary>All audio that has arrived, padding left out.</summary>
    public List<short> Received { get; } = [];

    public Int128 End => _playing.Count == 0 ? 0 : _playing[^1].Start + (_playing[^1].Padded * (Int128)TimeSpan.TicksPerSecond);

    public void Receive(TimeSpan now, PlayoutChunk info, ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(0, info.Bytes % 320);
        Assert.InRange(info.Samples, 1, info.Bytes / 2);
        var samples = new short[info.Bytes / 2];
        PcmBytes.Read(bytes[..info.Bytes], samples);
        Received.AddRange(samples[..info.Samples]);
        Assert.All(samples[info.Samples..], s => Assert.Equal(0, s));
        var start = Int128.Max((Int128)now.Ticks * rate, End);
        Assert.InRange((info.PlaysAt.Ticks * (Int128)rate) - start, 0, rate);
        _playing.Add(new Playing(info.Utterance, start, info.Samples, samples.Length));
    }

    /// <summary>What was not played by now never will be.</summary>
    public void Clear(TimeSpan now)
    {
        foreach (var utterance in _playing.Select(p => p.Utterance).Distinct().ToArray())
        {
            _played[utterance] = Played(utterance, now);
        }

        _playing.Clear();
    }

    /// <summary>Samples of the utterance that were heard by now.</summary>
    public long Played(long utterance, TimeSpan now)
    {
        var sum = (Int128)_played.GetValueOrDefault(utterance);
        foreach (var chunk in _playing.Where(p => p.Utterance == utterance))
        {
            sum += Int128.Clamp((((Int128)now.Ticks * rate) - chunk.Start) / TimeSpan.TicksPerSecond, 0, chunk.Samples);
        }

        return (long)sum;
    }

    public TimeSpan Holds(TimeSpan now) => new((long)Int128.Max(0, (End - ((Int128)now.Ticks * rate)) / rate));

    private sealed record Playing(long Utterance, Int128 Start, int Samples, int Padded);
}
