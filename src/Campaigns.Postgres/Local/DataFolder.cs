using System.Globalization;

namespace Campaigns.Postgres.Local;

/// <summary>
/// The folder of one private server, held by one living owner at a time through a file lock that the kernel drops when the owner dies.
/// <c>cluster</c> appears by a rename, only when <c>initdb</c> has completed: what bears that name is complete and is never deleted.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string ClusterName = "cluster";
    private const string UnfinishedPrefix = "cluster.new.";
    private const string LockName = "owner.lock";
    private const string OwnerName = "owner.pid";
    private const string LogName = "server.log";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream ownerLock)
    {
        Path = path;
        _lock = ownerLock;
    }

    /// <summary>The folder, with all links resolved once <see cref="OpenToAsync"/> has run.</summary>
    internal string Path { get; private set; }

    internal string Cluster => ClusterIn(Path);

    internal string PasswordFile => System.IO.Path.Combine(Cluster, "campaigns.password");

    internal string Log => System.IO.Path.Combine(Path, LogName);

    internal static string ClusterIn(string folder) => System.IO.Path.Combine(folder, ClusterName);

    /// <returns>The major version that made the cluster, or <see langword="null"/> when there is none yet.</returns>
    internal static int? MajorVersion(string folder)
    {
        if (!Directory.Exists(ClusterIn(folder)))
        {
            return null;
        }

        var file = System.IO.Path.Combine(ClusterIn(folder), "PG_VERSION");
        try
        {
            return int.Parse(File.ReadAllText(file).AsSpan().Trim(), CultureInfo.InvariantCulture);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Unusable($"{folder} belongs to another user: start as that user, as root, or give another data folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or FormatException)
        {
            throw Unusable($"{ClusterIn(folder)} is not a PostgreSQL data folder any more: {file} is missing or unreadable.", exception);
        }
    }

    /// <summary>Makes the folder if need be and takes it for this process.</summary>
    internal static DataFolder Take(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("A private PostgreSQL server needs Linux or macOS. Give a connection string instead.");
        }

        try
        {
            if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path) ?? "/");
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            if (!Directory.Exists(ClusterIn(path)) && Directory.EnumerateFileSystemEntries(path).FirstOrDefault(Foreign) is { } foreign)
            {
                throw Unusable($"{path} is not empty and no server's data folder (it holds {foreign}). Give a new or empty folder.");
            }

            var ownerLock = new FileStream(
                System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                File.WriteAllText(
                    System.IO.Path.Combine(path, OwnerName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
                return new DataFolder(path, ownerLock);
            }
            catch
            {
                ownerLock.Dispose();
                throw;
            }
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Unusable($"{path} cannot be written: {exception.Message} Give a folder of your own.", exception);
        }
        catch (IOException exception) when (IsLocked(exception))
        {
            throw new LocalPostgresException(
                LocalPostgresFailure.DataDirectoryInUse,
                $"Another living process{OwnerOf(path)} runs the server of {path}. Stop it, or give another data folder.",
                exception);
        }
        catch (IOException exception)
        {
            throw ForIo(path, exception);
        }
    }

    /// <summary>Hands the folder to the server's user, and makes sure that they can get there.</summary>
    internal async Task OpenToAsync(ServerAccount account, CancellationToken cancellationToken)
    {
        if (account.Ids is { } ids)
        {
            var chown = await Shell.RunAsync(["chown", ids, Path], input: null, cancellationToken);
            if (chown.ExitCode != 0)
            {
                throw Unusable($"{Path} cannot be handed to the user {account.Name}: {chown.Text}");
            }
        }

        var real = await Shell.ScriptAsync(account, "cd -P -- \"$1\" && pwd -P", [Path], input: null, cancellationToken);
        Path = real.ExitCode == 0
            ? real.Output.TrimEnd('\n')
            : throw Unusable(
                $"The server runs as the user {account.Name}, who cannot enter {ClosedParent(Path) ?? Path}. Give a data folder outside of it " +
                "(for example below /var/lib), or a connection string of a running server.");
    }

    /// <summary>The nearest parent that other users cannot pass through, or <see langword="null"/>.</summary>
    internal static string? ClosedParent(string path)
    {
        for (var parent = System.IO.Path.GetDirectoryName(path); parent is not null; parent = System.IO.Path.GetDirectoryName(parent))
        {
            if (!OperatingSystem.IsWindows() && Directory.Exists(parent) && !File.GetUnixFileMode(parent).HasFlag(UnixFileMode.OtherExecute))
            {
                return parent;
            }
        }

        return null;
    }

    /// <summary>A name for a cluster in the making.</summary>
    internal string NewUnfinished() => System.IO.Path.Combine(Path, UnfinishedPrefix + Guid.NewGuid().ToString("N")[..8]);

    /// <summary>Makes a finished cluster the one of this folder.</summary>
    internal void Adopt(string unfinished) => Directory.Move(unfinished, Cluster);

    /// <summary>Deletes what an interrupted <c>initdb</c> left behind.</summary>
    internal void DeleteUnfinished()
    {
        foreach (var unfinished in Directory.EnumerateDirectories(Path, UnfinishedPrefix + "*"))
        {
            try
            {
                Directory.Delete(unfinished, recursive: true);
            }
            catch (IOException)
            {
                // An initdb whose owner died may still be writing to it; it is under no name that matters and goes at the next start.
            }
        }

        foreach (var password in Directory.EnumerateFiles(Path, UnfinishedPrefix + "*"))
        {
            File.Delete(password);
        }
    }

    /// <summary>Deletes the whole folder, as far as that is possible.</summary>
    internal void Delete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The supervisor may be deleting it at the same moment, or has done it.
        }
    }

    public void Dispose() => _lock.Dispose();

    internal static LocalPostgresException Unusable(string message, Exception? inner = null) =>
        new(LocalPostgresFailure.DataDirectoryUnusable, message, inner);

    internal static LocalPostgresException ForIo(string path, IOException exception) =>
        exception.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase)
            ? new LocalPostgresException(LocalPostgresFailure.DiskFull, $"The file system of {path} is full.", exception)
            : Unusable($"{path} cannot be used: {exception.Message}", exception);

    private static bool Foreign(string entry) =>
        System.IO.Path.GetFileName(entry) is var name
        && name is not (LockName or OwnerName or LogName)
        && !name.StartsWith(UnfinishedPrefix, StringComparison.Ordinal);

    // EWOULDBLOCK: 11 on Linux, 35 on macOS.
    private static bool IsLocked(IOException exception) => exception.HResult is 11 or 35;

    private static string OwnerOf(string path)
    {
        try
        {
            return $" (process {File.ReadAllText(System.IO.Path.Combine(path, OwnerName)).Trim()})";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
