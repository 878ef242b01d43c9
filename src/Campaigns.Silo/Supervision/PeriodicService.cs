using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Campaigns.Silo.Supervision;

/// <summary>A background loop that looks, waits and looks again; a look that fails is logged and the next one comes all the same.</summary>
/// <param name="period">From the end of one look to the next.</param>
/// <param name="clock">The time the waits are counted by.</param>
/// <param name="logger">Where failures go.</param>
public abstract partial class PeriodicService(TimeSpan period, TimeProvider clock, ILogger logger) : BackgroundService
{
    private TaskCompletionSource _woken = NotWoken();

    /// <summary>One look.</summary>
    public abstract Task LookAsync(CancellationToken cancellationToken);

    /// <summary>The next look comes at once; while one is under way, right after it.</summary>
    protected void Wake() => Volatile.Read(ref _woken).TrySetResult();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Volatile.Write(ref _woken, NotWoken());
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
                await PauseAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static TaskCompletionSource NotWoken() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task PauseAsync(CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(Task.Delay(period, clock, over.Token), _woken.Task);
        await over.CancelAsync();
        stoppingToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(2001, LogLevel.Warning, "{Service}: a look failed; the next one follows")]
    private partial void LogLookFailed(Exception error, string service);
}
