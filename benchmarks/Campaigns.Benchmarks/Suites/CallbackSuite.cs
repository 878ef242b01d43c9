using Campaigns.Benchmarks.Bed;
using Campaigns.Benchmarks.Harness;
using Campaigns.Benchmarks.Load;

namespace Campaigns.Benchmarks.Suites;

/// <summary>Status callbacks at a constant rate against the product's own program, and what PostgreSQL says of them afterwards.</summary>
internal sealed class CallbackSuite : Suite
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public override string Name => "callbacks";

    public override async Task RunAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        if (!Wrk.IsInstalled)
        {
            await Console.Error.WriteLineAsync(Wrk.Missing);
            return;
        }

        await using var carrier = await CarrierProcess.StartAsync(cancellationToken);
        await using var database = await run.Server.CreateDatabaseAsync(cancellationToken);
        await using var host = await ApiProcess.StartAsync(
            database.ConnectionString, carrier.Address, cancellationToken,
            ("Campaigns:Bootstrap:MaxConcurrent", "100000"),
            ("Campaigns:Drive:Timings:ExpectConversations", "false"),
            ("Campaigns:Gemini:Model", "gemini-3.1-flash-live-preview"),
            ("Campaigns:Gemini:ApiKey", "key"),
            ("Campaigns:Gemini:ExtractionModel", "gemini-3.1-flash-lite"));
        foreach (var rate in run.Options.Rates)
        {
            await MeasureAsync(run, rate, database, host, cancellationToken);
        }
    }

    private async Task MeasureAsync(SuiteRun run, int rate, BenchDatabase database, ApiProcess host, CancellationToken cancellationToken)
    {
        var (span, runs) = (run.Options.Quick ? TimeSpan.FromSeconds(3) : Span, new List<Sample>());
        await PostAsync(run, rate / 2.0, run.Options.Quick ? TimeSpan.FromSeconds(2) : WarmUp, database, host, cancellationToken);
        for (var i = 0; i < Math.Min(run.Options.Runs, 3); i++)
        {
            runs.Add(await PostAsync(run, rate, span, database, host, cancellationToken));
        }

        void Add(string what, string unit, Func<Sample, double> value, Func<Row, Row>? judge = null)
        {
            var row = new Row(Name, what, unit, [.. runs.Select(value)]);
            run.Add(judge is null ? row : judge(row));
        }

        Add(FormattableString.Invariant($"{rate:#,0} callbacks a second for {span.TotalSeconds} s: refused or unanswered"), "", s => s.Failed, row => row.Below(1));
        Add("… accepted and lost", "", s => s.Lost, row => row.Below(1));
        Add("… latency from the planned time, p50", "ms", s => s.Latency(0.5));
        Add("… latency, p95", "ms", s => s.Latency(0.95));
        Add("… latency, p99", "ms", s => s.Latency(0.99), row => row.Below(100));
        Add("… latency, most", "ms", s => s.Latency(1));
        Add("… cores that the product takes", "", s => s.Product);
        Add("… cores that PostgreSQL takes", "", s => s.Postgres);
        Add("… cores that the load tool takes", "", s => s.Tool);
        run.Add(new Row(Name, "… most memory of the product", "MB", [host.PeakMemory / 1e6]));
    }

    private static async Task<Sample> PostAsync(
        SuiteRun run, double rate, TimeSpan span, BenchDatabase database, ApiProcess host, CancellationToken cancellationToken)
    {
        var count = (int)(rate * span.TotalSeconds);
        var makes = new CallsInFlight(database);
        var plan = CallbackPlan.Make(await makes.MakeAsync(CallbackPlan.CallsFor(count, rate), cancellationToken), count, rate);
        await database.SettleAsync();
        var before = (Host: host.CpuTime, Server: run.Server.CpuTime);
        var (answers, tool) = await Wrk.PostAsync(host.Address, plan, rate, cancellationToken);
        var (product, server) = (host.CpuTime - before.Host, run.Server.CpuTime - before.Server);
        var accepted = answers.Select(answer => answer.Status is >= 200 and < 300).ToArray();
        var lost = await CallbackAudit.CountLostAsync(database, plan, accepted, makes.Campaigns, cancellationToken);
        await makes.CancelAsync(TimeProvider.System, cancellationToken);
        return new Sample(
            accepted.Count(taken => !taken), lost, [.. answers.Select(answer => answer.Milliseconds)], product / span, server / span, tool / span);
    }

    private sealed record Sample(int Failed, int Lost, IReadOnlyCollection<double> Latencies, double Product, double Postgres, double Tool)
    {
        public double Latency(double share) => Numbers.Percentile(Latencies, share);
    }
}
