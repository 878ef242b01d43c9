using System.Security.Cryptography;

namespace Campaigns.Postgres.Local;

/// <summary>Makes a new cluster: UTF-8, C locale, checksums, one superuser with a random password, scram-sha-256 for every connection.</summary>
internal static class ClusterInitializer
{
    internal const string Superuser = "postgres";

    // The password comes by standard input, so that no other user sees it in a command line.
    private const string Script =
        """
        set -eu
        umask 077
        initdb=$1 new=$2 user=$3
        shift 3
        cat >"$new.password"
        "$initdb" -D "$new" -U "$user" --pwfile="$new.password" --auth=scram-sha-256 --encoding=UTF8 --locale=C --locale-provider=libc \
            --data-checksums --no-instructions "$@"
        mv "$new.password" "$new/campaigns.password"
        """;

    internal static async Task RunAsync(
        DataFolder folder, PostgresBinaries binaries, ServerAccount account, bool durable, CancellationToken cancellationToken)
    {
        folder.DeleteUnfinished();
        var unfinished = folder.NewUnfinished();
        string[] extra = durable ? [] : ["--no-sync"];
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var result = await Shell.ScriptAsync(
            account, Script, [binaries.Initdb, unfinished, Superuser, .. extra], password + "\n", cancellationToken);
        if (result.ExitCode != 0)
        {
            File.Delete(unfinished + ".password");
            throw Failure(folder.Path, result.Text);
        }

        folder.Adopt(unfinished);
        if (durable)
        {
            // The new name must not be lost with the power after data went in. Where sync takes no folder the file system's journal has to do.
            await Shell.RunAsync(["sync", folder.Path], input: null, cancellationToken);
        }
    }

    private static LocalPostgresException Failure(string path, string text) =>
        text.Contains("No space left on device", StringComparison.Ordinal)
            ? new LocalPostgresException(LocalPostgresFailure.DiskFull, $"The file system of {path} is full: initdb could not finish. {text}")
            : new LocalPostgresException(LocalPostgresFailure.InitializationFailed, $"initdb failed in {path}: {text}");
}
