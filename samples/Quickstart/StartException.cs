namespace Quickstart;

/// <summary>The quickstart cannot go on; the message says why and what to do. It is all that is shown.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The exit code: 1, or 2 where an option is wrong.</summary>
    public int ExitCode { get; init; } = 1;
}
