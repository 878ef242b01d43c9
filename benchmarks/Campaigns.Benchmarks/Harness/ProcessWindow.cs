using System.Diagnostics;

namespace Campaigns.Benchmarks.Harness;

/// <summary>What this process has used since the window was opened.</summary>
internal sealed class ProcessWindow
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpu = Cpu();
    private readonly long _allocated = GC.GetTotalAllocatedBytes(precise: true);
    private readonly TimeSpan _paused = GC.GetTotalPauseDuration();
    private readonly int _collections = GC.CollectionCount(0);

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>Cores in use on the average, user and system.</summary>
    public double Cores => (Cpu() - _cpu) / Elapsed;

    public double AllocatedPerSecond => (GC.GetTotalAllocatedBytes(precise: true) - _allocated) / Elapsed.TotalSeconds;

    public TimeSpan Paused => GC.GetTotalPauseDuration() - _paused;

    public int Collections => GC.CollectionCount(0) - _collections;

    private static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;
}
