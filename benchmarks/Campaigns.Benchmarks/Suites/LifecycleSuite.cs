using System.Diagnostics;
using System.Globalization;
using Campaigns.Benchmarks.Bed;
using Campaigns.Benchmarks.Harness;
using Campaigns.Grains;

namespace Campaigns.Benchmarks.Suites;

/// <summary>
/// Whole lives of contacts: claim, gate, dial over HTTP, two callbacks over HTTP, settlement, with a carrier that answers and ends at once.
/// Each line is one setting of tick, concurrency and batch.
/// </summary>
internal sealed class LifecycleSuite : Suite
{
    private static readonly Setting[] Settings =
    [
        new(TimeSpan.FromSeconds(1), 100, 100),
        new(TimeSpan.FromMilliseconds(100), 20, 100),
        new(TimeSpan.FromMilliseconds(100), 50, 100),
        new(TimeSpan.FromMilliseconds(100), 100, 100),
        new(TimeSpan.FromMilliseconds(100), 200, 100),
        new(TimeSpan.FromMilliseconds(50), 50, 10),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public override string Name => "lifecycle";

    public override async Task RunAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        await using var carrier = await CarrierProcess.StartAsync(cancellationToken);
        await using var database = await run.Server.CreateDatabaseAsync(cancellationToken);
        foreach (var setting in run.Options.Quick ? Settings[3..4] : Settings)
        {
            await MeasureAsync(run, setting, database, carrier, cancellationToken);
        }
    }

    private async Task MeasureAsync(SuiteRun run, Setting setting, BenchDatabase database, CarrierProcess carrier, CancellationToken cancellationToken)
    {
        // A second's tick deals out its batch and waits: fewer people keep that setting short.
        var people = run.Options.Scaled(setting.Tick >= TimeSpan.FromSeconds(1) ? 1_000 : 3_000, 100);
        await using var host = await ProductHost.StartAsync(
            database.ConnectionString, carrier.Address,
            ("Campaigns:Drive:Timings:ExpectConversations", "false"),
            ("Campaigns:Gemini:Model", "gemini-3.1-flash-live-preview"),
            ("Campaigns:Gemini:ApiKey", "key"),
            ("Campaigns:Gemini:ExtractionModel", "gemini-3.1-flash-lite"),
            ("Campaigns:Drive:TickPeriod", setting.Tick.ToString("c", CultureInfo.InvariantCulture)),
            ("Campaigns:Drive:MaxBatch", setting.Batch.ToString(CultureInfo.InvariantCulture)));
        var (rates, own, server, theirs, waste) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        using var self = Process.GetCurrentProcess();
        for (var i = -1; i < run.Options.Runs; i++)
        {
            var campaign = await BenchCampaign.DraftAsync(database, i < 0 ? people / 3 : people, setting.MaxConcurrent);
            await database.SettleAsync();
            self.Refresh();
            var before = (Own: self.TotalProcessorTime, Server: run.Server.CpuTime, Carrier: carrier.CpuTime, Dials: await carrier.CountDialsAsync(cancellationToken));
            await host.Grains.GetGrain<ICampaignGrain>(campaign).StartAsync(cancellationToken);
            var seconds = await WhenDoneAsync(database, campaign, cancellationToken);
            self.Refresh();
            if (i < 0)
            {
                continue; // The first campaign of a host warms it up.
            }

            var dials = await carrier.CountDialsAsync(cancellationToken) - before.Dials;
            rates.Add(people / seconds);
            own.Add((self.TotalProcessorTime - before.Own).TotalMilliseconds / people);
            server.Add((run.Server.CpuTime - before.Server).TotalMilliseconds / people);
            theirs.Add((carrier.CpuTime - before.Carrier).TotalMilliseconds / people);
            waste.Add((double)dials / people);
        }

        run.Add(new Row(Name, $"Contacts completed, {setting}", "/s", rates));
        run.Add(new Row(Name, "… processor time per contact, product", "ms", own));
        run.Add(new Row(Name, "… processor time per contact, PostgreSQL", "ms", server));
        run.Add(new Row(Name, "… processor time per contact, simulated carrier", "ms", theirs));
        run.Add(new Row(Name, "… dials per contact", "", waste));
    }

    /// <summary>Waits for the end and says how long the campaign took, from its start to its last contact's end.</summary>
    private static async Task<double> WhenDoneAsync(BenchDatabase database, Guid campaign, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var status = await database.ScalarAsync<string>("SELECT status FROM campaigns WHERE id = $1", campaign);
            if (status == "COMPLETED")
            {
                break;
            }

            if (status != "RUNNING")
            {
                throw new InvalidOperationException($"The campaign is {status}.");
            }

            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException($"The campaign still runs after {Patience}.");
            }

            await Task.Delay(100, cancellationToken);
        }

        var lost = await database.ScalarAsync<long>("SELECT count(*) FROM campaign_contacts WHERE campaign_id = $1 AND status <> 'COMPLETED'", campaign);
        return lost == 0
            ? await database.ScalarAsync<double>(
                """
                SELECT extract(epoch FROM max(cc.finished_at) - c.started_at)::float8
                FROM campaigns c JOIN campaign_contacts cc ON cc.campaign_id = c.id WHERE c.id = $1 GROUP BY c.started_at
                """,
                campaign)
            : throw new InvalidOperationException($"{lost} contacts were not completed.");
    }

    private sealed record Setting(TimeSpan Tick, int MaxConcurrent, int Batch)
    {
        public override string ToString()
            => string.Create(CultureInfo.InvariantCulture, $"tick {Tick.TotalMilliseconds} ms, {MaxConcurrent} at once, batch {Batch}");
    }
}
