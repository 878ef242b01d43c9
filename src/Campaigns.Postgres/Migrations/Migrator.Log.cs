using Microsoft.Extensions.Logging;

namespace Campaigns.Postgres.Migrations;

internal static partial class MigratorLog
{
    [LoggerMessage(2050, LogLevel.Information, "Applied schema script {Script} in {Milliseconds} ms")]
    internal static partial void Applied(ILogger logger, string script, long milliseconds);

    [LoggerMessage(2051, LogLevel.Information, "The schema is at version {Version}; {Applied} scripts were applied now")]
    internal static partial void Done(ILogger logger, int version, int applied);
}
