using Campaigns.Calls;
using Campaigns.Carrier;
using Microsoft.Extensions.Logging;

namespace Campaigns.Exotel.Media;

internal sealed partial class MediaEndpoint
{
    [LoggerMessage(5201, LogLevel.Debug, "Media socket of {MediaId} open")]
    private partial void LogOpened(Guid mediaId);

    [LoggerMessage(5202, LogLevel.Debug, "Media socket of {MediaId} closed: {Kind}, {Detail}")]
    private partial void LogClosed(Guid mediaId, MediaEndKind kind, string detail);

    [LoggerMessage(5203, LogLevel.Debug, "Media socket with an unknown session or agent, a wrong secret or an expired one")]
    private partial void LogUnknown();

    [LoggerMessage(5204, LogLevel.Warning, "Media socket of {MediaId} refused: its secret is used up, or the session over")]
    private partial void LogUsed(Guid mediaId);

    [LoggerMessage(5205, LogLevel.Warning, "Media socket of {MediaId} refused: {Most} are open")]
    private partial void LogFull(Guid mediaId, int most);

    [LoggerMessage(5206, LogLevel.Warning, "Media socket of {MediaId} refused: its secret could not be checked")]
    private partial void LogCheckFailed(Guid mediaId, Exception exception);

    [LoggerMessage(5207, LogLevel.Warning, "Media socket of {MediaId} refused by its call: {Reason}")]
    private partial void LogRefused(Guid mediaId, string reason);

    [LoggerMessage(5208, LogLevel.Error, "The call on the media socket of {MediaId} failed")]
    private partial void LogFailed(Guid mediaId, Exception exception);

    [LoggerMessage(5209, LogLevel.Warning, "Media socket of {MediaId} closed, its limits were broken: {Detail}")]
    private partial void LogViolated(Guid mediaId, string detail);

    [LoggerMessage(5210, LogLevel.Warning, "Media socket of {MediaId} refused, {Direction}: this process takes no more of them")]
    private partial void LogDraining(Guid mediaId, CallDirection direction);
}
