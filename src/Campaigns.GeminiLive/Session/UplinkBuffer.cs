using System.Buffers;

namespace Campaigns.GeminiLive.Session;

/// <summary>
/// The person's voice on its way to the model: a ring of bounded length that drops the oldest. Written by the call, read by the connection's
/// writer; it outlives connections.
/// </summary>
internal sealed class UplinkBuffer : IDisposable
{
    private const int FirstSize = 8 * 1024;

    private readonly Lock gate = new();
    private byte[] ring = [];
    private int head;
    private int count;
    private int newest;
    private long newestAt;
    private long oldestAt;
    private bool disposed;

    /// <summary>Bytes waiting.</summary>
    internal int Count
    {
        get
        {
            lock (gate)
            {
                return count;
            }
        }
    }

    /// <summary>Appends audio.</summary>
    /// <param name="pcm">PCM16; a sample may be split between calls.</param>
    /// <param name="limit">Most bytes kept; even.</param>
    /// <param name="at">When it came, in whatever <see cref="Read"/> is to tell.</param>
    /// <returns>Bytes dropped; even.</returns>
    internal int Write(ReadOnlySpan<byte> pcm, int limit, long at = 0)
    {
        lock (gate)
        {
            if (disposed)
            {
                return 0;
            }

            var dropped = 0;
            if (count + pcm.Length > limit)
            {
                // Whole samples, so that those behind stay whole.
                var excess = (count + pcm.Length - limit + 1) & ~1;
                dropped = excess;
                var old = Math.Min(excess, count);
                head = ring.Length == 0 ? 0 : (head + old) % ring.Length;
                count -= old;
                pcm = pcm[Math.Min(excess - old, pcm.Length)..];
            }

            Grow(count + pcm.Length);
            oldestAt = count == 0 ? at : oldestAt;
            (newest, newestAt) = (pcm.Length, at);
            Append(pcm);
            return dropped;
        }
    }

    /// <summary>Takes audio off.</summary>
    /// <param name="into">Where to; at most its length, even.</param>
    /// <param name="least">Nothing is taken if there are fewer bytes than this.</param>
    /// <param name="since">When the oldest of it came.</param>
    /// <returns>Bytes taken; whole samples.</returns>
    internal int Read(Span<byte> into, int least, out long since)
    {
        lock (gate)
        {
            since = oldestAt;
            if (count < least || count < 2)
            {
                return 0;
            }

            var size = Math.Min(into.Length, count) & ~1;
            var first = Math.Min(size, ring.Length - head);
            ring.AsSpan(head, first).CopyTo(into);
            ring.AsSpan(0, size - first).CopyTo(into[first..]);
            head = (head + size) % ring.Length;
            count -= size;
            oldestAt = count <= newest ? newestAt : oldestAt;
            return size;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            Return();
            ring = [];
            head = count = 0;
        }
    }

    private void Append(ReadOnlySpan<byte> pcm)
    {
        if (pcm.IsEmpty)
        {
            return;
        }

        var tail = (head + count) % ring.Length;
        var first = Math.Min(pcm.Length, ring.Length - tail);
        pcm[..first].CopyTo(ring.AsSpan(tail));
        pcm[first..].CopyTo(ring);
        count += pcm.Length;
    }

    private void Grow(int needed)
    {
        if (needed <= ring.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, Math.Max(needed, ring.Length * 2)));
        var first = Math.Min(count, ring.Length - head);
        ring.AsSpan(head, first).CopyTo(larger);
        ring.AsSpan(0, count - first).CopyTo(larger.AsSpan(first));
        Return();
        ring = larger;
        head = 0;
    }

    private void Return()
    {
        if (ring.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(ring);
        }
    }
}
