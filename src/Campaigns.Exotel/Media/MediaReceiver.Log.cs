using Microsoft.Extensions.Logging;

namespace Campaigns.Exotel.Media;

internal sealed partial class MediaReceiver
{
    [LoggerMessage(5211, LogLevel.Warning, "The stream has another sample rate than was asked for: {Requested} Hz asked, {Told} Hz told (0: none that there is)")]
    private partial void LogRate(int requested, int told);

    [LoggerMessage(5212, LogLevel.Error, "A call could not take what its media leg read")]
    private partial void LogSinkFailed(Exception exception);
}
