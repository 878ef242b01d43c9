using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Campaigns.Audio;

/// <summary>Spreads 16-bit samples over the streams of a filter as floats, and joins its phases into 16-bit samples again. Exact on every path.</summary>
internal static class SampleStreams
{
    /// <summary>Writes sample <c>i</c> to stream <c>i % count</c> at index <c>i / count</c>.</summary>
    /// <param name="samples">A multiple of <paramref name="count"/>.</param>
    /// <param name="streams">Where the first stream begins.</param>
    /// <param name="count">How many streams there are.</param>
    /// <param name="stride">Distance from one stream to the next.</param>
    /// <param name="vectors">Whether to use vectors where the machine has them.</param>
    public static void Spread(ReadOnlySpan<short> samples, Span<float> streams, int count, int stride, bool vectors)
    {
        var done = (vectors && Vector256.IsHardwareAccelerated, count) switch
        {
            (true, 1) => SpreadOne(samples, streams),
            (true, 2) => SpreadTwo(samples, streams, streams[stride..]),
            _ => 0,
        };
        var at = done / count;
        for (var i = done; i < samples.Length; i += count, at++)
        {
            for (var stream = 0; stream < count; stream++)
            {
                streams[(stream * stride) + at] = samples[i + stream];
            }
        }
    }

    /// <summary>Writes output <c>p</c> of block <c>q</c> to <c>q·count + p</c>.</summary>
    /// <param name="phases">Phase after phase, each <paramref name="stride"/> apart, saturated to 16 bits.</param>
    /// <param name="stride">Distance from one phase to the next.</param>
    /// <param name="count">How many phases there are.</param>
    /// <param name="blocks">How many samples each phase has.</param>
    /// <param name="output">Takes <c>count·blocks</c> samples.</param>
    /// <param name="vectors">Whether to use vectors where the machine has them.</param>
    public static void Join(ReadOnlySpan<int> phases, int stride, int count, int blocks, Span<short> output, bool vectors)
    {
        var done = (vectors && Vector256.IsHardwareAccelerated, count) switch
        {
            (true, 1) => JoinOne(phases[..blocks], output),
            (true, 2) when BitConverter.IsLittleEndian => JoinTwo(phases[..blocks], phases.Slice(stride, blocks), output),
            _ => 0,
        };
        for (var block = done; block < blocks; block++)
        {
            for (var phase = 0; phase < count; phase++)
            {
                output[(block * count) + phase] = (short)phases[(phase * stride) + block];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SpreadOne(ReadOnlySpan<short> samples, Span<float> stream)
    {
        ref var from = ref MemoryMarshal.GetReference(samples);
        ref var to = ref MemoryMarshal.GetReference(stream);
        var i = 0;
        for (; i + 16 <= samples.Length; i += 16)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)i));
            Vector256.ConvertToSingle(low).StoreUnsafe(ref to, (nuint)i);
            Vector256.ConvertToSingle(high).StoreUnsafe(ref to, (nuint)i + 8);
        }

        return i;
    }

    // Two neighbours are the halves of a 32-bit lane: shifts take them apart, with their signs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SpreadTwo(ReadOnlySpan<short> samples, Span<float> even, Span<float> odd)
    {
        if (!BitConverter.IsLittleEndian)
        {
            return 0;
        }

        ref var from = ref Unsafe.As<short, int>(ref MemoryMarshal.GetReference(samples));
        ref var toEven = ref MemoryMarshal.GetReference(even);
        ref var toOdd = ref MemoryMarshal.GetReference(odd);
        var i = 0;
        for (; i + 16 <= samples.Length; i += 16)
        {
            var pairs = Vector256.LoadUnsafe(ref from, (nuint)i / 2);
            Vector256.ConvertToSingle(Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(pairs, 16), 16)).StoreUnsafe(ref toEven, (nuint)i / 2);
            Vector256.ConvertToSingle(Vector256.ShiftRightArithmetic(pairs, 16)).StoreUnsafe(ref toOdd, (nuint)i / 2);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int JoinOne(ReadOnlySpan<int> phase, Span<short> output)
    {
        ref var from = ref MemoryMarshal.GetReference(phase);
        ref var to = ref MemoryMarshal.GetReference(output);
        var i = 0;
        for (; i + 16 <= phase.Length; i += 16)
        {
            Vector256.Narrow(Vector256.LoadUnsafe(ref from, (nuint)i), Vector256.LoadUnsafe(ref from, (nuint)i + 8)).StoreUnsafe(ref to, (nuint)i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int JoinTwo(ReadOnlySpan<int> even, ReadOnlySpan<int> odd, Span<short> output)
    {
        ref var fromEven = ref MemoryMarshal.GetReference(even);
        ref var fromOdd = ref MemoryMarshal.GetReference(odd);
        ref var to = ref Unsafe.As<short, int>(ref MemoryMarshal.GetReference(output));
        var i = 0;
        for (; i + 8 <= even.Length; i += 8)
        {
            var low = Vector256.LoadUnsafe(ref fromEven, (nuint)i) & Vector256.Create(0xFFFF);
            (low | Vector256.ShiftLeft(Vector256.LoadUnsafe(ref fromOdd, (nuint)i), 16)).StoreUnsafe(ref to, (nuint)i);
        }

        return i;
    }
}
