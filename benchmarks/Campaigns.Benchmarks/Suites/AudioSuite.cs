using Campaigns.Audio;
using Campaigns.AudioTests;
using Campaigns.Benchmarks.Harness;

namespace Campaigns.Benchmarks.Suites;

/// <summary>
/// Processor time of resampling 100 ms of a call in chunks of 20 ms, and what it does to the sound, beside the libraries that others use.
/// </summary>
internal sealed class AudioSuite : Suite
{
    private const int ChunksPer100Milliseconds = 5;
    private const int WarmUpRuns = 3;

    private static readonly (int From, int To)[] Pairs = [(8000, 16000), (16000, 8000), (8000, 24000), (24000, 8000), (16000, 24000), (24000, 16000)];

    // Those that every call needs; of the others only the cost is of interest beside ours.
    private const int Common = 4;

    public override string Name => "audio";

    public override Task RunAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        foreach (var missing in Missing())
        {
            Console.Error.WriteLine($"  {missing} is not installed: measured without it.");
        }

        foreach (var (from, to) in Pairs)
        {
            Costs(run, from, to, cancellationToken);
        }

        foreach (var (from, to) in Pairs[..Common])
        {
            Responses(run, from, to, cancellationToken);
        }

        Others(run);
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Missing()
    {
        if (!NativeResamplers.HasSoxr)
        {
            yield return "libsoxr (Debian: libsoxr0)";
        }

        if (!NativeResamplers.HasSpeex)
        {
            yield return "speexdsp (Debian: libspeexdsp1)";
        }
    }

    // Who resamples, by name; the first is what the product does.
    private static IEnumerable<(string Name, Func<NativeResamplers.IStream> Open)> Contenders(int from, int to)
    {
        yield return ($"{FirKernels.Widest}", () => new Ours(from, to, FirKernels.Widest));
        if (NativeResamplers.HasSoxr)
        {
            yield return ("libsoxr 16 bits with our band", () => NativeResamplers.OpenSoxr(from, to, ownBand: true));
            yield return ("libsoxr HQ", () => NativeResamplers.OpenSoxr(from, to, ownBand: false));
        }

        if (NativeResamplers.HasSpeex)
        {
            yield return ("speexdsp quality 4", () => NativeResamplers.OpenSpeex(from, to, 4));
            yield return ("speexdsp quality 10", () => NativeResamplers.OpenSpeex(from, to, 10));
        }
    }

    private static string Rates(int from, int to) => $"{from / 1000} → {to / 1000} kHz";

    private void Costs(SuiteRun run, int from, int to, CancellationToken cancellationToken)
    {
        var ours = Enum.GetValues<FirPath>().Where(p => p <= FirKernels.Widest).OrderDescending()
            .Select(p => ($"{p}", (Func<NativeResamplers.IStream>)(() => new Ours(from, to, p))));
        var contenders = ours.Concat(Contenders(from, to).Skip(1)).ToArray();
        var streams = contenders.Select(c => (c.Item1, Stream: c.Item2(), Times: new List<double>())).ToArray();
        var seconds = run.Options.Scaled(20, 2);
        var input = Signals.SpeechBand(from, 1);

        // All in turns, so that a busy machine slows every one of them.
        for (var i = -WarmUpRuns; i < run.Options.Runs; i++)
        {
            foreach (var (_, stream, times) in streams)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var time = Time(stream, input, from, to, seconds);
                if (i >= 0)
                {
                    times.Add(time);
                }
            }
        }

