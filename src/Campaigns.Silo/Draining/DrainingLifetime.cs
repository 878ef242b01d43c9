using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Campaigns.Silo.Draining;

/// <summary>
/// Ends the host by signals, and not before the silo is drained: a host that stops closes its sockets first. The first signal drains, the second
/// stops the host at once, a third is the operating system's.
/// </summary>
internal sealed partial class DrainingLifetime(SiloDrain drain, IHostApplicationLifetime lifetime, ILogger<DrainingLifetime> logger)
    : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly CancellationTokenSource _hurry = new();
    private int _signals;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        switch (Interlocked.Increment(ref _signals))
        {
            case 1:
                context.Cancel = true;
                LogSignal(context.Signal);
                var isTerminal = context.Signal != PosixSignal.SIGTERM;
                _ = Task.Run(() => EndAsync(isTerminal));
                break;
            case 2:
                context.Cancel = true;
                _hurry.Cancel();
                break;
        }
    }

    private async Task EndAsync(bool noticed)
    {
        try
        {
            // A host that has not started holds nothing.
            if (lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await drain.RunAsync(noticed, _hurry.Token);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogFailed(error);
        }

        lifetime.StopApplication();
    }

    [LoggerMessage(2411, LogLevel.Information, "{Signal}: the silo is drained, then the host stops; the same again stops it at once")]
    private partial void LogSignal(PosixSignal signal);

    [LoggerMessage(2412, LogLevel.Error, "The drain failed; the host stops")]
    private partial void LogFailed(Exception error);
}
