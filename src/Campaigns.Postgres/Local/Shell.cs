using System.ComponentModel;
using System.Diagnostics;

namespace Campaigns.Postgres.Local;

/// <summary>Runs short commands of the machine and collects what they say.</summary>
internal static class Shell
{
    internal sealed record Result(int ExitCode, string Output, string Error)
    {
        internal string Text => string.Join('\n', new[] { Output.Trim(), Error.Trim() }.Where(part => part.Length > 0));
    }

    /// <summary>A start description with piped streams, run from the root folder (the caller's may be closed to another user), without PG* variables.</summary>
    internal static ProcessStartInfo Describe(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <returns>The result, or exit code 127 when there is no such program.</returns>
    internal static async Task<Result> RunAsync(IReadOnlyList<string> command, string? input, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Describe(command) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new Result(127, "", $"{command[0]}: {exception.Message}");
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The command ended without reading its input: its exit code and words tell why.
            }

            await process.WaitForExitAsync(cancellationToken);
            return new Result(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            throw;
        }
    }

    internal static Task<Result> ScriptAsync(
        ServerAccount account, string script, IEnumerable<string> arguments, string? input, CancellationToken cancellationToken) =>
        RunAsync([.. account.Prefix, "/bin/sh", "-c", script, "sh", .. arguments], input, cancellationToken);
}
