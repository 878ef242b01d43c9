using System.Globalization;

namespace Campaigns.Postgres.Local;

/// <summary>
/// What <c>postmaster.pid</c> says: process id, port and status lines (lines 1, 4 and 8; PostgreSQL's <c>utils/pidfile.h</c>). It may be stale:
/// the process id may by now belong to anybody.
/// </summary>
internal sealed record PostmasterFile(int ProcessId, int Port, bool Ready)
{
    internal static string PathIn(string cluster) => Path.Combine(cluster, "postmaster.pid");

    /// <returns><see langword="null"/> when there is none, or only half of one.</returns>
    internal static PostmasterFile? Read(string cluster)
    {
        if (!File.Exists(PathIn(cluster)))
        {
            return null;
        }

        string[] lines;
        try
        {
            lines = File.ReadAllLines(PathIn(cluster));
        }
        catch (IOException)
        {
            // Removed meanwhile.
            return null;
        }

        return lines.Length > 0 && Number(lines[0]) is { } processId
            ? new PostmasterFile(
                processId,
                lines.Length > 3 ? Number(lines[3]) ?? 0 : 0,
                lines.Length > 7 && string.Equals(lines[7].Trim(), "ready", StringComparison.Ordinal))
            : null;
    }

    private static int? Number(string line) =>
        int.TryParse(line.Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
