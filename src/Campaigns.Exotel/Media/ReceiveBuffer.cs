using System.Buffers;

namespace Campaigns.Exotel.Media;

/// <summary>Holds the message that is being received: pooled, grows up to a limit, and shrinks again after a large one.</summary>
internal sealed class ReceiveBuffer(int most) : IDisposable
{
    // Holds 200 ms of audio at 16 kHz.
    private const int Usual = 8 * 1_024;
    private const int Large = 4 * Usual;

    private byte[]? rented;
    private int length;

    /// <summary>What has been received of the message.</summary>
    internal Span<byte> Message => rented.AsSpan(0, length);

    /// <summary>Begins the next message.</summary>
    internal void Clear()
    {
        length = 0;
        if (rented is { Length: > Large })
        {
            Dispose();
        }
    }

    /// <summary>Where to receive to; empty when the message has reached the limit.</summary>
    internal Memory<byte> Free()
    {
        rented ??= ArrayPool<byte>.Shared.Rent(Math.Min(Usual, most));
        if (length == rented.Length && length < most)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(2 * rented.Length, most));
            Message.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(rented);
            rented = larger;
        }

        return rented.AsMemory(length, Math.Min(rented.Length, most) - length);
    }

    /// <summary>Tells how much was received.</summary>
    internal void Advance(int count) => length += count;

    /// <summary>Gives the memory back. It is taken anew if need be.</summary>
    public void Dispose()
    {
        if (rented is { } array)
        {
            rented = null;
            length = 0;
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
