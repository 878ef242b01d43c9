using Campaigns.Grains;
using Microsoft.Extensions.Logging;

namespace Campaigns.Exotel;

internal sealed partial class WebhookEndpoint
{
    [LoggerMessage(5101, LogLevel.Debug, "Callback for session {SessionId}: {Kind} {Outcome}, {Result}")]
    private partial void LogTaken(Guid sessionId, CarrierReportKind kind, CallOutcome? outcome, ReportResult result);

    [LoggerMessage(5102, LogLevel.Warning, "Callback for session {SessionId} cannot be read: {Reason}")]
    private partial void LogMalformed(Guid sessionId, string reason);

    [LoggerMessage(5103, LogLevel.Debug, "Callback with an unknown session, a wrong token or an expired one")]
    private partial void LogUnknown();

    [LoggerMessage(5104, LogLevel.Warning, "Callback for session {SessionId} was not recorded in time; the carrier will send it again")]
    private partial void LogTooSlow(Guid sessionId);

    [LoggerMessage(5105, LogLevel.Warning, "Callback for session {SessionId} was not recorded; the carrier will send it again")]
    private partial void LogFailed(Guid sessionId, Exception exception);

    [LoggerMessage(5106, LogLevel.Debug, "Callback for session {SessionId} was given up by its caller")]
    private partial void LogAborted(Guid sessionId, Exception exception);

    [LoggerMessage(5107, LogLevel.Debug, "Callback for session {SessionId} was refused: {Most} are under way; the carrier will send it again")]
    private partial void LogTooMany(Guid sessionId, int most);
}
