using System.Diagnostics;

namespace Campaigns.Postgres.Tests.Local;

/// <summary>Another process that owns a server (<see cref="Program"/>), for tests that kill it.</summary>
internal sealed class OwnerProcess : IDisposable
{
    private readonly Process _process;

    private OwnerProcess(Process process, string connectionString)
    {
        _process = process;
        ConnectionString = connectionString;
    }

    internal string ConnectionString { get; }

    internal int Id => _process.Id;

    internal static async Task<OwnerProcess> StartAsync(TemporaryFolder folder, bool throwaway = false)
    {
        string[] arguments = [typeof(OwnerProcess).Assembly.Location, folder.Path, .. throwaway ? new[] { "throwaway" } : []];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var connectionString = await process.StandardOutput.ReadLineAsync();
        return connectionString is not null
            ? new OwnerProcess(process, connectionString)
            : throw new InvalidOperationException($"The owner did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Kills the owner alone, with SIGKILL, and not its children.</summary>
    internal Task KillAsync() => ServerProcess.KillAndWaitAsync(_process);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
