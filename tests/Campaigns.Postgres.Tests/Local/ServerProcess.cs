using System.Diagnostics;
using System.Globalization;

namespace Campaigns.Postgres.Tests.Local;

/// <summary>Looks at a server from outside, as the operating system sees it.</summary>
internal static class ServerProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static Process Postmaster(string cluster) =>
        Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(cluster, "postmaster.pid")).First(), CultureInfo.InvariantCulture));

    /// <summary>The fourth word of /proc/PID/stat; the second, in parentheses, may hold blanks.</summary>
    internal static Process Parent(Process process)
    {
        var stat = File.ReadAllText($"/proc/{process.Id}/stat");
        var words = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return Process.GetProcessById(int.Parse(words[1], CultureInfo.InvariantCulture));
    }

    internal static async Task KillAndWaitAsync(Process process)
    {
        process.Kill();
        await WaitForExitAsync(process);
    }

    internal static async Task WaitForExitAsync(Process process)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(timeout.Token);
    }
}
