namespace Campaigns.AudioTests;

/// <summary>
/// A file in memory that remembers every write, so that it can be had as a kill at any byte of any write leaves it. It can hold writes
/// back, fail them, and be waited for.
/// </summary>
internal sealed class JournalStream : MemoryStream
{
    private readonly Lock _lock = new();
    private readonly List<(long At, byte[] Bytes)> _writes = [];
    private readonly SemaphoreSlim _flushed = new(0);

    /// <summary>Writes wait for it where it is set.</summary>
    public ManualResetEventSlim? Gate { get; init; }

    /// <summary>Writes fail from this length of the file on.</summary>
    public long FailsAt { get; init; } = long.MaxValue;

    public int Writes => _writes.Count;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Gate?.Wait(TimeSpan.FromSeconds(30)) == false)
        {
            throw new TimeoutException("The gate was not opened within 30 s.");
        }

        if (Position + buffer.Length > FailsAt)
        {
            throw new IOException("No space left on device.");
        }

        lock (_lock)
        {
            var bytes = buffer.ToArray();
            _writes.Add((Position, bytes));
            base.Write(bytes, 0, bytes.Length);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        base.Flush();
        _flushed.Release();
    }

    public async Task WaitForFlushesAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(await _flushed.WaitAsync(TimeSpan.FromSeconds(30)), $"Flush {i + 1} of {count} did not come within 30 s.");
        }
    }

    public MemoryStream Copy()
    {
        lock (_lock)
        {
            return new MemoryStream(ToArray());
        }
    }

    /// <summary>The file after so many whole writes and a part of the next.</summary>
    public MemoryStream After(int writes, int bytes)
    {
        var file = new MemoryStream();
        for (var i = 0; i < writes || (i == writes && bytes > 0); i++)
        {
            file.Position = _writes[i].At;
            file.Write(_writes[i].Bytes.AsSpan(0, i == writes ? bytes : _writes[i].Bytes.Length));
        }

        return file;
    }

    public int LengthOf(int write) => _writes[write].Bytes.Length;
}
