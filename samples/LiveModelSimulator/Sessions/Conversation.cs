using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace LiveModelSimulator;

/// <summary>What a conversation keeps through resumptions.</summary>
internal sealed class Conversation
{
    private readonly HashSet<string> _spent = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _refusals;

    /// <summary>True the first time for a name.</summary>
    public bool Spend(string name)
    {
        lock (_lock)
        {
            return _spent.Add(name);
        }
    }

    /// <summary>True for the first resumptions, as many as given.</summary>
    public bool RefusesResumption(int times) => Interlocked.Increment(ref _refusals) <= times;
}

/// <summary>A connection as others see it.</summary>
internal sealed class Connection(long sequence)
{
    private readonly TaskCompletionSource<DateTimeOffset> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Sequence => sequence;

    public bool Open => !_closed.Task.IsCompleted;

    public Task<DateTimeOffset> Closed => _closed.Task;

    public void Close(DateTimeOffset at) => _closed.TrySetResult(at);
}

/// <summary>Where a handle leads back to.</summary>
internal sealed record ResumePoint(Conversation Conversation, DialogueState State, Connection Connection, ModelProfile Model);

/// <summary>The handles there are.</summary>
internal sealed class HandleBook(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ResumePoint> _points = new(StringComparer.Ordinal);

    public string Issue(ResumePoint point)
    {
        var handle = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _points[handle] = point;
        return handle;
    }

    /// <summary>Null if the handle is unknown, or its session ended too long ago.</summary>
    public ResumePoint? Find(string handle) =>
        _points.TryGetValue(handle, out var point)
        && (point.Connection.Open || time.GetUtcNow() - point.Connection.Closed.Result <= point.Model.HandleLifetime) ? point : null;
}
