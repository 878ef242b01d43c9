using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Campaigns.Silo.Supervision;

/// <summary>A background loop that looks, waits and looks again; a look that fails is logged and the next one comes all the same.</summary>
/// <param name="period">From the end of one look to the next.</param>
/// <param name="clock">The time the waits are counted by.</param>
/// <param name="logger">Where failures go.</param>
public abstract partial class PeriodicService(TimeSpan period, TimeProvider clock, ILogger logger) : BackgroundService
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _pause;
    private bool _isWoken;

    /// <summary>One look.</summary>
    public abstract Task LookAsync(CancellationToken cancellationToken);

    /// <summary>Looks, waits and looks again until told to stop: the whole service, for whoever hosts it.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            lock (_gate)
            {
                _isWoken = false;
            }

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

    /// <summary>The next look comes at once; while one is under way, right after it.</summary>
    protected void Wake()
    {
        CancellationTokenSource? pause;
        lock (_gate)
        {
            _isWoken = true;
            pause = _pause;
        }

        try
        {
            // On another thread: the look is not to run on that of whoever brings the news.
            _ = pause?.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private async Task PauseAsync(CancellationToken stoppingToken)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        lock (_gate)
        {
            if (_isWoken)
            {
                return;
            }

            _pause = pause;
        }

        try
        {
            await Task.Delay(period, clock, pause.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // Woken.
        }
        finally
        {
            lock (_gate)
            {
                _pause = null;
            }
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "{Service}: a look failed; the next one follows")]
    private partial void LogLookFailed(Exception error, string service);
}
