using Campaigns.LiveModel;
using Microsoft.Extensions.Logging;

namespace Campaigns.GeminiLive;

/// <summary>Tells the dialling of refusals for want of quota, so that it gives way.</summary>
internal sealed partial class QuotaReports(ILiveModelLimits limits, TimeProvider clock, ILogger<QuotaReports> logger)
{
    // Telling of a refusal must not hold up what is done about it.
    private static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Tells of one. Never throws: the next refusal will be told again.</summary>
    internal async Task ReportAsync()
    {
        // Not the caller's token: the refusal holds for every call, whether or not this caller still waits.
        using var limit = new CancellationTokenSource(ReportTimeout, clock);
        try
        {
            await limits.ReportExhaustedAsync(limit.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(6003, LogLevel.Warning, "A refusal for want of quota could not be told; the next one will be")]
    private partial void LogFailed(Exception error);
}
