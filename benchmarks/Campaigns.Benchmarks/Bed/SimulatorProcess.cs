using System.Diagnostics;
using System.Text.Json;

namespace Campaigns.Benchmarks.Bed;

/// <summary>A simulator as a process of its own, so that its processor time is not ours.</summary>
internal sealed class SimulatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private bool _disposed;

    private SimulatorProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it on a free port.</summary>
    /// <param name="name">Of its program, which lies beside ours.</param>
    /// <param name="arguments">More of its command line.</param>
    /// <param name="cancellationToken">Cancels the wait for it.</param>
    public static async Task<SimulatorProcess> StartAsync(string name, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), "--port", "0", .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException($"{name} did not start.");
        var address = line[line.IndexOf("http", StringComparison.Ordinal)..].Split(',', ' ')[0];
        return new SimulatorProcess(process, new Uri(address));
    }

    /// <summary>What it has to tell.</summary>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        await using var stream = await client.GetStreamAsync(new Uri(Address, path), cancellationToken);
        return await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
