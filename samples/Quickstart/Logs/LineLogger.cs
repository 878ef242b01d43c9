namespace Quickstart.Logs;

/// <summary>Hands every message from a level on to a writer, without scopes.</summary>
internal sealed class LineLogger(LogLevel least, Action<LogLevel, string, Exception?> write) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            write(logLevel, formatter(state, exception), exception);
        }
    }
}
