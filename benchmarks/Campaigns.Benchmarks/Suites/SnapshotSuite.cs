using System.Diagnostics;
using Campaigns.Benchmarks.Bed;
using Campaigns.Benchmarks.Harness;
using Campaigns.Postgres.Campaigns;

namespace Campaigns.Benchmarks.Suites;

/// <summary>The Start command: an audience by filter becomes snapshot rows.</summary>
internal sealed class SnapshotSuite : Suite
{
    public override string Name => "snapshot";

    public override async Task RunAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var people = run.Options.Scaled(100_000, 1_000);
        await using var database = await run.Server.CreateDatabaseAsync(cancellationToken);
        var organization = await Organization.CreateAsync(database, people);
        var store = new PostgresCampaignStore(database.Source, new FrozenSpecs(database.Source));
        var (seconds, ratios, cpu) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < run.Options.Runs; i++)
        {
            var campaign = await organization.DraftAsync();
            await database.SettleAsync();
            var used = run.Server.CpuTime;
            var start = Stopwatch.GetTimestamp();
            var result = await store.StartAsync(campaign, Organization.Now, cancellationToken);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            cpu.Add((run.Server.CpuTime - used).TotalSeconds);
            if (result.Total != people)
            {
                throw new InvalidOperationException($"The snapshot has {result.Total} people, not {people}: {result.Message}");
            }

            ratios.Add(seconds[^1] / await CopyAsync(database, campaign));
        }

        var size = $"{people:#,0} contacts";
        var row = new Row(Name, $"Start of a campaign over {size}", "s", seconds);
        run.Add(run.Options.Quick ? row : row.Below(3));
        run.Add(new Row(Name, "… of which processor time of PostgreSQL", "s", cpu));
        run.Add(new Row(Name, "… against a plain INSERT … SELECT of the same rows into a copy of the table, indexes and checks included", "×", ratios));
    }

    /// <summary>The floor: the same rows into the same indexes, with no audience to resolve and no foreign keys.</summary>
    private static async Task<double> CopyAsync(BenchDatabase database, Guid campaign)
    {
        await database.ExecuteAsync("CREATE TABLE floor (LIKE campaign_contacts INCLUDING ALL)");
        await database.SettleAsync();
        var start = Stopwatch.GetTimestamp();
        await database.ExecuteAsync("INSERT INTO floor SELECT * FROM campaign_contacts WHERE campaign_id = $1", campaign);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await database.ExecuteAsync("DROP TABLE floor");
        return elapsed;
    }
}
