using Microsoft.Extensions.Logging;

namespace Campaigns.Postgres.Local;

internal static partial class LocalPostgresLog
{
    [LoggerMessage(2000, LogLevel.Information, "PostgreSQL {Version} runs on 127.0.0.1:{Port} in {DataDirectory} as {User}")]
    internal static partial void Started(ILogger logger, int version, int port, string dataDirectory, string user);

    [LoggerMessage(2001, LogLevel.Information, "PostgreSQL in {DataDirectory} stopped")]
    internal static partial void Stopped(ILogger logger, string dataDirectory);

    [LoggerMessage(2002, LogLevel.Information, "Making a new PostgreSQL data folder in {DataDirectory}")]
    internal static partial void Initializing(ILogger logger, string dataDirectory);

    [LoggerMessage(2003, LogLevel.Warning, "A server left by a dead owner still lives in {Cluster} ({Processes} processes): waiting for its end")]
    internal static partial void OrphanFound(ILogger logger, string cluster, int processes);

    [LoggerMessage(2004, LogLevel.Warning, "Removed a stale postmaster.pid of {Cluster}: process {ProcessId} is no server of this folder")]
    internal static partial void StaleFileRemoved(ILogger logger, string cluster, int processId);

    [LoggerMessage(2005, LogLevel.Debug, "The port or the folder {DataDirectory} was taken meanwhile: start {Attempt} is repeated")]
    internal static partial void StartRetried(ILogger logger, string dataDirectory, int attempt);

    [LoggerMessage(2006, LogLevel.Error, "PostgreSQL in {DataDirectory} ended by itself; its log is {LogFile}")]
    internal static partial void Died(ILogger logger, string dataDirectory, string logFile);

    [LoggerMessage(2007, LogLevel.Warning, "PostgreSQL in {DataDirectory} did not stop in time and is cut short")]
    internal static partial void CutShort(ILogger logger, string dataDirectory);
}
