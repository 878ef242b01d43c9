using System.Collections.Concurrent;
using Campaigns.Chaos.Bed;
using Campaigns.Testing.Hosts;

namespace Campaigns.Chaos.Troubles;

/// <summary>
/// What keeps processes running wherever the product is run: a silo that its cluster took for dead ends itself when it finds out, which may be long after
/// it woke, and is started again. Nobody else may end by itself.
/// </summary>
public sealed partial class Mischief
{
    // Since when they are awake again, by name.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _woken = new(StringComparer.Ordinal);
    private Round? _present;

    /// <summary>Starts silos again that woke and ended themselves, until it is cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (var name in _woken.Keys.Where(name => bed.Hosts[name].HasExited))
                {
                    if (_woken.TryRemove(name, out var woken))
                    {
                        await StartAgainAsync(name, woken);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task StartAgainAsync(string name, DateTimeOffset woken)
    {
        // Whoever it spoke with since it woke was cut off.
        bed.Disturb(bed.Hosts[name].Port, woken);
        if (_present is { } round)
        {
            lock (round)
            {
                round.Notes.Add($"{name} ended itself and was started again");
            }
        }

        await bed.Hosts.StartAsync(name);
        bed.Calm(bed.Hosts[name].Port);
    }

    /// <summary>Null when a host is ready at last, started again meanwhile or not.</summary>
    private async Task<string?> ReadyComplaintAsync(string name, string state, CancellationToken cancellationToken)
    {
        ProductProcess host;
        string? complaint;
        do
        {
            host = bed.Hosts[name];
            complaint = await Health.ComplaintAsync(host, state, ready: 200, live: 200, Soon, cancellationToken);
            if (complaint is not null && host.HasExited)
            {
                await WhenReplacedAsync(name, host, cancellationToken);
            }
        }
        while (complaint is not null && bed.Hosts[name] != host);
        return complaint;
    }

    /// <summary>A moment in which the keeper sees what has ended.</summary>
    private async Task WhenReplacedAsync(string name, ProductProcess host, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var looks = 0; looks < 20 && bed.Hosts[name] == host; looks++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
