namespace Quickstart.Tests;

/// <summary>Processes that still work in a folder.</summary>
internal static class Leftovers
{
    /// <summary>Command lines that name the folder; empty where there is no <c>/proc</c>.</summary>
    public static IReadOnlyList<string> In(string folder) =>
        !Directory.Exists("/proc") ? [] :
        [
            .. Directory.EnumerateDirectories("/proc")
                .Where(d => int.TryParse(Path.GetFileName(d), out var id) && id != Environment.ProcessId)
                .Select(CommandLine)
                .Where(c => c.Contains(folder, StringComparison.Ordinal)),
        ];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
