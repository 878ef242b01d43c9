using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Campaigns.Audio;

/// <summary>
/// One output phase of the filter over many blocks. Every path gives the same samples, bit by bit: a vector holds neighbouring <i>blocks</i>,
/// not neighbouring taps, so each lane does exactly what the scalar loop does for its block: one fused multiply-add per tap, in the order
/// of the taps, from zero. A fused multiply-add rounds once, as IEEE 754 fixes it, and .NET neither reorders nor contracts. Rounding to the
/// nearest even integer and the clamp are exact as well, and what is clamped fits an integer.
/// The loops are compiled in full at once: unoptimised vector code is ten times slower, and the first calls after a start would meet it.
/// No sum overflows: |sum| ≤ 32,768 · Σ|tap| &lt; 2^18. Rounding in 24 bits leaves errors far below one step of the output.
/// </summary>
internal static class FirKernels
{
    /// <summary>Floats that may be read, and integers that may be written, past the last block.</summary>
    public const int Padding = 16;

    /// <summary>The widest path that this machine runs natively.</summary>
    public static FirPath Widest
        => Vector512.IsHardwareAccelerated ? FirPath.Vector512
            : Vector256.IsHardwareAccelerated ? FirPath.Vector256
            : Vector128.IsHardwareAccelerated ? FirPath.Vector128
            : FirPath.Scalar;

