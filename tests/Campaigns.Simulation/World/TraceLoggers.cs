using Campaigns.Simulation.Virtual;
using Microsoft.Extensions.Logging;

namespace Campaigns.Simulation.World;

/// <summary>Puts what the product logs into the trace of a run that somebody reads.</summary>
internal sealed class TraceLoggers(Trace trace, string silo) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(trace, silo);

    public void AddProvider(ILoggerProvider provider)
    {
        // The trace is all there is.
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private sealed class Logger(Trace trace, string silo) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                trace.Say($"    {silo} logs: {formatter(state, exception)} {exception?.GetType().Name} {exception?.Message}");
            }
        }
    }
}
