namespace Campaigns.Audio;

/// <summary>
/// Records a call as it runs: a WAV file of two channels, the person left and the agent right, both placed by their positions in samples
/// from the beginning of the call. Gaps are silence. The file can be read at any moment and after a crash, up to the last second or
/// two. Calls return at once, whatever the disk does, and may come from different threads.
/// <para>
/// The person's audio is live, so its end is the present; the agent's is placed at the time at which it plays, which may lie ahead. What
/// lies ahead when a flush drops it, or when the call ends, is not in the recording.
/// </para>
/// </summary>
public sealed class WavRecorder : IAsyncDisposable
{
    private const int Person = 0;
    private const int Agent = 1;
    private static readonly TimeSpan MostGap = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly RecordingTimeline _timeline;
    private readonly WavWriter _writer;
    private readonly int _blockFrames;
    private readonly int _settleFrames;
    private readonly long _mostGap;
    private long _now;
    private long _skipped;
    private bool _completed;

    internal WavRecorder(Func<Stream> open, RecordingOptions options, Action<Exception>? onFailure)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        _blockFrames = Frames(options.Block);
        _settleFrames = Frames(options.Settle);
        _mostGap = (long)(MostGap.TotalSeconds * options.SampleRate);
        _timeline = new RecordingTimeline(_settleFrames + _blockFrames + Frames(options.Ahead));
        _writer = new WavWriter(open, options, _blockFrames, onFailure);

        int Frames(TimeSpan length) => (int)(length.TotalSeconds * options.SampleRate);
    }

    /// <summary>Frames that are in the file and in its header by now.</summary>
    public long WrittenFrames => _writer.WrittenFrames;

    /// <summary>Frames that are silence in the file because the disk did not follow, or are missing because it failed.</summary>
    public long LostFrames => _writer.LostFrames;

    /// <summary>Samples left out because they came too late for their place, too far ahead of it, or after the end.</summary>
    public long SkippedSamples => Interlocked.Read(ref _skipped);

    /// <summary>Begins a recording. The file is opened in the background: it must not exist, its folder must. Only its owner may read it.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="options">Rate and buffers.</param>
    /// <param name="onFailure">Told once, on another thread, when the file cannot be opened or written any more. The recorder then drops what comes.</param>
    /// <exception cref="ArgumentException">Options that cannot be.</exception>
    public static WavRecorder Create(string path, RecordingOptions options, Action<Exception>? onFailure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new WavRecorder(() => Open(path), options, onFailure);
    }

    /// <summary>Places what the person said. Its end is the present, from then on.</summary>
    /// <param name="position">Of the first sample, counted from the beginning of the call.</param>
    /// <param name="samples">At the recording's rate.</param>
    public void WritePerson(long position, ReadOnlySpan<short> samples)
    {
        lock (_gate)
        {
            while (!samples.IsEmpty)
            {
                if (!TryAdvance(position))
                {
                    Skip(samples.Length);
                    return;
                }

                // A chunk that is longer than the buffer goes in pieces.
                var piece = samples[..(int)Math.Clamp(_timeline.End - position, 1, samples.Length)];
                Skip(piece.Length - _timeline.Put(Person, position, piece));
                position += piece.Length;
                samples = samples[piece.Length..];
            }

            TryAdvance(position);
        }
    }

    /// <summary>Places what the agent says where the person hears it.</summary>
    /// <param name="position">Of the first sample, counted from the beginning of the call: the chunk's <see cref="PlayoutChunk.PlaysAt"/>.</param>
    /// <param name="samples">At the recording's rate.</param>
    public void WriteAgent(long position, ReadOnlySpan<short> samples)
    {
        lock (_gate)
        {
            Skip(samples.Length - (_completed ? 0 : _timeline.Put(Agent, position, samples)));
        }
    }

    /// <summary>The carrier was told to drop what it holds: of the agent nothing is heard from here on until it is written again.</summary>
    /// <param name="position">Time of the flush, in samples from the beginning of the call.</param>
    public void TruncateAgent(long position)
    {
        lock (_gate)
        {
            _timeline.Silence(Agent, position);
        }
    }

    /// <summary>Time has come this far, whether or not anybody said anything: what is older can be written.</summary>
    /// <param name="position">The present, in samples from the beginning of the call. An earlier one than known changes nothing.</param>
    /// <returns>Whether it was believed: the present is at most an hour further than it was.</returns>
    public bool Advance(long position)
    {
        lock (_gate)
        {
            return TryAdvance(position);
        }
    }

    /// <summary>Writes everything up to the present and closes the file. What comes later is left out.</summary>
    /// <param name="cancellationToken">Ends the wait for the disk, not the writing.</param>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (!_completed)
            {
                _completed = true;
                HandOn(_now, last: true);
                _writer.Complete();
            }
        }

        await _writer.Completion.WaitAsync(cancellationToken);
    }

    /// <summary>As <see cref="CompleteAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await CompleteAsync();

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private bool TryAdvance(long position)
    {
        if (_completed || position > _now + _mostGap)
        {
            return false;
        }

        if (position > _now)
        {
            _now = position;
            HandOn(_now - _settleFrames, last: false);
        }

        return true;
    }

    private void HandOn(long until, bool last)
    {
        while (until - _timeline.Start is > 0 and var ready && (last || ready >= _blockFrames))
        {
            var bytes = (int)Math.Min(ready, _blockFrames) * 4;
            var buffer = _writer.Rent();
            _timeline.Take(buffer.AsSpan(0, bytes));
            _writer.Offer(buffer, bytes);
        }
    }

    private void Skip(int samples) => Interlocked.Add(ref _skipped, samples);
}
