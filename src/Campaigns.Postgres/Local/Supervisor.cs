using System.Diagnostics;
using System.Globalization;

namespace Campaigns.Postgres.Local;

/// <summary>
/// A small shell process between the owner and the server. It holds the reading end of a pipe whose writing end only the owner has: when
/// the owner closes it, or dies in any way, the shell stops the server that it started. It runs in a session of its own, so that Ctrl-C in
/// the owner's terminal does not stop the server before the owner is done with it.
/// </summary>
internal sealed class Supervisor : IDisposable
{
    // Background commands of a shell start with SIGINT ignored until the server sets its own handler, so one signal may go unheard: repeat it.
    private const string Script =
        """
        log=$1 signal=$2 remove=$3 stopping=
        shift 3
        umask 077
        trap '' HUP INT TERM
        trap 'stopping=yes' USR1
        command -v setsid >/dev/null || set -m
        exec 3<&0
        "$@" </dev/null >>"$log" 2>&1 3<&- &
        server=$!
        echo "$server"
        exec </dev/null >/dev/null 2>&1
        {
            while read -r _ <&3; do :; done
            kill -s USR1 $$
            while kill -s "$signal" "$server"; do sleep 0.1; done
        } &
        watcher=$!
        exec 3<&-
        wait "$server"
        if [ -n "$stopping" ]; then
            wait "$server"
            [ -z "$remove" ] || rm -rf -- "$remove"
        else
            kill -s KILL "$watcher"
        fi
        wait "$watcher"
        """;

    private readonly Process _process;

    private Supervisor(Process process, int serverId)
    {
        _process = process;
        ServerId = serverId;
        Exited = process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>The server's process id.</summary>
    internal int ServerId { get; }

    /// <summary>Completes when the server has ended and all that was to be done after it is done.</summary>
    internal Task Exited { get; }

    internal static async Task<Supervisor> StartAsync(
        ServerAccount account, IReadOnlyList<string> server, string log, string? removeAfter, CancellationToken cancellationToken)
    {
        var signal = removeAfter is null ? "INT" : "QUIT";
        string[] session = OperatingSystem.IsLinux() ? ["setsid"] : [];
        var process = Process.Start(Shell.Describe(
            [.. session, .. account.Prefix, "/bin/sh", "-c", Script, "sh", log, signal, removeAfter ?? "", .. server]))!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellationToken);
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var serverId))
            {
                return new Supervisor(process, serverId);
            }

            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            throw new LocalPostgresException(LocalPostgresFailure.StartFailed, $"The server's supervisor did not start: {error.Trim()}");
        }
        catch
        {
            process.StandardInput.Close();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server.</summary>
    /// <returns><see langword="false"/> when it still lives after <paramref name="patience"/>.</returns>
    internal async Task<bool> StopAsync(TimeSpan patience, TimeProvider timeProvider)
    {
        _process.StandardInput.Close();
        try
        {
            await Exited.WaitAsync(patience, timeProvider, CancellationToken.None);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose() => _process.Dispose();
}
