using System.Globalization;
using Campaigns.Benchmarks.Bed;
using Campaigns.Benchmarks.Harness;

namespace Campaigns.Benchmarks.Suites;

/// <summary>What each process uses while calls are held, over one stretch of time after the other.</summary>
internal sealed class CallWindows(SuiteRun run, TalkBed bed, int calls)
{
    private readonly List<double> _own = [];
    private readonly List<double> _server = [];
    private readonly List<double> _carrier = [];
    private readonly List<double> _model = [];
    private readonly List<double> _allocated = [];
    private readonly List<double> _paused = [];
    private readonly List<double> _collections = [];

    /// <summary>Measures the next stretch.</summary>
    public async Task MeasureAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        var (server, carrier, model) = (run.Server.CpuTime, bed.Carrier.CpuTime, bed.Model.CpuTime);
        var window = new ProcessWindow();
        await Task.Delay(length, cancellationToken);
        var elapsed = window.Elapsed;
        _own.Add(100 * window.Cores / calls);
        _allocated.Add(window.AllocatedPerSecond / calls);
        _paused.Add(window.Paused.TotalMilliseconds / elapsed.TotalSeconds);
        _collections.Add(window.Collections / elapsed.TotalMinutes);
        _server.Add(100 * ((run.Server.CpuTime - server) / elapsed) / calls);
        _carrier.Add((bed.Carrier.CpuTime - carrier) / elapsed);
        _model.Add((bed.Model.CpuTime - model) / elapsed);
    }

    /// <summary>Processor time of this process per call, in per cent of a core.</summary>
    public Row Own(string suite, string what) => new(suite, string.Create(CultureInfo.InvariantCulture, $"{calls} calls{what}: processor time per call, of a core"), "%", _own);

    /// <summary>How much more it is than another's.</summary>
    public double Over(CallWindows other) => Own("", "").Median / other.Own("", "").Median;

    public IEnumerable<Row> Rows(string suite)
    {
        yield return Own(suite, "").Below(0.1);
        yield return new Row(suite, "… processor time per call, PostgreSQL, of a core", "%", _server);
        foreach (var row in Rest(suite))
        {
            yield return row;
        }
    }

    /// <summary>What is measured of every bridge.</summary>
    public IEnumerable<Row> Rest(string suite)
    {
        yield return new Row(suite, "… cores that the simulated carrier takes", "", _carrier);
        yield return new Row(suite, "… cores that the simulated model takes", "", _model);
        yield return new Row(suite, "… allocated per second of a call", "bytes", _allocated);
        yield return new Row(suite, "… collections per minute", "", _collections);
        yield return new Row(suite, "… paused by collections per second", "ms", _paused);
    }
}
