using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Campaigns.Audio;

/// <summary>
/// Writes blocks to a WAV file in the background. Whoever offers a block never waits: where the disk does not follow, the block becomes
/// silence of the same length. Samples go first and the header's sizes after them, so that the file can be read at any moment.
/// </summary>
internal sealed class WavWriter
{
    private const int FrameBytes = 4;
    private const long MostBytes = uint.MaxValue - WavHeader.Bytes - FrameBytes;

    // A disk that hangs may hold up this many threads of the pool, however many calls are recorded.
    private static readonly TaskScheduler Disk = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 4).ConcurrentScheduler;

    private readonly Channel<Block> _queue;
    private readonly ConcurrentQueue<byte[]> _free = new();
    private readonly Func<Stream> _open;
    private readonly Action<Exception>? _onFailure;
    private readonly int _sampleRate;
    private readonly int _blockBytes;
    private long _silence;
    private long _lost;
    private long _written;

    public WavWriter(Func<Stream> open, RecordingOptions options, int blockFrames, Action<Exception>? onFailure)
    {
        (_open, _onFailure) = (open, onFailure);
        (_sampleRate, _blockBytes) = (options.SampleRate, blockFrames * FrameBytes);
        _queue = Channel.CreateBounded<Block>(new BoundedChannelOptions(options.QueuedBlocks) { SingleReader = true, SingleWriter = true });
        Completion = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Disk).Unwrap();
    }

    /// <summary>Ends after <see cref="Complete"/>, when everything is in the file or was given up. Never fails.</summary>
    public Task Completion { get; }

    /// <summary>Frames in the file whose place in the header is written.</summary>
    public long WrittenFrames => Interlocked.Read(ref _written) / FrameBytes;

    /// <summary>Frames that are silence in the file because the disk did not follow, or are not there because it failed.</summary>
    public long LostFrames => Interlocked.Read(ref _lost) / FrameBytes;

    /// <summary>A buffer for a block; to be offered, whatever comes.</summary>
    public byte[] Rent() => _free.TryDequeue(out var buffer) ? buffer : new byte[_blockBytes];

    /// <summary>Takes the first bytes of the buffer. One caller at a time.</summary>
    public void Offer(byte[] buffer, int bytes)
    {
        if (_queue.Writer.TryWrite(new Block(_silence, buffer, bytes)))
        {
            _silence = 0;
            return;
        }

        _silence += bytes;
        Interlocked.Add(ref _lost, bytes);
        _free.Enqueue(buffer);
    }

    /// <summary>Nothing more comes.</summary>
    public void Complete()
    {
        if (_silence > 0 && !_queue.Writer.TryWrite(new Block(_silence, [], 0)))
        {
            // The queue is full: the file ends a little early. It was silence.
            _silence = 0;
        }

        _queue.Writer.TryComplete();
    }

    private async Task RunAsync()
    {
        try
        {
            await using var stream = _open();
            stream.Write(WavHeader.Pcm16(_sampleRate, channels: 2));
            var data = 0L;
            await foreach (var block in _queue.Reader.ReadAllAsync())
            {
                Write(stream, block, ref data);
                _free.Enqueue(block.Buffer);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            await GiveUpAsync(exception);
        }
    }

    private void Write(Stream stream, Block block, ref long data)
    {
        if (data + block.Silence + block.Bytes > MostBytes)
        {
            throw new IOException("The recording is as long as a WAV file can be.");
        }

        stream.Position = WavHeader.Bytes + data;
        // One block of zeros at a time: silence is long only where the disk was behind for long.
        for (var silence = block.Silence; silence > 0; silence -= _blockBytes)
        {
            stream.Write(new byte[Math.Min(silence, _blockBytes)]);
        }

        stream.Write(block.Buffer.AsSpan(0, block.Bytes));
        data += block.Silence + block.Bytes;
        WavFile.WriteSizes(stream, data);
        stream.Flush();
        Interlocked.Exchange(ref _written, data);
    }

    // The call goes on: what comes is dropped, and said once.
    private async Task GiveUpAsync(Exception exception)
    {
        _onFailure?.Invoke(exception);
        await foreach (var block in _queue.Reader.ReadAllAsync())
        {
            Interlocked.Add(ref _lost, block.Bytes);
            _free.Enqueue(block.Buffer);
        }
    }

    /// <param name="Silence">Bytes of silence that come before it.</param>
    /// <param name="Buffer">Holds it.</param>
    /// <param name="Bytes">Of the buffer.</param>
    private readonly record struct Block(long Silence, byte[] Buffer, int Bytes);
}
