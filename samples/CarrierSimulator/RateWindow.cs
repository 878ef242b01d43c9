namespace CarrierSimulator;

/// <summary>At most so many requests in any rolling minute. A refused request takes nothing. Not safe for concurrent use.</summary>
internal sealed class RateWindow
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private readonly Queue<DateTimeOffset> _taken = new();

    /// <summary>Null if the request is within the limit, else how long until one would be.</summary>
    public TimeSpan? Take(DateTimeOffset now, int? limit)
    {
        if (limit is null)
        {
            return null;
        }

        while (_taken.TryPeek(out var oldest) && now - oldest >= s_window)
        {
            _taken.Dequeue();
        }

        if (_taken.Count >= limit)
        {
            return s_window - (now - _taken.Peek());
        }

        _taken.Enqueue(now);
        return null;
    }
}
