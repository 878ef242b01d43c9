using System.Globalization;
using System.Text.RegularExpressions;

namespace Campaigns.Postgres.Local;

/// <summary>One installed PostgreSQL: its folder of programs and its major version.</summary>
internal sealed partial record PostgresBinaries(string Directory, int Major)
{
    internal const int OldestMajor = 15;
    internal const string OverrideVariable = "CAMPAIGNS_PG_BIN";

    internal string Postgres => Path.Combine(Directory, "postgres");

    internal string Initdb => Path.Combine(Directory, "initdb");

    /// <param name="wanted">The only folder to look in, or <see langword="null"/> for all the usual places.</param>
    /// <param name="clusterMajor">The version that made the data folder, which must be met; <see langword="null"/>: the newest.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    internal static async Task<PostgresBinaries> FindAsync(string? wanted, int? clusterMajor, CancellationToken cancellationToken)
    {
        wanted ??= Environment.GetEnvironmentVariable(OverrideVariable) is { Length: > 0 } overridden ? overridden : null;
        var found = await ListAsync(wanted, cancellationToken);
        var usable = found.Where(binaries => binaries.Major >= OldestMajor && (clusterMajor ?? binaries.Major) == binaries.Major)
            .MaxBy(binaries => binaries.Major);
        return usable ?? throw Missing(wanted, clusterMajor, found);
    }

    /// <summary>Whether a PostgreSQL that <see cref="LocalPostgres"/> can start is on the machine.</summary>
    internal static async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        var wanted = Environment.GetEnvironmentVariable(OverrideVariable) is { Length: > 0 } overridden ? overridden : null;
        return (await ListAsync(wanted, cancellationToken)).Any(binaries => binaries.Major >= OldestMajor);
    }

    private static async Task<IReadOnlyList<PostgresBinaries>> ListAsync(string? wanted, CancellationToken cancellationToken)
    {
        var found = new List<PostgresBinaries>();
        var folders = wanted is null ? await UsualFoldersAsync(cancellationToken) : [wanted];
        foreach (var folder in folders.Where(HasPrograms).Select(RealFolder).Where(HasPrograms).Distinct(StringComparer.Ordinal))
        {
            var version = await Shell.RunAsync([Path.Combine(folder, "postgres"), "--version"], input: null, cancellationToken);
            if (VersionPattern().Match(version.Output) is { Success: true } match)
            {
                found.Add(new PostgresBinaries(folder, int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture)));
            }
        }

        return found;
    }

    private static async Task<IEnumerable<string>> UsualFoldersAsync(CancellationToken cancellationToken)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var config = await Shell.RunAsync(["pg_config", "--bindir"], input: null, cancellationToken);
        return
        [
            .. path,
            .. Versions("/usr/lib/postgresql", "*"),
            .. Versions("/usr", "pgsql-*"),
            .. Versions("/opt/homebrew/opt", "postgresql@*"),
            .. Versions("/usr/local/opt", "postgresql@*"),
            .. Versions("/Applications/Postgres.app/Contents/Versions", "*"),
            .. config.ExitCode == 0 ? new[] { config.Output.Trim() } : [],
        ];
    }

    private static IEnumerable<string> Versions(string parent, string pattern) =>
        System.IO.Directory.Exists(parent)
            ? System.IO.Directory.EnumerateDirectories(parent, pattern).Select(folder => Path.Combine(folder, "bin"))
            : [];

    private static bool HasPrograms(string folder) =>
        Path.IsPathRooted(folder) && File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"));

    /// <summary>Links such as /usr/local/bin/postgres stand for the folder they point into.</summary>
    private static string RealFolder(string folder) =>
        File.ResolveLinkTarget(Path.Combine(folder, "postgres"), returnFinalTarget: true) is { } target
            ? Path.GetDirectoryName(target.FullName) ?? folder
            : folder;

    private static LocalPostgresException Missing(string? wanted, int? clusterMajor, IReadOnlyList<PostgresBinaries> found)
    {
        var where = wanted is null ? "on this machine (PATH, /usr/lib/postgresql/*/bin, pg_config)" : $"in {wanted}";
        var others = found.Count == 0 ? "" : $" Found: {string.Join(", ", found.Select(binaries => $"{binaries.Major} in {binaries.Directory}"))}.";
        return clusterMajor is { } major && found.Any(binaries => binaries.Major >= OldestMajor)
            ? new LocalPostgresException(
                LocalPostgresFailure.VersionMismatch,
                $"The data folder was made by PostgreSQL {major}, which is not {where}.{others} Install it (Debian, Ubuntu: " +
                $"apt-get install postgresql-{major}), or give another data folder.")
            : new LocalPostgresException(
                LocalPostgresFailure.BinariesMissing,
                $"PostgreSQL {clusterMajor ?? OldestMajor}{(clusterMajor is null ? " or later" : "")} was not found {where}.{others} Install the package " +
                "postgresql (Debian, Ubuntu: sudo apt-get install postgresql; macOS: brew install postgresql@17), or give a connection string " +
                $"of a running server, or set {OverrideVariable} to the folder of the programs postgres and initdb.");
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();
}
