using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Campaigns.Silo.Supervision;

/// <summary>A background loop that looks, waits and looks again; a look that fails is logged and the next one comes all the same.</summary>
/// <param name="period">From the end of one look to the next.</param>
/// <param name="clock">The time the waits are counted by.</param>
/// <param name="logger">Where failures go.</param>
public abstract partial class PeriodicService(TimeSpan period, TimeProvider clock, ILogger logger) : BackgroundService
{
    /// <summary>One look.</summary>
    public abstract Task LookAsync(CancellationToken cancellationToken);

    /// <summary>Looks, waits and looks again until told to stop: the whole service, for whoever hosts it.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                LogLookFailed(error, GetType().Name);
            }

            try
            {
                await Task.Delay(period, clock, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    [LoggerMessage(2001, LogLevel.Warning, "{Service}: a look failed; the next one follows")]
    private partial void LogLookFailed(Exception error, string service);
}
