using System.Buffers.Binary;

namespace Campaigns.Audio;

/// <summary>Reads and repairs WAV files, also those whose writer did not come to an end.</summary>
public static class WavFile
{
    private const int FormatBytes = 16;

    // Real files have a handful; a file of nothing else is not one.
    private const int MostChunks = 100;

    /// <summary>Reads the header of PCM data and finds out how much data there is, whatever the header says.</summary>
    /// <param name="stream">Seekable; left wherever reading ended.</param>
    /// <exception cref="InvalidDataException">Not a WAV file, or cut before its samples, or not PCM: which, is said.</exception>
    public static WavHeader ReadHeader(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> head = stackalloc byte[12];
        if (!TryRead(stream, 0, head) || !head[..4].SequenceEqual("RIFF"u8) || !head[8..].SequenceEqual("WAVE"u8))
        {
            throw new InvalidDataException("Not a WAV file: it does not begin with RIFF and WAVE.");
        }

        // A chunk of odd length is padded; a size of −1 is a stream's that never knew its end.
        var complete = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) + 8L == stream.Length;
        Span<byte> format = stackalloc byte[FormatBytes];
        var known = false;
        var at = 12L;
        for (var chunk = 0; chunk < MostChunks && TryRead(stream, at, head[..8]); chunk++)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..8]);
            at += 8;
            if (head[..4].SequenceEqual("fmt "u8))
            {
                known = size >= FormatBytes && TryRead(stream, at, format);
            }
            else if (head[..4].SequenceEqual("data"u8) && known)
            {
                return Describe(format, at, size, stream.Length - at, complete);
            }

            at += size + (size % 2);
        }

        throw new InvalidDataException("The WAV file has no samples: it ends before them.");
    }

    /// <summary>Makes the sizes in the header those of the file, and cuts off a torn last frame, after its writer was killed.</summary>
    /// <param name="stream">Seekable and writable.</param>
    /// <returns>The header as it is then.</returns>
    /// <exception cref="InvalidDataException">As <see cref="ReadHeader"/>, or the samples do not begin at byte 44: not one of our recordings.</exception>
    public static WavHeader Repair(Stream stream)
    {
        var header = ReadHeader(stream);
        if (!header.IsStale)
        {
            return header;
        }

        if (header.DataOffset != WavHeader.Bytes)
        {
            throw new InvalidDataException($"The samples begin at byte {header.DataOffset}, not at {WavHeader.Bytes}: not repaired.");
        }

        stream.SetLength(header.DataOffset + header.DataBytes);
        WriteSizes(stream, header.DataBytes);
        stream.Flush();
        return header with { DeclaredBytes = header.DataBytes, IsStale = false };
    }

    /// <summary>Writes both sizes. Whatever moment it is interrupted at, neither exceeds what is there, because they only grow and their lower bytes come first.</summary>
    internal static void WriteSizes(Stream stream, long dataBytes)
    {
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)dataBytes);
        stream.Position = WavHeader.DataSizeAt;
        stream.Write(size);
        BinaryPrimitives.WriteUInt32LittleEndian(size, WavHeader.RiffSize(dataBytes));
        stream.Position = WavHeader.RiffSizeAt;
        stream.Write(size);
    }

    private static WavHeader Describe(ReadOnlySpan<byte> format, long offset, uint declared, long available, bool complete)
    {
        var coding = BinaryPrimitives.ReadUInt16LittleEndian(format);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (coding != 1 || channels == 0 || bits is not (8 or 16 or 24 or 32) || rate is 0 or > int.MaxValue)
        {
            throw new InvalidDataException($"Not PCM samples: coding {coding}, {channels} channels, {bits} bits, {rate} Hz.");
        }

        var stale = !complete || declared > available;
        var frame = channels * bits / 8;
        var usable = (stale ? available : declared) / frame * frame;
        return new WavHeader((int)rate, channels, bits, offset, declared, usable, stale);
    }

    private static bool TryRead(Stream stream, long at, Span<byte> bytes)
    {
        if (at + bytes.Length > stream.Length)
        {
            return false;
        }

        stream.Position = at;
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
    }
}
