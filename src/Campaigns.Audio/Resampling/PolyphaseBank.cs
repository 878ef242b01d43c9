namespace Campaigns.Audio;

/// <summary>
/// A low-pass filter cut up for a change of rate by <c>Up/Down</c>. Per block, <see cref="Down"/> samples come in and <see cref="Up"/> go out.
/// Input sample <c>q·Down + s</c> lies in stream <c>s</c> at index <c>q</c>, so that each output of all blocks is a plain filter whose
/// taps read the streams with stride one, whatever the two rates are.
/// </summary>
internal sealed class PolyphaseBank
{
    private readonly float[][] _coefficients;
    private readonly int[][] _positions;

    /// <param name="half">First half of the symmetric filter at <paramref name="up"/> times the input's rate, with unit gain.</param>
    /// <param name="up">Samples that go out per block.</param>
    /// <param name="down">Samples that come in per block.</param>
    /// <param name="blocks">The most blocks that are filtered at once.</param>
    public PolyphaseBank(ReadOnlySpan<float> half, int up, int down, int blocks)
    {
        (Up, Down) = (up, down);
        Taps = half.Length * 2;
        var longest = (Taps + up - 1) / up;
        History = (longest - 1 + down - 1) / down;
        // One block more for the samples of an unfinished block, and room for a whole vector to be read from the last one.
        Stride = History + blocks + 1 + FirKernels.Padding;
        _coefficients = new float[up][];
        _positions = new int[up][];
        for (var output = 0; output < up; output++)
        {
            var phase = output * down % up;
            var count = (Taps - phase + up - 1) / up;
            _coefficients[output] = new float[count];
            _positions[output] = new int[count];
            for (var k = 0; k < count; k++)
            {
                var tap = phase + (k * up);
                // Upsampling puts zeros between the samples: the gain makes up for them.
                _coefficients[output][k] = up * (tap < half.Length ? half[tap] : half[Taps - 1 - tap]);
                var sample = (output * down / up) - k;
                var stream = ((sample % down) + down) % down;
                _positions[output][k] = (stream * Stride) + History + ((sample - stream) / down);
            }
        }
    }

    /// <summary>Samples that go out per block.</summary>
    public int Up { get; }

    /// <summary>Samples that come in per block, which is also the number of streams.</summary>
    public int Down { get; }

    /// <summary>Taps of the whole filter, at <see cref="Up"/> times the input's rate.</summary>
    public int Taps { get; }

    /// <summary>Samples of the past that each stream begins with.</summary>
    public int History { get; }

    /// <summary>Distance from one stream to the next.</summary>
    public int Stride { get; }

    /// <summary>Taps of one output of the block, in the order in which they are added.</summary>
    public ReadOnlySpan<float> Coefficients(int output) => _coefficients[output];

    /// <summary>Where the sample of each tap lies for the first block; that of block q lies q further.</summary>
    public ReadOnlySpan<int> Positions(int output) => _positions[output];
}
