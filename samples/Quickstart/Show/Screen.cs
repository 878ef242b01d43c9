namespace Quickstart.Show;

/// <summary>Where the quickstart speaks: results on stdout, warnings on stderr; on a terminal they wait until the table is done.</summary>
internal sealed class Screen
{
    private readonly Lock _gate = new();
    private List<string>? _held;

    /// <summary>Whether a person watches: stdout is a terminal.</summary>
    public bool IsTerminal { get; } = !Console.IsOutputRedirected;

    public void Say(string line = "") => Console.Out.WriteLine(line);

    public void Warn(string line)
    {
        lock (_gate)
        {
            if (_held is { } held)
            {
                held.Add(line);
                return;
            }
        }

        Console.Error.WriteLine(line);
    }

    /// <summary>Keeps warnings back: a line in between would tear a table that changes in place. Where stderr goes elsewhere they go on.</summary>
    public void HoldWarnings()
    {
        lock (_gate)
        {
            _held ??= Console.IsErrorRedirected ? null : [];
        }
    }

    /// <summary>Shows what was kept back.</summary>
    public void ReleaseWarnings()
    {
        List<string>? held;
        lock (_gate)
        {
            (held, _held) = (_held, null);
        }

        held?.ForEach(Console.Error.WriteLine);
    }
}
