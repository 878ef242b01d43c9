namespace Quickstart.Logs;

/// <summary>Appends every log line to one file.</summary>
internal sealed class FileLogs : ILoggerProvider
{
    private readonly Lock _lock = new();
    private readonly StreamWriter _file;
    private bool _closed;

    public FileLogs(string path) =>
        _file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };

    public ILogger CreateLogger(string categoryName) => new LineLogger(LogLevel.Trace, (level, message, error) => Write(level, categoryName, message, error));

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _file.Dispose();
        }
    }

    private void Write(LogLevel level, string category, string message, Exception? error)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _file.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss.fff} {level,-11} {category}: {message}");
                if (error is not null)
                {
                    _file.WriteLine(error);
                }
            }
        }
    }
}
