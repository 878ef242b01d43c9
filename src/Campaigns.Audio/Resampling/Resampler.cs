namespace Campaigns.Audio;

/// <summary>
/// Changes the rate of one stream of 16-bit mono samples between 8, 16 and 24 kHz with a linear-phase filter: within ±0.04 dB up to 85 % of
/// the lower rate's half, 79 dB down from that half on. What comes out does not depend on how the input was cut into chunks; sums that
/// exceed 16 bits saturate. Nothing is allocated after <see cref="Create(int, int)"/>. One instance per stream and direction, one caller at a time.
/// </summary>
public sealed class Resampler
{
    private const int BlocksAtOnce = 256;
    private const int Phases = BlocksAtOnce + FirKernels.Padding;
    private const string Supported = "8000, 16000 and 24000 Hz, in any pair";

    private static readonly int[] Rates = [8000, 16000, 24000];
    private static readonly PolyphaseBank Double = new(LowPassTables.Half96, 2, 1, BlocksAtOnce);
    private static readonly PolyphaseBank Halve = new(LowPassTables.Half96, 1, 2, BlocksAtOnce);
    private static readonly PolyphaseBank Triple = new(LowPassTables.Half144, 3, 1, BlocksAtOnce);
    private static readonly PolyphaseBank Third = new(LowPassTables.Half144, 1, 3, BlocksAtOnce);
    // At 48 kHz, 6.8 and 8.0 kHz are the parts of the rate that 3.4 and 4.0 kHz are at 24 kHz.
    private static readonly PolyphaseBank ThreeHalves = new(LowPassTables.Half144, 3, 2, BlocksAtOnce);
    private static readonly PolyphaseBank TwoThirds = new(LowPassTables.Half144, 2, 3, BlocksAtOnce);

    private readonly PolyphaseBank? _bank;
    private readonly FirPath _path;
    private readonly float[] _streams;
    private readonly int[] _phases;

    // Samples of a block that is not complete yet: they lie at the streams' index after the history.
    private int _held;

    private Resampler(int fromHz, int toHz, PolyphaseBank? bank, FirPath path)
    {
        (FromHz, ToHz) = (fromHz, toHz);
        (_bank, _path) = (bank, path);
        _streams = bank is null ? [] : new float[bank.Down * bank.Stride];
        _phases = bank is null ? [] : new int[bank.Up * Phases];
    }

    /// <summary>Rate of the input in Hz.</summary>
    public int FromHz { get; }

    /// <summary>Rate of the output in Hz.</summary>
    public int ToHz { get; }

    /// <summary>How much later a sound comes out than it went in, in milliseconds; 0 where the rates are the same.</summary>
    public double DelayMilliseconds => _bank is null ? 0 : (_bank.Taps - 1) / 2.0 / (_bank.Up * FromHz) * 1000;

    /// <summary>The most samples that <see cref="Finish"/> writes.</summary>
    public int MaxTail => _bank is null ? 0 : MaxOutput(TailInput(_bank));

    /// <summary>A resampler with silence behind it.</summary>
    /// <param name="fromHz">Rate of the input.</param>
    /// <param name="toHz">Rate of the output; the same for a mere copy.</param>
    /// <exception cref="ArgumentException">A rate that is not 8000, 16000 or 24000.</exception>
    public static Resampler Create(int fromHz, int toHz) => Create(fromHz, toHz, FirKernels.Widest);

    /// <summary>As <see cref="Create(int, int)"/>, by the given instructions.</summary>
    internal static Resampler Create(int fromHz, int toHz, FirPath path)
    {
        if (!Rates.Contains(fromHz) || !Rates.Contains(toHz))
        {
            var wrong = Rates.Contains(fromHz) ? nameof(toHz) : nameof(fromHz);
            throw new ArgumentException($"Cannot resample {fromHz} Hz to {toHz} Hz: supported are {Supported}.", wrong);
        }

        var bank = (fromHz / 8000, toHz / 8000) switch
        {
            (1, 2) => Double,
            (2, 1) => Halve,
            (1, 3) => Triple,
            (3, 1) => Third,
            (2, 3) => ThreeHalves,
            (3, 2) => TwoThirds,
            _ => null,
        };
        return new Resampler(fromHz, toHz, bank, path);
    }

