namespace Campaigns.Postgres.Local;

/// <summary>Why a private server could not be had.</summary>
public enum LocalPostgresFailure
{
    /// <summary>No PostgreSQL of version 15 or later was found on the machine.</summary>
    BinariesMissing,

    /// <summary>The data folder was made by another major version than the ones found.</summary>
    VersionMismatch,

    /// <summary>The folder is closed to the server's user, holds something else, or has lost a part.</summary>
    DataDirectoryUnusable,

    /// <summary>Another living process owns the data folder.</summary>
    DataDirectoryInUse,

    /// <summary>Something else listens on the wanted port.</summary>
    PortInUse,

    /// <summary>The file system is full.</summary>
    DiskFull,

    /// <summary><c>initdb</c> failed for another reason, which the message quotes.</summary>
    InitializationFailed,

    /// <summary>The server gave up for another reason, which the message quotes.</summary>
    StartFailed,

    /// <summary>The server, or the one before it, did not come up or go down in time.</summary>
    TimedOut,
}

/// <summary>A private server could not be started. The message says what to do about it; <see cref="Failure"/> says it to programs.</summary>
/// <param name="failure">The kind of failure.</param>
/// <param name="message">What happened and what to do.</param>
/// <param name="innerException">What lay beneath, if anything.</param>
public sealed class LocalPostgresException(LocalPostgresFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The kind of failure.</summary>
    public LocalPostgresFailure Failure { get; } = failure;
}
