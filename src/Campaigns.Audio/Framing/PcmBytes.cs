using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Campaigns.Audio;

/// <summary>16-bit samples and the little-endian bytes that carry them, without a copy where the machine is little-endian.</summary>
public static class PcmBytes
{
    /// <summary>The samples that these bytes are.</summary>
    /// <param name="bytes">Little-endian, two to a sample; an odd byte at the end is left out.</param>
    /// <param name="scratch">Room for half as many samples as there are bytes; used on big-endian machines only.</param>
    /// <returns>A view of <paramref name="bytes"/>, or the beginning of <paramref name="scratch"/>.</returns>
    /// <exception cref="ArgumentException">The scratch is needed and too small.</exception>
    public static ReadOnlySpan<short> AsSamples(ReadOnlySpan<byte> bytes, Span<short> scratch)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.Cast<byte, short>(bytes);
        }

        var count = bytes.Length / 2;
        Read(bytes[..(count * 2)], scratch);
        return scratch[..count];
    }

    /// <summary>Copies samples out of their bytes.</summary>
    /// <param name="bytes">Little-endian, an even number.</param>
    /// <param name="samples">Takes half as many.</param>
    /// <exception cref="ArgumentException">An odd number of bytes, or too little room.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, Span<short> samples)
    {
        if (bytes.Length % 2 != 0)
        {
            throw new ArgumentException($"{bytes.Length} bytes are not whole samples.", nameof(bytes));
        }

        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, short>(bytes).CopyTo(samples);
            return;
        }

        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, short>(bytes), samples[..(bytes.Length / 2)]);
    }

    /// <summary>Copies samples into their little-endian bytes.</summary>
    /// <param name="samples">Any number.</param>
    /// <param name="bytes">Takes twice as many.</param>
    /// <exception cref="ArgumentException">Too little room.</exception>
    public static void Write(ReadOnlySpan<short> samples, Span<byte> bytes)
    {
        if (bytes.Length < samples.Length * 2)
        {
            throw new ArgumentException($"{samples.Length} samples need {samples.Length * 2} bytes, and there are {bytes.Length}.", nameof(bytes));
        }

        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(samples).CopyTo(bytes);
            return;
        }

        BinaryPrimitives.ReverseEndianness(samples, MemoryMarshal.Cast<byte, short>(bytes)[..samples.Length]);
    }
}
