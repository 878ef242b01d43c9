using System.Buffers.Binary;

namespace Campaigns.Audio;

/// <summary>What the beginning of a WAV file says, and what is really there.</summary>
/// <param name="SampleRate">In Hz.</param>
/// <param name="Channels">Channels of a frame.</param>
/// <param name="BitsPerSample">16 for PCM16.</param>
/// <param name="DataOffset">Where in the file the samples begin.</param>
/// <param name="DeclaredBytes">Length of the samples as written in the header.</param>
/// <param name="DataBytes">Length of the samples that can be read: whole frames that are there. More than declared where the header is stale.</param>
/// <param name="IsStale">Whether the sizes in the header are not those of the file, as when its writer was killed.</param>
public sealed record WavHeader(
    int SampleRate, int Channels, int BitsPerSample, long DataOffset, long DeclaredBytes, long DataBytes, bool IsStale)
{
    internal const int Bytes = 44;
    internal const int RiffSizeAt = 4;
    internal const int DataSizeAt = 40;

    /// <summary>Bytes of one sample of every channel.</summary>
    public int FrameBytes => Channels * BitsPerSample / 8;

    /// <summary>How many frames can be read.</summary>
    public long Frames => DataBytes / FrameBytes;

    /// <summary>How long that is.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks((long)(Frames * (Int128)TimeSpan.TicksPerSecond / SampleRate));

    /// <summary>The 44 bytes before PCM16 samples, of which there are none yet.</summary>
    internal static byte[] Pcm16(int sampleRate, int channels)
    {
        var header = new byte[Bytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(RiffSizeAt), RiffSize(0));
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(22), (ushort)channels);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), (uint)sampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), (uint)(sampleRate * channels * 2));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), (ushort)(channels * 2));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        return header;
    }

    /// <summary>What the RIFF chunk's size field says when there are so many bytes of samples.</summary>
    internal static uint RiffSize(long dataBytes) => (uint)(dataBytes + Bytes - 8);
}
