using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Campaigns.Benchmarks.Bed;
using Campaigns.Hosting.Engine;

namespace Campaigns.Benchmarks.Harness;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    private const int Probes = 200;

    public static async Task<IReadOnlyList<(string Name, string Value)>> DescribeAsync(Server server, CancellationToken cancellationToken)
    {
        var (median, worst) = FsyncLatency(server.DataFolder);
        return
        [
            ("Date", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
            ("CPU", $"{Line("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores"),
            ("Memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:F1} GB"),
            ("System", $"{Line("/etc/os-release", "PRETTY_NAME").Trim('"')}, kernel {Environment.OSVersion.Version}, {RuntimeInformation.OSArchitecture}"),
            (".NET", $"{RuntimeInformation.FrameworkDescription}, {Build} build, {(System.Runtime.GCSettings.IsServerGC ? "server" : "workstation")} GC"),
            ("Orleans engine", OrleansEngine.Name),
            ("PostgreSQL", await server.DescribeAsync(cancellationToken)),
            ("File system of the data", new DriveInfo(server.DataFolder).DriveFormat),
            ("fsync of 8 kB there", $"{median:F2} ms median, {worst:F2} ms worst of {Probes}"),
            ("Load average at the start", LoadAverage.Now().ToString("F2", CultureInfo.InvariantCulture)),
        ];
    }

#if DEBUG
    private const string Build = "Debug";
#else
    private const string Build = "Release";
#endif

    private static string Line(string file, string key)
        => File.Exists(file)
            && File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOfAny([':', '=']) + 1)..].Trim()
            : "unknown";

    private static (double Median, double Worst) FsyncLatency(string folder)
    {
        var path = Path.Combine(folder, "fsync-probe");
        var page = new byte[8192];
        var times = new double[Probes];
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose))
        {
            for (var i = 0; i < Probes; i++)
            {
                file.Position = 0;
                var start = Stopwatch.GetTimestamp();
                file.Write(page);
                file.Flush(flushToDisk: true);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        Array.Sort(times);
        return (times[Probes / 2], times[^1]);
    }
}
