using System.Globalization;

namespace Campaigns.Benchmarks.Harness;

/// <summary>The machine's load, for judging how far the numbers can be trusted.</summary>
internal static class LoadAverage
{
    private const double Calm = 0.5;
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(5);

    /// <summary>Of the last minute; 0 where the system does not tell.</summary>
    public static double Now()
        => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : 0;

    public static async Task WaitForCalmAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < patience && Now() >= Calm; waited += Glance)
        {
            await Task.Delay(Glance, cancellationToken);
        }
    }
}
