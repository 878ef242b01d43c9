using System.Globalization;

namespace Campaigns.Benchmarks.Bed;

/// <summary>The simulated carrier where every call answers and ends at once.</summary>
internal sealed class CarrierProcess : IAsyncDisposable
{
    private readonly SimulatorProcess _process;

    private CarrierProcess(SimulatorProcess process) => _process = process;

    public Uri Address => _process.Address;

    public TimeSpan CpuTime => _process.CpuTime;

    public static async Task<CarrierProcess> StartAsync(CancellationToken cancellationToken)
        => new(await SimulatorProcess.StartAsync(
            "CarrierSimulator", ["--instant-answer", "--calls-per-minute", "none", "--account", ProductHost.Account], cancellationToken));

    /// <summary>How often it was asked to dial, so far.</summary>
    public async Task<int> CountDialsAsync(CancellationToken cancellationToken)
    {
        using var summary = await _process.GetAsync("ledger/summary", cancellationToken);
        return int.Parse(summary.RootElement.GetProperty("dials").ToString(), CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
