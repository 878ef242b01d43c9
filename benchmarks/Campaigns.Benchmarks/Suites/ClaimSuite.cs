using System.Diagnostics;
using Campaigns.Benchmarks.Bed;
using Campaigns.Benchmarks.Harness;
using Campaigns.Postgres.Campaigns;
using Campaigns.Stores;

namespace Campaigns.Benchmarks.Suites;

/// <summary>
/// Claims with every rule on, one after the other in each campaign as its grain makes them: eight campaigns of eight organizations beside
/// each other, and one alone. The clock that the claims are told runs ahead so that the pacing never says wait.
/// </summary>
internal sealed class ClaimSuite : Suite
{
    private const int Campaigns = 8;

    public override string Name => "claims";

    public override async Task RunAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        await using var database = await run.Server.CreateDatabaseAsync(cancellationToken);
        var store = new PostgresCampaignStore(database.Source, new FrozenSpecs(database.Source));
        var people = run.Options.Scaled(4_000, 300);
        var organizations = new List<Organization>();
        for (var i = 0; i < Campaigns; i++)
        {
            organizations.Add(await Organization.CreateAsync(database, people));
        }

        var warmUp = new ClaimRun(database, store, [organizations[0]], people / 4);
        await warmUp.MeasureBareAsync(1);
        await warmUp.MeasureAsync(1);
        foreach (var parallel in (int[])[Campaigns, 1])
        {
            var part = new ClaimRun(database, store, organizations.Take(parallel).ToArray(), people / 2);
            await MeasureAsync(run, part, parallel == 1 ? "one campaign alone" : $"{parallel} campaigns side by side");
        }
    }

    private async Task MeasureAsync(SuiteRun run, ClaimRun part, string how)
    {
        var commits = new List<double>();
        var (one, ten) = (new Figures(), new Figures());
        for (var i = 0; i < run.Options.Runs; i++)
        {
            commits.Add(await part.CommitsAsync());
            await one.AddAsync(run, part, batch: 1);
            await ten.AddAsync(run, part, batch: 10);
        }

        run.Add(new Row(Name, $"Floor: one-row updates committed, {how}", "/s", commits));
        foreach (var (figures, batch) in (IEnumerable<(Figures, int)>)[(one, 1), (ten, 10)])
        {
            var row = new Row(Name, $"Claims at batch {batch}, {how}", "/s", figures.Rates);
            run.Add(batch == 1 && !run.Options.Quick ? row.AtLeast(3000) : row);
            run.Add(new Row(Name, "… 99th percentile of one claim transaction", "ms", figures.Slowest));
            run.Add(new Row(Name, "… processor time per contact, this process", "ms", figures.OwnCpu));
            run.Add(new Row(Name, "… processor time per contact, PostgreSQL", "ms", figures.ServerCpu));
            run.Add(new Row(Name, "… against bare FOR UPDATE SKIP LOCKED claims, one statement, no rules", "×", figures.OfBare));
        }
    }

    /// <summary>What one kind of claim came to, run by run.</summary>
    private sealed class Figures
    {
        public List<double> Rates { get; } = [];

        public List<double> Slowest { get; } = [];

        public List<double> OwnCpu { get; } = [];

        public List<double> ServerCpu { get; } = [];

        public List<double> OfBare { get; } = [];

        public async Task AddAsync(SuiteRun run, ClaimRun part, int batch)
        {
            var bare = await part.MeasureBareAsync(batch);
            await part.PrepareAsync();
            using var self = Process.GetCurrentProcess();
            var (own, server) = (self.TotalProcessorTime, run.Server.CpuTime);
            var (claimed, seconds, slowest) = await part.ClaimAllAsync(batch);
            self.Refresh();
            Rates.Add(claimed / seconds);
            Slowest.Add(slowest);
            OwnCpu.Add((self.TotalProcessorTime - own).TotalMilliseconds / claimed);
            ServerCpu.Add((run.Server.CpuTime - server).TotalMilliseconds / claimed);
            OfBare.Add(claimed / seconds / bare);
            await part.FinishAsync();
        }
    }
}
