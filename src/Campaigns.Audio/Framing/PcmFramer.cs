namespace Campaigns.Audio;

/// <summary>Cuts a stream of bytes into samples where chunks may end in the middle of one: the odd byte waits for the next chunk.</summary>
public sealed class PcmFramer
{
    private byte _carried;

    /// <summary>Whether the first half of a sample is waiting for its second.</summary>
    public bool HasCarry { get; private set; }

    /// <summary>Room that <see cref="Read"/> needs at most for so many bytes.</summary>
    /// <param name="bytes">Length of one chunk.</param>
    public static int MaxSamples(int bytes) => (bytes + 1) / 2;

    /// <summary>The samples that are complete with this chunk.</summary>
    /// <param name="chunk">The next bytes, any number of them.</param>
    /// <param name="scratch">Room for <see cref="MaxSamples"/>, used where a byte was carried over or the machine is big-endian.</param>
    /// <returns>A view of <paramref name="chunk"/>, or the beginning of <paramref name="scratch"/>: good until either changes.</returns>
    /// <exception cref="ArgumentException">The scratch is needed and too small. Nothing was taken then.</exception>
    public ReadOnlySpan<short> Read(ReadOnlySpan<byte> chunk, Span<short> scratch)
    {
        if (chunk.IsEmpty)
        {
            return [];
        }

        var carried = HasCarry ? 1 : 0;
        var count = (chunk.Length + carried) / 2;
        if ((HasCarry || !BitConverter.IsLittleEndian) && scratch.Length < count)
        {
            throw new ArgumentException($"{count} samples need room, and there is room for {scratch.Length}.", nameof(scratch));
        }

        var even = chunk[..((count * 2) - carried)];
        ReadOnlySpan<short> samples;
        if (HasCarry)
        {
            scratch[0] = (short)(_carried | (chunk[0] << 8));
            PcmBytes.Read(even[1..], scratch[1..]);
            samples = scratch[..count];
        }
        else
        {
            samples = PcmBytes.AsSamples(even, scratch);
        }

        HasCarry = even.Length < chunk.Length;
        _carried = chunk[^1];
        return samples;
    }

    /// <summary>Drops the odd byte: the next one begins a sample.</summary>
    public void Reset() => HasCarry = false;
}
