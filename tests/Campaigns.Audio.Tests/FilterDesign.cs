namespace Campaigns.AudioTests;

/// <summary>
/// How the tables of the resamplers were made: the linear-phase low-pass whose largest weighted error is the least, by Lawson's iteration.
/// A weighted least-squares fit is repeated, each time with the weights multiplied by the error they left, until the errors are level.
/// </summary>
internal static class FilterDesign
{
    private const int GridPerCosine = 16;
    private const int Iterations = 150;

    /// <summary>The first half of the taps of an even, symmetric filter with gain 1 in the pass band.</summary>
    /// <param name="taps">Even.</param>
    /// <param name="pass">End of the pass band as a part of the sampling rate.</param>
    /// <param name="stop">Beginning of the stop band as a part of the sampling rate.</param>
    /// <param name="passWeight">How much an error in the pass band counts, beside one in the stop band.</param>
    public static double[] HalfOfLowPass(int taps, double pass, double stop, double passWeight)
    {
        var cosines = taps / 2;
        var points = GridPerCosine * cosines;
        var passPoints = (int)(points * pass / (pass + 0.5 - stop));
        var rows = new double[points][];
        var (wanted, importance, weights) = (new double[points], new double[points], new double[points]);
        for (var i = 0; i < points; i++)
        {
            var inPass = i < passPoints;
            var frequency = inPass ? pass * i / (passPoints - 1) : stop + ((0.5 - stop) * (i - passPoints) / (points - passPoints - 1));
            rows[i] = [.. Enumerable.Range(0, cosines).Select(k => 2 * Math.Cos(2 * Math.PI * frequency * (k + 0.5)))];
            (wanted[i], importance[i], weights[i]) = inPass ? (1, passWeight, 1) : (0, 1, 1);
        }

        var fit = new double[cosines];
        var (best, least) = (fit, double.PositiveInfinity);
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            fit = LeastSquares(rows, wanted, [.. weights.Zip(importance, (w, i) => w * i * i)]);
            var errors = new double[points];
            for (var i = 0; i < points; i++)
            {
                errors[i] = importance[i] * Math.Abs(Dot(rows[i], fit) - wanted[i]);
            }

            if (errors.Max() < least)
            {
                (best, least) = (fit, errors.Max());
            }

            for (var i = 0; i < points; i++)
            {
                weights[i] *= Envelope(errors, i);
            }

            var sum = weights.Sum();
            for (var i = 0; i < points; i++)
            {
                weights[i] = Math.Max(weights[i] * points / sum, 1e-9);
            }
        }

        return [.. best.Reverse()];
    }

    // The error between its own ripples is small everywhere; weights that follow it would vanish there. Its neighbourhood's peak would not.
    private static double Envelope(double[] errors, int at)
    {
        var peak = 0.0;
        for (var i = Math.Max(0, at - (GridPerCosine / 2)); i <= Math.Min(errors.Length - 1, at + (GridPerCosine / 2)); i++)
        {
            peak = Math.Max(peak, errors[i]);
        }

        return peak;
    }

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static double[] LeastSquares(double[][] rows, double[] wanted, double[] weights)
    {
        var size = rows[0].Length;
        var matrix = new double[size, size];
        var right = new double[size];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var a = 0; a < size; a++)
            {
                var scaled = rows[i][a] * weights[i];
                right[a] += scaled * wanted[i];
                for (var b = 0; b <= a; b++)
                {
                    matrix[a, b] += scaled * rows[i][b];
                }
            }
        }

        return SolveCholesky(matrix, right);
    }

    private static double[] SolveCholesky(double[,] matrix, double[] right)
    {
        var size = right.Length;
        for (var a = 0; a < size; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var sum = matrix[a, b];
                for (var k = 0; k < b; k++)
                {
                    sum -= matrix[a, k] * matrix[b, k];
                }

                matrix[a, b] = a == b ? Math.Sqrt(sum) : sum / matrix[b, b];
            }

            for (var k = 0; k < a; k++)
            {
                right[a] -= matrix[a, k] * right[k];
            }

            right[a] /= matrix[a, a];
        }

        for (var a = size - 1; a >= 0; a--)
        {
            for (var k = a + 1; k < size; k++)
            {
                right[a] -= matrix[k, a] * right[k];
            }

            right[a] /= matrix[a, a];
        }

        return right;
    }
}
