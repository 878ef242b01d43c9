using System.Buffers;

namespace Campaigns.GeminiLive.Wire;

/// <summary>Bytes in a rented array that grows as needed and is kept from message to message. For one thread at a time.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    // An array larger than this is given back once its message is done: one large message must not be paid for by the whole call.
    private const int Kept = 256 * 1024;

    private readonly int first;
    private byte[] array = [];

    /// <param name="first">Size of the first array.</param>
    internal PooledBuffer(int first = 4_096) => this.first = first;

    /// <summary>How many bytes are in it.</summary>
    internal int Length { get; private set; }

    /// <summary>The bytes in it.</summary>
    internal ReadOnlySpan<byte> Written => array.AsSpan(0, Length);

    /// <summary>The bytes in it.</summary>
    internal ReadOnlyMemory<byte> WrittenMemory => array.AsMemory(0, Length);

    /// <summary>Room for at least so many bytes.</summary>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = Length + Math.Max(1, sizeHint);
        if (needed > array.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(first, needed), array.Length * 2));
            Written.CopyTo(larger);
            Return();
            array = larger;
        }

        return array.AsMemory(Length);
    }

    /// <summary>Room for at least so many bytes.</summary>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Counts bytes that were written into the room.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Appends bytes.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Forgets what is behind the given length.</summary>
    internal void Truncate(int length) => Length = Math.Min(Length, length);

    /// <summary>Keeps only the last bytes.</summary>
    internal void KeepLast(int count)
    {
        array.AsSpan(Length - count, count).CopyTo(array);
        Length = count;
    }

    /// <summary>Empties it for the next message.</summary>
    internal void Clear()
    {
        Length = 0;
        if (array.Length > Kept)
        {
            Return();
            array = [];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return();
        array = [];
        Length = 0;
    }

    private void Return()
    {
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
