using Microsoft.Extensions.Logging;

namespace Campaigns.GeminiLive.Session;

internal sealed partial class SinkGuard
{
    [LoggerMessage(6120, LogLevel.Error, "The call of session {SessionId} failed in {Event}; the conversation goes on")]
    private partial void LogSinkFailed(Guid sessionId, string @event, Exception exception);
}
