namespace Campaigns.Testing;

/// <summary>
/// Notes when the machine stood still: a tick that comes late is late for every call as well, whose sound then has holes that are nobody's
/// doing.
/// </summary>
public sealed class StallWatch : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(120);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _stalls = [];
    private readonly Task _watching;

    public StallWatch() => _watching = Task.Run(WatchAsync);

    /// <summary>The stalls so far.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Stalls
    {
        get
        {
            lock (_stalls)
            {
                return [.. _stalls];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Step);
        var last = TimeProvider.System.GetUtcNow();
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                var now = TimeProvider.System.GetUtcNow();
                if (now - last > Late)
                {
                    lock (_stalls)
                    {
                        _stalls.Add((last, now));
                    }
                }

                last = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The calls are over.
        }
    }
}
