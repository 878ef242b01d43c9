using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Campaigns.Postgres.Local;

/// <summary>Brings the server of one folder up: waits for the one a dead owner left, then starts it on a port that is free.</summary>
internal sealed class ServerLauncher(
    LocalPostgresOptions options, DataFolder folder, PostgresBinaries binaries, ServerAccount account, TimeProvider timeProvider, ILogger logger)
{
    private const int Attempts = 8;
    private const long LogLimit = 16 * 1024 * 1024;
    private const int QuotedLog = 2000;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    internal async Task<(Supervisor Supervisor, int Port)> StartAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await new OrphanServer(folder.Cluster, options.StopTimeout, timeProvider, logger).SettleAsync(cancellationToken);
            var port = options.Port ?? FreePort();
            var logStart = TrimLog();
            var supervisor = await Supervisor.StartAsync(
                account,
                [binaries.Postgres, .. ServerSettings.Arguments(options, folder.Cluster, port)],
                folder.Log,
                options.Throwaway ? folder.Path : null,
                cancellationToken);
            try
            {
                if (await BecomesReadyAsync(supervisor, port, cancellationToken))
                {
                    return (supervisor, port);
                }
            }
            catch
            {
                await supervisor.StopAsync(options.StopTimeout, timeProvider);
                supervisor.Dispose();
                throw;
            }

            supervisor.Dispose();
            var words = LogSince(logStart);
            if (attempt == Attempts || !MayTryAgain(words))
            {
                throw Failure(words, port);
            }

            LocalPostgresLog.StartRetried(logger, folder.Path, attempt);
        }
    }

    /// <returns><see langword="false"/> when the server gave up.</returns>
    private async Task<bool> BecomesReadyAsync(Supervisor supervisor, int port, CancellationToken cancellationToken)
    {
        while (!supervisor.Exited.IsCompleted)
        {
            if (PostmasterFile.Read(folder.Cluster) is { Ready: true } file && file.ProcessId == supervisor.ServerId && file.Port == port)
            {
                return true;
            }

            await Task.Delay(Glance, timeProvider, cancellationToken);
        }

        return false;
    }

    /// <summary>A free port found by us may be taken before the server has it; a late orphan may hold the folder.</summary>
    private bool MayTryAgain(string words) => (options.Port is null && PortTaken(words)) || FolderTaken(words);

    private LocalPostgresException Failure(string words, int port)
    {
        var quoted = $" The server said: {words}";
        return words switch
        {
            _ when PortTaken(words) => new(
                LocalPostgresFailure.PortInUse, $"Port {port} of 127.0.0.1 is in use by another program. Give another port, or none.{quoted}"),
            _ when words.Contains("No space left on device", StringComparison.Ordinal) => new(
                LocalPostgresFailure.DiskFull, $"The file system of {folder.Path} is full.{quoted}"),
            _ when words.Contains("Permission denied", StringComparison.Ordinal) => new(
                LocalPostgresFailure.DataDirectoryUnusable, $"The user {account.Name} may not use {folder.Cluster}.{quoted}"),
            _ => new(LocalPostgresFailure.StartFailed, $"PostgreSQL of {folder.Path} did not start.{quoted}"),
        };
    }

    private static bool PortTaken(string words) => words.Contains("Address already in use", StringComparison.Ordinal);

    private static bool FolderTaken(string words) =>
        words.Contains("\"postmaster.pid\" already exists", StringComparison.Ordinal)
        || words.Contains("pre-existing shared memory block", StringComparison.Ordinal);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private long TrimLog()
    {
        var log = new FileInfo(folder.Log);
        if (log is { Exists: true, Length: > LogLimit })
        {
            File.Move(folder.Log, folder.Log + ".1", overwrite: true);
            return 0;
        }

        return log.Exists ? log.Length : 0;
    }

    private string LogSince(long start)
    {
        try
        {
            using var log = new FileStream(folder.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log.Seek(Math.Max(start, log.Length - QuotedLog), SeekOrigin.Begin);
            using var reader = new StreamReader(log);
            return reader.ReadToEnd().Trim();
        }
        catch (IOException)
        {
            return "nothing";
        }
    }
}
