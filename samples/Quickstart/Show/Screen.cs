using Spectre.Console;

namespace Quickstart.Show;

/// <summary>Where the quickstart speaks: results on stdout, warnings on stderr, on a terminal past the table.</summary>
internal sealed class Screen
{
    /// <summary>Whether a person watches: stdout is a terminal.</summary>
    public bool IsTerminal { get; } = !Console.IsOutputRedirected;

    public void Say(string line = "") => Console.Out.WriteLine(line);

    public void Warn(string line)
    {
        if (IsTerminal && !Console.IsErrorRedirected)
        {
            AnsiConsole.WriteLine(line);
        }
        else
        {
            Console.Error.WriteLine(line);
        }
    }
}
