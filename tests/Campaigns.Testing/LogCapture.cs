using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Campaigns.Testing;

/// <summary>Keeps every log entry for a test to look at; also a logger factory of itself alone.</summary>
public sealed class LogCapture : ILoggerProvider, ILoggerFactory
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();

    /// <summary>What was logged so far, in order.</summary>
    public IReadOnlyList<LogEntry> Entries => [.. _entries];

    /// <summary>Every message on a line of its own, for assertion messages.</summary>
    public string Text => string.Join('\n', _entries.Select(entry => $"{entry.Level} {entry.Category}[{entry.Event.Id}] {entry.Message} {entry.Exception}"));

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new CapturingLogger(categoryName, _entries);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("A capture hands nothing on.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class CapturingLogger(string category, ConcurrentQueue<LogEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
            entries.Enqueue(new LogEntry(category, logLevel, eventId, formatter(state, exception), exception, [.. fields]));
        }
    }
}

/// <summary>One log entry.</summary>
/// <param name="Category">The logger's name.</param>
/// <param name="Level">Its level.</param>
/// <param name="Event">Id and name.</param>
/// <param name="Message">The message with its fields filled in.</param>
/// <param name="Exception">The exception, if any.</param>
/// <param name="Fields">The structured fields.</param>
public sealed record LogEntry(
    string Category, LogLevel Level, EventId Event, string Message, Exception? Exception, IReadOnlyList<KeyValuePair<string, object?>> Fields);
