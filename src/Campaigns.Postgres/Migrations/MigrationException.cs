namespace Campaigns.Postgres.Migrations;

/// <summary>Why a database could not be brought to the build's schema.</summary>
public enum MigrationFailure
{
    /// <summary>The database was migrated by a newer build. Repeating cannot help: run that build or a later one.</summary>
    DatabaseNewer,

    /// <summary>A script that is applied in the database reads differently in the build.</summary>
    ScriptChanged,

    /// <summary>The build has a script that is not applied, older than one that is.</summary>
    OutOfOrder,

    /// <summary>A statement of a script failed; the script was rolled back as a whole.</summary>
    ScriptFailed,
}

/// <summary>The database was left as the last complete script made it.</summary>
/// <param name="failure">The kind of failure.</param>
/// <param name="message">What happened and what to do.</param>
/// <param name="innerException">The database's own error for <see cref="MigrationFailure.ScriptFailed"/>.</param>
public sealed class MigrationException(MigrationFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The kind of failure.</summary>
    public MigrationFailure Failure { get; } = failure;
}
