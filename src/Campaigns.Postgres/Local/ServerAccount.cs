namespace Campaigns.Postgres.Local;

/// <summary>Whom the server and its tools run as. PostgreSQL refuses root, so a root owner hands them to another user.</summary>
/// <param name="Name">The user, for messages.</param>
/// <param name="Prefix">What to put before a command; empty when it is the current user.</param>
/// <param name="Ids">Numeric <c>uid:gid</c> to hand files to; <see langword="null"/> when it is the current user.</param>
internal sealed record ServerAccount(string Name, IReadOnlyList<string> Prefix, string? Ids)
{
    internal static async Task<ServerAccount> ResolveAsync(string runAsUser, string cluster, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerAccount(Environment.UserName, [], Ids: null);
        }

        // A cluster made earlier by another user keeps that user, who may want to start it again without root.
        var (name, ids) = Directory.Exists(cluster)
            ? await OwnerAsync(cluster, cancellationToken)
            : (runAsUser, await IdsAsync(runAsUser, cancellationToken));
        var parts = ids.Split(':');
        var setpriv = new[] { "setpriv", $"--reuid={parts[0]}", $"--regid={parts[1]}", "--clear-groups", "--" };
        var probe = await Shell.RunAsync([.. setpriv, "true"], input: null, cancellationToken);
        return new ServerAccount(name, probe.ExitCode == 0 ? setpriv : ["runuser", "-u", name, "--"], ids);
    }

    private static async Task<(string Name, string Ids)> OwnerAsync(string cluster, CancellationToken cancellationToken)
    {
        var owner = await Shell.RunAsync(["stat", "-c", "%U %u:%g", cluster], input: null, cancellationToken);
        var words = owner.Output.Trim().Split(' ');
        return owner.ExitCode == 0 && words.Length == 2
            ? (words[0], words[1])
            : throw new LocalPostgresException(LocalPostgresFailure.DataDirectoryUnusable, $"Cannot tell who owns {cluster}: {owner.Text}");
    }

    private static async Task<string> IdsAsync(string user, CancellationToken cancellationToken)
    {
        var uid = await Shell.RunAsync(["id", "-u", user], input: null, cancellationToken);
        var gid = await Shell.RunAsync(["id", "-g", user], input: null, cancellationToken);
        return uid.ExitCode == 0 && gid.ExitCode == 0
            ? $"{uid.Output.Trim()}:{gid.Output.Trim()}"
            : throw new LocalPostgresException(
                LocalPostgresFailure.StartFailed,
                $"PostgreSQL refuses to run as root and there is no user {user} to run it as. Make one (useradd --system {user}), or start this " +
                "program as an ordinary user.");
    }
}
