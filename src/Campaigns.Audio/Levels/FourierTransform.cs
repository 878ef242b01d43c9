namespace Campaigns.Audio;

/// <summary>The discrete Fourier transform of 256 numbers, in place, radix two.</summary>
internal static class FourierTransform
{
    private const int Size = ToneFrame.Samples;
    private const int Bits = 8;

    private static readonly float[] Cosines = [.. Enumerable.Range(0, Size / 2).Select(i => (float)Math.Cos(2 * Math.PI * i / Size))];
    private static readonly float[] Sines = [.. Enumerable.Range(0, Size / 2).Select(i => (float)-Math.Sin(2 * Math.PI * i / Size))];
    private static readonly int[] Reversed = [.. Enumerable.Range(0, Size).Select(Reverse)];

    public static void Forward(Span<float> real, Span<float> imaginary)
    {
        for (var i = 0; i < Size; i++)
        {
            if (Reversed[i] is var j && j > i)
            {
                (real[i], real[j]) = (real[j], real[i]);
                (imaginary[i], imaginary[j]) = (imaginary[j], imaginary[i]);
            }
        }

        for (var half = 1; half < Size; half *= 2)
        {
            var step = Size / (2 * half);
            for (var start = 0; start < Size; start += 2 * half)
            {
                for (var k = 0; k < half; k++)
                {
                    var (cos, sin) = (Cosines[k * step], Sines[k * step]);
                    var (low, high) = (start + k, start + k + half);
                    var re = (real[high] * cos) - (imaginary[high] * sin);
                    var im = (real[high] * sin) + (imaginary[high] * cos);
                    (real[high], imaginary[high]) = (real[low] - re, imaginary[low] - im);
                    (real[low], imaginary[low]) = (real[low] + re, imaginary[low] + im);
                }
            }
        }
    }

    private static int Reverse(int value)
    {
        var reversed = 0;
        for (var bit = 0; bit < Bits; bit++)
        {
            reversed |= ((value >> bit) & 1) << (Bits - 1 - bit);
        }

        return reversed;
    }
}
