using System.Security.Cryptography;
using System.Text;

namespace Campaigns.Postgres.Local;

/// <summary>Where the data go when root wants them in a folder that the server's user cannot enter.</summary>
internal static class ReachableFolder
{
    private const string Fallback = "/var/lib/campaigns-orleans";

    internal static string For(string wanted)
    {
        var path = Path.GetFullPath(wanted);
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows() || DataFolder.ClosedParent(path) is null)
        {
            return path;
        }

        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12];
        return Path.Combine(Fallback, $"{Path.GetFileName(path)}-{mark}");
    }
}
