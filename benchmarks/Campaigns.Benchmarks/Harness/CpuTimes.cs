using System.Globalization;

namespace Campaigns.Benchmarks.Harness;

/// <summary>Processor time of a process with all its children, the ended ones included. Linux only.</summary>
internal static class CpuTimes
{
    // Linux counts in ticks of 1/100 s for programs, whatever the kernel's own clock.
    private const double TicksPerSecond = 100;

    public static TimeSpan OfTree(int processId)
    {
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Stat(id) is { } stat)
            {
                // Fields 14 to 17 of proc(5): own user and system time, then that of children that were waited for.
                ticks += id == processId ? stat[11] + stat[12] + stat[13] + stat[14] : stat[1] == processId ? stat[11] + stat[12] : 0;
            }
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>The fields from the third on, after the program's name, which may hold anything. Null when the process has gone.</summary>
    private static long[]? Stat(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return [0, .. fields.Skip(1).Take(14).Select(f => long.Parse(f, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
