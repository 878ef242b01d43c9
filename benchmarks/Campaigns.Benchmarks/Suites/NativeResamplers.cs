using System.Runtime.InteropServices;

namespace Campaigns.Benchmarks.Suites;

/// <summary>libsoxr and speexdsp from the distribution, where they are installed: what others resample telephone audio with.</summary>
internal static partial class NativeResamplers
{
    private const string Soxr = "libsoxr.so.0";
    private const string Speex = "libspeexdsp.so.1";
    private const uint Int16Interleaved = 3;

    public static bool HasSoxr { get; } = NativeLibrary.TryLoad(Soxr, out _);

    public static bool HasSpeex { get; } = NativeLibrary.TryLoad(Speex, out _);

    /// <summary>A stream of one channel, 16 bits in and out.</summary>
    internal interface IStream : IDisposable
    {
        /// <returns>Samples written.</returns>
        int Process(ReadOnlySpan<short> input, Span<short> output);

        /// <returns>The samples that come after the last input.</returns>
        int Finish(Span<short> output);
    }

    /// <summary>With libsoxr's own HQ recipe (20 bits), or at 16 bits with the band that our filters have.</summary>
    public static IStream OpenSoxr(int from, int to, bool ownBand) => new SoxrStream(from, to, ownBand);

    /// <param name="from">Hz.</param>
    /// <param name="to">Hz.</param>
    /// <param name="quality">0 to 10.</param>
    public static IStream OpenSpeex(int from, int to, int quality) => new SpeexStream(from, to, quality);

    [LibraryImport(Soxr)]
    private static partial SoxrQuality soxr_quality_spec(CULong recipe, CULong flags);

    [LibraryImport(Soxr)]
    private static partial SoxrIo soxr_io_spec(uint inputType, uint outputType);

    [LibraryImport(Soxr)]
    private static partial nint soxr_create(
        double from, double to, uint channels, out nint error, in SoxrIo io, in SoxrQuality quality, nint runtime);

    [LibraryImport(Soxr)]
    private static unsafe partial nint soxr_process(
        nint soxr, short* input, nuint inputLength, out nuint consumed, short* output, nuint outputLength, out nuint written);

    [LibraryImport(Soxr)]
    private static partial void soxr_delete(nint soxr);

    [LibraryImport(Speex)]
    private static partial nint speex_resampler_init(uint channels, uint from, uint to, int quality, out int error);

    [LibraryImport(Speex)]
    private static unsafe partial int speex_resampler_process_int(
        nint state, uint channel, short* input, ref uint inputLength, short* output, ref uint outputLength);

    [LibraryImport(Speex)]
    private static partial int speex_resampler_get_input_latency(nint state);

    [LibraryImport(Speex)]
    private static partial void speex_resampler_destroy(nint state);

    [StructLayout(LayoutKind.Sequential)]
    private struct SoxrQuality
    {
        public double Precision;
        public double PhaseResponse;
        public double PassBandEnd;
        public double StopBandBegin;
        public nint Reserved;
        public CULong Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SoxrIo
    {
        public uint InputType;
        public uint OutputType;
        public double Scale;
        public nint Reserved;
        public CULong Flags;
    }

    private sealed class SoxrStream : IStream
    {
        private static readonly CULong High = new(4);
        private static readonly CULong Bits16 = new(3);
        private readonly nint _soxr;

        public SoxrStream(int from, int to, bool ownBand)
        {
            var quality = soxr_quality_spec(ownBand ? Bits16 : High, default);
            if (ownBand)
            {
                (quality.PassBandEnd, quality.StopBandBegin) = (0.85, 1.0);
            }

            _soxr = soxr_create(from, to, 1, out var error, soxr_io_spec(Int16Interleaved, Int16Interleaved), quality, 0);
            if (_soxr == 0)
            {
                throw new InvalidOperationException($"libsoxr: {Marshal.PtrToStringUTF8(error)}");
            }
        }

        public unsafe int Process(ReadOnlySpan<short> input, Span<short> output)
        {
            var total = 0;
            fixed (short* from = input)
            fixed (short* to = output)
            {
                for (nuint done = 0; done < (nuint)input.Length;)
                {
                    soxr_process(_soxr, from + done, (nuint)input.Length - done, out var consumed, to + total, (nuint)(output.Length - total), out var written);
                    done += consumed;
                    total += (int)written;
                    if (consumed == 0 && written == 0)
                    {
                        throw new InvalidOperationException("libsoxr does not go on.");
                    }
                }
            }

            return total;
        }

        public unsafe int Finish(Span<short> output)
        {
            fixed (short* to = output)
            {
                soxr_process(_soxr, null, 0, out _, to, (nuint)output.Length, out var written);
                return (int)written;
            }
        }

        public void Dispose() => soxr_delete(_soxr);
    }

    private sealed class SpeexStream : IStream
    {
        private readonly nint _state;

        public SpeexStream(int from, int to, int quality)
        {
            _state = speex_resampler_init(1, (uint)from, (uint)to, quality, out var error);
            if (_state == 0)
            {
                throw new InvalidOperationException($"speexdsp: error {error}");
            }
        }

        public unsafe int Process(ReadOnlySpan<short> input, Span<short> output)
        {
            fixed (short* from = input)
            fixed (short* to = output)
            {
                var (read, written) = ((uint)input.Length, (uint)output.Length);
                var error = speex_resampler_process_int(_state, 0, from, ref read, to, ref written);
                return error == 0 && read == input.Length ? (int)written : throw new InvalidOperationException($"speexdsp: error {error}");
            }
        }

        public int Finish(Span<short> output) => Process(new short[speex_resampler_get_input_latency(_state)], output);

        public void Dispose() => speex_resampler_destroy(_state);
    }
}
