using Campaigns.LiveModel;
using Microsoft.Extensions.Logging;

namespace Campaigns.GeminiLive;

internal sealed partial class GeminiLiveModel
{
    [LoggerMessage(6001, LogLevel.Debug, "The conversation of session {SessionId} is open")]
    private partial void LogOpened(Guid sessionId);

    [LoggerMessage(6002, LogLevel.Warning, "The conversation of session {SessionId} could not be opened ({Failure}): {Reason}")]
    private partial void LogNotOpened(Guid sessionId, LiveFailure failure, string reason);
}
