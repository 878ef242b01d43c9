using Microsoft.Extensions.Logging;

namespace Campaigns.Exotel;

internal sealed partial class ExotelCarrier
{
    [LoggerMessage(5001, LogLevel.Debug, "Place call for session {SessionId}: {Result} after {Milliseconds:F0} ms")]
    private partial void LogPlaced(Guid sessionId, string result, double milliseconds);

    [LoggerMessage(5002, LogLevel.Warning, "The carrier refuses the account (session {SessionId}): {Words}")]
    private partial void LogUnavailable(Guid sessionId, string words);

    [LoggerMessage(5003, LogLevel.Warning, "The fate of the call of session {SessionId} is unknown")]
    private partial void LogAmbiguous(Guid sessionId, Exception exception);

    [LoggerMessage(5004, LogLevel.Warning, "A refusal of the carrier could not be told to the account's pacing")]
    private partial void LogReportFailed(Exception exception);
}
