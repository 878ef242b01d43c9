using Quickstart.Show;

namespace Quickstart.Logs;

/// <summary>Shows warnings and errors, one line each; the whole is in the log file.</summary>
internal sealed class WarningLogs(Screen screen) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(
        LogLevel.Warning,
        (level, message, error) => screen.Warn(error is null ? $"{level}: {message}" : $"{level}: {message} ({error.GetType().Name}: {error.Message})"));

    public void Dispose()
    {
    }
}
