using Microsoft.Extensions.Logging;

namespace Campaigns.Calls;

internal sealed partial class CallBridge
{
    [LoggerMessage(6101, LogLevel.Information, "Call {SessionId} ended: {Kind} after {Duration}")]
    private partial void LogEnded(Guid sessionId, CallEndKind kind, TimeSpan duration);

    [LoggerMessage(6102, LogLevel.Warning, "Call {SessionId}: the watch says {Action}")]
    private partial void LogWatch(Guid sessionId, WatchAction action);

    [LoggerMessage(6103, LogLevel.Information, "Call {SessionId}: a machine was made out, {Kind}")]
    private partial void LogMachine(Guid sessionId, MachineKind kind);

    [LoggerMessage(6104, LogLevel.Warning, "Call {SessionId} lost its model, {Kind}: {Reason}")]
    private partial void LogModelLost(Guid sessionId, CallEndKind kind, string reason);

    [LoggerMessage(6105, LogLevel.Information, "Call {SessionId}: the model reconnects: {Reason}")]
    private partial void LogReconnecting(Guid sessionId, string reason);

    [LoggerMessage(6106, LogLevel.Warning, "Call {SessionId}: the model could not be opened, try {Attempt}")]
    private partial void LogNotOpened(Exception error, Guid sessionId, int attempt);

    [LoggerMessage(6107, LogLevel.Warning, "Call {SessionId}: the model's session did not close")]
    private partial void LogNotClosed(Exception error, Guid sessionId);

    [LoggerMessage(6108, LogLevel.Warning, "Call {SessionId}: the media leg failed or did not close")]
    private partial void LogLegFailed(Exception error, Guid sessionId);

    [LoggerMessage(6109, LogLevel.Debug, "Call {SessionId}: the media leg takes nothing any more: {Reason}")]
    private partial void LogLegRefused(Guid sessionId, string reason);

    [LoggerMessage(6110, LogLevel.Warning, "Call {SessionId} is not recorded, or not to its end")]
    private partial void LogNotRecorded(Exception error, Guid sessionId);

    [LoggerMessage(6111, LogLevel.Warning, "Call {SessionId}: {Event} failed")]
    private partial void LogEventFailed(Exception error, Guid sessionId, string @event);

    [LoggerMessage(6112, LogLevel.Warning, "Call {SessionId}: tool {Tool} failed or was too slow")]
    private partial void LogToolFailed(Exception error, Guid sessionId, string tool);
}
