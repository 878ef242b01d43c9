namespace Campaigns.Api.Problems;

internal static partial class FailureHandlerLog
{
    [LoggerMessage(7001, LogLevel.Warning, "A {Method} request was answered {Status}")]
    internal static partial void Unavailable(ILogger logger, Exception exception, string method, int status);
}
