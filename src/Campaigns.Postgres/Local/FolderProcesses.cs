using System.Globalization;

namespace Campaigns.Postgres.Local;

/// <summary>
/// The living PostgreSQL processes of one data folder, and only those: their program is named postgres and their working directory, which
/// PostgreSQL sets to the data folder, is ours. A process id from a file is never trusted.
/// </summary>
internal static class FolderProcesses
{
    private const string Postgres = "postgres";

    /// <param name="cluster">The data folder, all links resolved.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    internal static async Task<IReadOnlyList<int>> FindAsync(string cluster, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux())
        {
            return [.. Directory.EnumerateDirectories("/proc").Select(Id).OfType<int>().Where(id => Belongs(id, cluster))];
        }

        // Elsewhere the command line tells: the server is always started with -D and the folder.
        if (PostmasterFile.Read(cluster) is not { } file)
        {
            return [];
        }

        var id = file.ProcessId.ToString(CultureInfo.InvariantCulture);
        var command = await Shell.RunAsync(["ps", "-ww", "-o", "args=", "-p", id], input: null, cancellationToken);
        return command.Output.Contains($"{Postgres} -D {cluster} ", StringComparison.Ordinal) ? [file.ProcessId] : [];
    }

    /// <summary>Sends the signal to each of them that still is a PostgreSQL process of this folder.</summary>
    internal static async Task SignalAsync(string cluster, IEnumerable<int> processes, string signal, CancellationToken cancellationToken)
    {
        var living = await FindAsync(cluster, cancellationToken);
        var ids = processes.Intersect(living).Select(id => id.ToString(CultureInfo.InvariantCulture)).ToList();
        if (ids.Count > 0)
        {
            await Shell.RunAsync(["/bin/sh", "-c", "kill -s \"$@\"", "sh", signal, .. ids], input: null, cancellationToken);
        }
    }

    private static int? Id(string folder) =>
        int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static bool Belongs(int id, string cluster)
    {
        try
        {
            // A package upgrade under a running server leaves "postgres (deleted)".
            var program = Path.GetFileName(new FileInfo($"/proc/{id}/exe").LinkTarget);
            return program?.Split(' ')[0] == Postgres && new FileInfo($"/proc/{id}/cwd").LinkTarget == cluster;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone by now, or somebody else's process: in neither case a server of ours.
            return false;
        }
    }
}