    /// <summary>Computes the phase's sample of each block, rounded and saturated to 16 bits.</summary>
    /// <param name="path">How.</param>
    /// <param name="coefficients">The taps.</param>
    /// <param name="positions">Where in <paramref name="streams"/> the sample of each tap lies for the first block.</param>
    /// <param name="streams">The samples; every position + count + <see cref="Padding"/> lies within.</param>
    /// <param name="output">Takes count samples, with <see cref="Padding"/> to spare.</param>
    /// <param name="count">Number of blocks.</param>
    public static void Filter(
        FirPath path, ReadOnlySpan<float> coefficients, ReadOnlySpan<int> positions, ReadOnlySpan<float> streams, Span<int> output, int count)
    {
        ref var input = ref MemoryMarshal.GetReference(streams);
        ref var to = ref MemoryMarshal.GetReference(output);
        switch (path)
        {
            case FirPath.Vector512:
                Filter512(coefficients, positions, ref input, ref to, count);
                break;
            case FirPath.Vector256:
                Filter256(coefficients, positions, ref input, ref to, count);
                break;
            case FirPath.Vector128:
                Filter128(coefficients, positions, ref input, ref to, count);
                break;
            default:
                FilterScalar(coefficients, positions, streams, output, count);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FilterScalar(
        ReadOnlySpan<float> coefficients, ReadOnlySpan<int> positions, ReadOnlySpan<float> streams, Span<int> output, int count)
    {
        for (var block = 0; block < count; block++)
        {
            var sum = 0f;
            for (var k = 0; k < positions.Length; k++)
            {
                sum = MathF.FusedMultiplyAdd(streams[positions[k] + block], coefficients[k], sum);
            }

            output[block] = (int)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filter128(ReadOnlySpan<float> coefficients, ReadOnlySpan<int> positions, ref float streams, ref int output, int count)
    {
        var block = 0;
        for (; block + 16 <= count; block += 16)
        {
            var (a0, a1, a2, a3) = (Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
            for (var k = 0; k < positions.Length; k++)
            {
                var tap = Vector128.Create(coefficients[k]);
                ref var at = ref Unsafe.Add(ref streams, positions[k] + block);
                a0 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(ref at), tap, a0);
                a1 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(ref at, 4), tap, a1);
                a2 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(ref at, 8), tap, a2);
                a3 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(ref at, 12), tap, a3);
            }

            Store(a0, ref Unsafe.Add(ref output, block));
            Store(a1, ref Unsafe.Add(ref output, block + 4));
            Store(a2, ref Unsafe.Add(ref output, block + 8));
            Store(a3, ref Unsafe.Add(ref output, block + 12));
        }

        for (; block < count; block += 4)
        {
            var sum = Vector128<float>.Zero;
            for (var k = 0; k < positions.Length; k++)
            {
                var at = Vector128.LoadUnsafe(ref Unsafe.Add(ref streams, positions[k] + block));
                sum = Vector128.FusedMultiplyAdd(at, Vector128.Create(coefficients[k]), sum);
            }

            Store(sum, ref Unsafe.Add(ref output, block));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filter256(ReadOnlySpan<float> coefficients, ReadOnlySpan<int> positions, ref float streams, ref int output, int count)
    {
        var block = 0;
        for (; block + 64 <= count; block += 64)
        {
            var (a0, a1, a2, a3, a4, a5, a6, a7) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (var k = 0; k < positions.Length; k++)
            {
                var tap = Vector256.Create(coefficients[k]);
                ref var at = ref Unsafe.Add(ref streams, positions[k] + block);
                a0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref at), tap, a0);
                a1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref at, 8), tap, a1);
                a2 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref at, 16), tap, a2);
                a3 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref at, 24), tap, a3);
                a4 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref at, 32), tap, a4);
                a5 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref at, 40), tap, a5);
                a6 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref at, 48), tap, a6);
                a7 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref at, 56), tap, a7);
            }

            Store(a0, ref Unsafe.Add(ref output, block));
            Store(a1, ref Unsafe.Add(ref output, block + 8));
            Store(a2, ref Unsafe.Add(ref output, block + 16));
            Store(a3, ref Unsafe.Add(ref output, block + 24));
            Store(a4, ref Unsafe.Add(ref output, block + 32));
            Store(a5, ref Unsafe.Add(ref output, block + 40));
            Store(a6, ref Unsafe.Add(ref output, block + 48));
            Store(a7, ref Unsafe.Add(ref output, block + 56));
        }

        for (; block < count; block += 8)
        {
            var sum = Vector256<float>.Zero;
            for (var k = 0; k < positions.Length; k++)
            {
                var at = Vector256.LoadUnsafe(ref Unsafe.Add(ref streams, positions[k] + block));
                sum = Vector256.FusedMultiplyAdd(at, Vector256.Create(coefficients[k]), sum);
            }

            Store(sum, ref Unsafe.Add(ref output, block));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filter512(ReadOnlySpan<float> coefficients, ReadOnlySpan<int> positions, ref float streams, ref int output, int count)
    {
        var block = 0;
        for (; block + 64 <= count; block += 64)
        {
            var (a0, a1, a2, a3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
            for (var k = 0; k < positions.Length; k++)
            {
                var tap = Vector512.Create(coefficients[k]);
                ref var at = ref Unsafe.Add(ref streams, positions[k] + block);
                a0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref at), tap, a0);
                a1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref at, 16), tap, a1);
                a2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref at, 32), tap, a2);
                a3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref at, 48), tap, a3);
            }

            Store(a0, ref Unsafe.Add(ref output, block));
            Store(a1, ref Unsafe.Add(ref output, block + 16));
            Store(a2, ref Unsafe.Add(ref output, block + 32));
            Store(a3, ref Unsafe.Add(ref output, block + 48));
        }

        for (; block < count; block += 16)
        {
            var sum = Vector512<float>.Zero;
            for (var k = 0; k < positions.Length; k++)
            {
                var at = Vector512.LoadUnsafe(ref Unsafe.Add(ref streams, positions[k] + block));
                sum = Vector512.FusedMultiplyAdd(at, Vector512.Create(coefficients[k]), sum);
            }

            Store(sum, ref Unsafe.Add(ref output, block));
        }
    }

    private static void Store(Vector128<float> sum, ref int output)
    {
        var clamped = Vector128.Min(Vector128.Max(Vector128.Round(sum), Vector128.Create((float)short.MinValue)), Vector128.Create((float)short.MaxValue));
        Vector128.ConvertToInt32Native(clamped).StoreUnsafe(ref output);
    }

    private static void Store(Vector256<float> sum, ref int output)
    {
        var clamped = Vector256.Min(Vector256.Max(Vector256.Round(sum), Vector256.Create((float)short.MinValue)), Vector256.Create((float)short.MaxValue));
        Vector256.ConvertToInt32Native(clamped).StoreUnsafe(ref output);
    }

    private static void Store(Vector512<float> sum, ref int output)
    {
        var clamped = Vector512.Min(Vector512.Max(Vector512.Round(sum), Vector512.Create((float)short.MinValue)), Vector512.Create((float)short.MaxValue));
        Vector512.ConvertToInt32Native(clamped).StoreUnsafe(ref output);
    }
}