        foreach (var (name, stream, times) in streams)
        {
            var row = new Row(Name, $"{Rates(from, to)}, {name}: 100 ms of a call", "µs", times);
            run.Add(name == $"{FirKernels.Widest}" ? row.Below(10) : row);
            stream.Dispose();
        }
    }

    private static double Time(NativeResamplers.IStream stream, short[] input, int from, int to, int seconds)
    {
        var output = new short[to];
        var chunk = from / 50;
        var start = ThreadTime.Now();
        for (var second = 0; second < seconds; second++)
        {
            for (var at = 0; at < input.Length; at += chunk)
            {
                stream.Process(input.AsSpan(at, chunk), output);
            }
        }

        return (ThreadTime.Now() - start).TotalMicroseconds / (seconds * 50) * ChunksPer100Milliseconds;
    }

    private void Responses(SuiteRun run, int from, int to, CancellationToken cancellationToken)
    {
        foreach (var (name, open) in Contenders(from, to))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var response = new FrequencyResponse(input => Convert(open, input, to), from, to);
            var mine = name == $"{FirKernels.Widest}";
            var edge = Math.Min(from, to) / 8000 * 3.4;
            var ripple = new Row(Name, $"{Rates(from, to)}, {name}: ripple to {Numbers.Text(edge)} kHz", "dB", [response.RippleDecibels()]);
            var stop = new Row(Name, $"{Rates(from, to)}, {name}: images and aliases down by", "dB", [response.RejectionDecibels()]);
            run.Add(mine ? ripple.Below(0.1) : ripple);
            run.Add(mine ? stop.AtLeast(75) : stop);
            run.Add(new Row(Name, $"{Rates(from, to)}, {name}: delay of a stream", "ms", [StreamDelay(open, from, to)]));
        }
    }

    private static short[] Convert(Func<NativeResamplers.IStream> open, short[] input, int to)
    {
        using var stream = open();
        var output = new short[to * 4];
        var count = stream.Process(input, output);
        return output[..(count + stream.Finish(output.AsSpan(count)))];
    }

    // Some libraries take the filter's delay off the sound and pay it in waiting for samples. Both count: how long after an impulse
    // went in, in chunks of one millisecond, its peak comes out of a stream that runs in real time.
    private static double StreamDelay(Func<NativeResamplers.IStream> open, int from, int to)
    {
        using var stream = open();
        var (chunk, output) = (from / 1000, new short[to]);
        var impulse = new short[chunk];
        impulse[0] = 16_000;
        var (loudest, when) = (0, 0.0);
        for (var millisecond = 0; millisecond < 500; millisecond++)
        {
            var count = stream.Process(millisecond == 100 ? impulse : new short[chunk], output);
            for (var i = 0; i < count; i++)
            {
                if (Math.Abs((int)output[i]) > loudest)
                {
                    // What comes out of a call is heard one sample after the other, behind what came before it.
                    (loudest, when) = (Math.Abs((int)output[i]), millisecond + ((i + 1.0) / to * 1000));
                }
            }
        }

        return when - 100;
    }

    private void Others(SuiteRun run)
    {
        var call = Signals.Speech(8000, run.Options.Scaled(20, 2));
        var speech = new SpeechDetector(8000);
        var beep = new BeepDetector(8000);
        var meter = new LevelMeter(8000);
        Measure("level meter", chunk => meter.Process(chunk, []));
        Measure("speech detector", chunk => speech.Process(chunk, []));
        Measure("beep detector", chunk => beep.Process(chunk, out _));
        var chunkBytes = new byte[1600];
        using var playout = new PlayoutBuffer(new PlayoutOptions());
        playout.BeginUtterance(1);
        var now = TimeSpan.Zero;
        Measure("playout", chunk =>
        {
            now += TimeSpan.FromMilliseconds(20);
            playout.Write(chunk);
            while (playout.TryTake(now, chunkBytes, out _))
            {
            }
        });
        var file = Path.Combine(run.Options.DataFolder, $"recording-{Guid.NewGuid():N}.wav");
        var position = 0L;
        var recorder = WavRecorder.Create(file, new RecordingOptions { QueuedBlocks = 1000 });
        Measure("recorder, both channels, without the disk's thread", chunk =>
        {
            recorder.WritePerson(position, chunk);
            recorder.WriteAgent(position += chunk.Length, chunk);
        });
        recorder.DisposeAsync().AsTask().Wait();
        File.Delete(file);

        void Measure(string what, Action<ReadOnlySpan<short>> work)
        {
            var times = new List<double>();
            for (var i = -WarmUpRuns; i < run.Options.Runs; i++)
            {
                var start = ThreadTime.Now();
                for (var at = 0; at + 160 <= call.Length; at += 160)
                {
                    work(call.AsSpan(at, 160));
                }

                if (i >= 0)
                {
                    times.Add((ThreadTime.Now() - start).TotalMicroseconds / (call.Length / 160) * ChunksPer100Milliseconds);
                }
            }

            run.Add(new Row(Name, $"{what}: 100 ms of a call at 8 kHz", "µs", times));
        }
    }

    private sealed class Ours(int from, int to, FirPath path) : NativeResamplers.IStream
    {
        private readonly Resampler _resampler = Resampler.Create(from, to, path);

        public int Process(ReadOnlySpan<short> input, Span<short> output) => _resampler.Process(input, output);

        public int Finish(Span<short> output) => _resampler.Finish(output);

        public void Dispose()
        {
        }
    }
}
