using System.Globalization;
using Campaigns.Testing;

namespace Campaigns.Chaos.Bed;

/// <summary>
/// Tells a machine that was too busy from a product that was late: moments at which no core had anything left, by the kernel's own count, or at which
/// nothing ran for a while.
/// </summary>
public sealed class MachineWatch : IAsyncDisposable
{
    private const double Idle = 0.05;
    private const double Most = 0.4;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(1);

    private readonly StallWatch _stalls = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<(DateTimeOffset At, bool Saturated)> _samples = [];
    private readonly Task _watching;

    public MachineWatch() => _watching = Task.Run(WatchAsync);

    /// <summary>The part of the time, from 0 to 1, in which every core was busy.</summary>
    public double Saturated
    {
        get
        {
            lock (_samples)
            {
                return _samples.Count == 0 ? 0 : (double)_samples.Count(sample => sample.Saturated) / _samples.Count;
            }
        }
    }

    /// <summary>Whether sound that was missing between these moments can be the machine's doing.</summary>
    public bool WasStarved(DateTimeOffset from, DateTimeOffset to)
    {
        from -= Before;
        if (_stalls.Stalls.Any(stall => stall.To > from && stall.From < to))
        {
            return true;
        }

        lock (_samples)
        {
            var looks = _samples.Where(sample => sample.At >= from && sample.At <= to + Step).ToArray();
            return looks.Length > 0 && looks.Count(sample => sample.Saturated) >= Most * looks.Length;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        await _stalls.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Step);
        var last = Read();
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                var now = Read();
                var all = now.All - last.All;
                if (all > 0)
                {
                    lock (_samples)
                    {
                        _samples.Add((TimeProvider.System.GetUtcNow(), (now.Idle - last.Idle) < Idle * all));
                    }

                    last = now;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>The kernel's ticks of all cores: idle, with those spent waiting for a disk, and altogether.</summary>
    private static (long Idle, long All) Read()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return (ticks[3] + ticks[4], ticks[..8].Sum());
    }
}
