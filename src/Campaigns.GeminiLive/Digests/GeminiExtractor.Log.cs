using Campaigns.LiveModel;
using Microsoft.Extensions.Logging;

namespace Campaigns.GeminiLive.Digests;

internal sealed partial class GeminiExtractor
{
    [LoggerMessage(6201, LogLevel.Warning, "The conversation of session {SessionId} could not be distilled ({Failure}): {Reason}")]
    private partial void LogFailed(Guid sessionId, LiveFailure failure, string reason);
}
