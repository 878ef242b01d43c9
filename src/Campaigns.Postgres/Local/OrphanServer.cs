using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Campaigns.Postgres.Local;

/// <summary>
/// A server whose owner died, of a folder that is now ours: it is stopping already or is told to. Also clears a stale <c>postmaster.pid</c>
/// whose number has passed to another process, which would keep PostgreSQL from starting.
/// </summary>
internal sealed class OrphanServer(string cluster, TimeSpan patience, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(10);

    /// <summary>Returns when no process of the folder's server is left.</summary>
    internal async Task SettleAsync(CancellationToken cancellationToken)
    {
        var living = await FolderProcesses.FindAsync(cluster, cancellationToken);
        if (living.Count > 0)
        {
            LocalPostgresLog.OrphanFound(logger, cluster, living.Count);
            living = await StopAsync(living, patience, hard: false, cancellationToken);
        }

        if (living.Count > 0)
        {
            living = await StopAsync(living, LastPatience, hard: true, cancellationToken);
        }

        if (living.Count > 0)
        {
            throw new LocalPostgresException(
                LocalPostgresFailure.TimedOut,
                $"An earlier server of {cluster} does not stop (process {living[0].ToString(CultureInfo.InvariantCulture)}).");
        }

        ClearStaleFile();
    }

    /// <returns>Those that still live when the patience is over.</returns>
    private async Task<IReadOnlyList<int>> StopAsync(
        IReadOnlyList<int> living, TimeSpan limit, bool hard, CancellationToken cancellationToken)
    {
        // The postmaster stops its children itself. Without one they are told one by one.
        var started = timeProvider.GetTimestamp();
        var postmaster = PostmasterFile.Read(cluster)?.ProcessId;
        var headed = postmaster is { } id && living.Contains(id);
        var signal = hard ? "QUIT" : headed ? "INT" : "TERM";
        await FolderProcesses.SignalAsync(cluster, headed && !hard ? [postmaster!.Value] : living, signal, cancellationToken);
        while (living.Count > 0 && timeProvider.GetElapsedTime(started) < limit)
        {
            await Task.Delay(Glance, timeProvider, cancellationToken);
            living = await FolderProcesses.FindAsync(cluster, cancellationToken);
        }

        return living;
    }

    /// <summary>
    /// PostgreSQL removes the file of a dead process itself, and checks the shared memory it names. It stops at an empty one, and takes any
    /// living process of its own user for a server: only then the file is removed here. No process of this folder is left at this point.
    /// </summary>
    private void ClearStaleFile()
    {
        var path = PostmasterFile.PathIn(cluster);
        if (!OperatingSystem.IsLinux() || !File.Exists(path))
        {
            return;
        }

        var named = PostmasterFile.Read(cluster)?.ProcessId;
        if (named is null || Directory.Exists($"/proc/{named.Value.ToString(CultureInfo.InvariantCulture)}"))
        {
            LocalPostgresLog.StaleFileRemoved(logger, cluster, named ?? 0);
            File.Delete(path);
        }
    }
}
