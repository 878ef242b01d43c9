using Campaigns.LiveModel;
using Microsoft.Extensions.Logging;

namespace Campaigns.GeminiLive.Session;

internal sealed partial class GeminiLiveSession
{
    [LoggerMessage(6101, LogLevel.Information, "The conversation of session {SessionId} ended: {Kind} after {Connections} connections: {Reason}")]
    private partial void LogEnded(Guid sessionId, LiveEndKind kind, int connections, string reason);

    [LoggerMessage(6102, LogLevel.Information, "Session {SessionId} lost its connection ({Reason}): {Step}")]
    private partial void LogLost(Guid sessionId, string reason, ReconnectStep step);

    [LoggerMessage(6103, LogLevel.Information, "Session {SessionId} is connected again, resumed: {Resumed}")]
    private partial void LogReconnected(Guid sessionId, bool resumed);

    [LoggerMessage(6104, LogLevel.Warning, "Session {SessionId} could not be connected again: {Reason}; next: {Step}")]
    private partial void LogAttemptFailed(Guid sessionId, string reason, ReconnectStep step);

    [LoggerMessage(6105, LogLevel.Warning, "Session {SessionId} was sent a message that is not JSON; it is ignored")]
    private partial void LogBrokenMessage(Guid sessionId);

    [LoggerMessage(6106, LogLevel.Warning, "Session {SessionId} is sent audio of type {MimeType}, which cannot be played; it is ignored")]
    private partial void LogForeignAudio(Guid sessionId, string mimeType);

    [LoggerMessage(6107, LogLevel.Warning, "Session {SessionId} was sent audio that is not base64; it is ignored")]
    private partial void LogBrokenAudio(Guid sessionId);

    [LoggerMessage(6108, LogLevel.Debug, "Session {SessionId}: {Count} answers to tool calls that are not open any more were not sent")]
    private partial void LogAnswersDropped(Guid sessionId, int count);

    [LoggerMessage(6109, LogLevel.Error, "The conversation of session {SessionId} broke off by an error of our own")]
    private partial void LogBroken(Guid sessionId, Exception exception);
}
