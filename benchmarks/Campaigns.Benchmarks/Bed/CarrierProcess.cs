using System.Diagnostics;
using System.Globalization;

namespace Campaigns.Benchmarks.Bed;

/// <summary>The simulated carrier as a process of its own, so that its processor time is not ours. Every call answers and ends at once.</summary>
internal sealed class CarrierProcess : IAsyncDisposable
{
    private readonly Process _process;

    private CarrierProcess(Process process, Uri address)
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

    public static async Task<CarrierProcess> StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "CarrierSimulator.dll"), "--port", "0", "--instant-answer", "--calls-per-minute", "none", "--account", ProductHost.Account])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("The carrier did not start.");
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The carrier did not start.");
        var address = line[line.IndexOf("http", StringComparison.Ordinal)..].Split(',')[0];
        return new CarrierProcess(process, new Uri(address));
    }

    /// <summary>How often it was asked to dial, so far.</summary>
    public async Task<int> CountDialsAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var summary = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync(new Uri(Address, "ledger/summary"), cancellationToken));
        return int.Parse(summary.RootElement.GetProperty("dials").ToString(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