    /// <summary>Room that <see cref="Process"/> needs at most for so many samples, whatever came before them.</summary>
    /// <param name="inputSamples">Length of one chunk.</param>
    public int MaxOutput(int inputSamples)
        => _bank is null ? inputSamples : checked((int)(((long)inputSamples + _bank.Down - 1) / _bank.Down * _bank.Up));

    /// <summary>Takes all of the input and writes what can be told by now.</summary>
    /// <param name="input">The next samples, any number of them.</param>
    /// <param name="output">Room for <see cref="MaxOutput"/> of them; must not overlap the input.</param>
    /// <returns>The number of samples written.</returns>
    /// <exception cref="ArgumentException">Too little room. Nothing was taken then.</exception>
    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        var needed = _bank is null ? input.Length : (int)(((long)_held + input.Length) / _bank.Down * _bank.Up);
        if (output.Length < needed)
        {
            throw new ArgumentException($"{needed} samples come out, and there is room for {output.Length}.", nameof(output));
        }

        if (_bank is null)
        {
            input.CopyTo(output);
            return needed;
        }

        for (var written = 0; !input.IsEmpty;)
        {
            var taken = Math.Min(input.Length, (BlocksAtOnce * _bank.Down) - _held);
            written += ProcessBlocks(_bank, input[..taken], output[written..]);
            input = input[taken..];
        }

        return needed;
    }

    /// <summary>Writes what is still in the filter after the last sample, and begins anew as after <see cref="Reset"/>.</summary>
    /// <param name="output">Room for <see cref="MaxTail"/> samples.</param>
    /// <returns>The number of samples written.</returns>
    /// <exception cref="ArgumentException">Too little room. Nothing was changed then.</exception>
    public int Finish(Span<short> output)
    {
        if (_bank is null)
        {
            return 0;
        }

        Span<short> silence = stackalloc short[TailInput(_bank)];
        silence.Clear();
        var written = Process(silence, output);
        Reset();
        return written;
    }

    /// <summary>Forgets the past: what comes next is filtered as if silence went before it.</summary>
    public void Reset()
    {
        _held = 0;
        _streams.AsSpan().Clear();
    }

    // As much silence as the filter is long, rounded up to whole blocks, so that no held sample stays behind.
    private static int TailInput(PolyphaseBank bank) => ((bank.Taps / bank.Up) + bank.Down - 1) / bank.Down * bank.Down;

    private int ProcessBlocks(PolyphaseBank bank, ReadOnlySpan<short> input, Span<short> output)
    {
        var vectors = _path != FirPath.Scalar;
        var blocks = (_held + input.Length) / bank.Down;
        var at = 0;
        for (; _held > 0 && at < input.Length; at++)
        {
            Hold(bank, input[at]);
        }

        var whole = (input.Length - at) / bank.Down * bank.Down;
        var streams = _streams.AsSpan(bank.History + (at > 0 && _held == 0 ? 1 : 0));
        SampleStreams.Spread(input.Slice(at, whole), streams, bank.Down, bank.Stride, vectors);
        for (var phase = 0; phase < bank.Up; phase++)
        {
            var room = _phases.AsSpan(phase * Phases, Phases);
            FirKernels.Filter(_path, bank.Coefficients(phase), bank.Positions(phase), _streams, room, blocks);
        }

        SampleStreams.Join(_phases, Phases, bank.Up, blocks, output, vectors);
        for (var stream = 0; stream < bank.Down && blocks > 0; stream++)
        {
            var past = _streams.AsSpan(stream * bank.Stride, bank.Stride);
            past.Slice(blocks, bank.History).CopyTo(past);
        }

        foreach (var sample in input[(at + whole)..])
        {
            Hold(bank, sample);
        }

        return blocks * bank.Up;
    }

    private void Hold(PolyphaseBank bank, short sample)
    {
        _streams[(_held * bank.Stride) + bank.History] = sample;
        _held = (_held + 1) % bank.Down;
    }
}
