using System.Buffers;
using System.Numerics;

namespace Campaigns.Audio;

/// <summary>
/// A queue of samples in a pooled array that grows by doubling. Whenever the queue is empty a long one goes back to the pool; a usual one is kept,
/// for a pool that everybody returns to and takes from at once forgets arrays.
/// </summary>
internal sealed class SampleRing : IDisposable
{
    private const int Least = 4096;

    // Four seconds at 8 kHz.
    private const int Usual = 32_768;

    private short[] _array = [];
    private int _head;

    public int Count { get; private set; }

    public void Write(ReadOnlySpan<short> samples)
    {
        if (Count + samples.Length > _array.Length)
        {
            Grow(Count + samples.Length);
        }

        var tail = (_head + Count) & (_array.Length - 1);
        var first = Math.Min(samples.Length, _array.Length - tail);
        samples[..first].CopyTo(_array.AsSpan(tail));
        samples[first..].CopyTo(_array);
        Count += samples.Length;
    }

    /// <summary>Moves the oldest samples out, as little-endian bytes.</summary>
    public void Read(Span<byte> bytes)
    {
        var count = bytes.Length / 2;
        var first = Math.Min(count, _array.Length - _head);
        PcmBytes.Write(_array.AsSpan(_head, first), bytes);
        PcmBytes.Write(_array.AsSpan(0, count - first), bytes[(first * 2)..]);
        _head = (_head + count) & (_array.Length - 1);
        Count -= count;
        if (Count == 0)
        {
            Clear();
        }
    }

    public void Clear()
    {
        if (_array.Length > Usual)
        {
            Return();
        }

        (_head, Count) = (0, 0);
    }

    public void Dispose()
    {
        Return();
        (_head, Count) = (0, 0);
    }

    private void Return()
    {
        if (_array.Length > 0)
        {
            ArrayPool<short>.Shared.Return(_array);
        }

        _array = [];
    }

    private void Grow(int needed)
    {
        // The pool gives powers of two for these sizes; the mask relies on it.
        var array = ArrayPool<short>.Shared.Rent((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, Least)));
        if (!BitOperations.IsPow2(array.Length))
        {
            array = new short[BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, Least))];
        }

        if (_array.Length > 0)
        {
            var first = Math.Min(Count, _array.Length - _head);
            _array.AsSpan(_head, first).CopyTo(array);
            _array.AsSpan(0, Count - first).CopyTo(array.AsSpan(first));
            ArrayPool<short>.Shared.Return(_array);
        }

        (_array, _head) = (array, 0);
    }
}
