using System.Runtime;
using Campaigns.Benchmarks.Bed;
using Campaigns.Benchmarks.Harness;
using Campaigns.Grains;

namespace Campaigns.Benchmarks.Suites;

/// <summary>What idle grains cost: activated by a call that changes nothing, then left alone.</summary>
internal sealed class MemorySuite : Suite
{
    private const int Unit = 10_000;
    private const int AtOnce = 16;

    public override string Name => "memory";

    public override async Task RunAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        await using var database = await run.Server.CreateDatabaseAsync(cancellationToken);
        await using var host = await ProductHost.StartAsync(database.ConnectionString, new Uri("http://127.0.0.1:9/"));
        await MeasureAsync(run, "contact", id => host.Grains.GetGrain<IContactGrain>(id).GiveUpAsync(Guid.NewGuid(), "bench", cancellationToken));
        await MeasureAsync(run, "campaign", id => host.Grains.GetGrain<ICampaignGrain>(id).PauseAsync("bench", cancellationToken));
    }

    private async Task MeasureAsync(SuiteRun run, string kind, Func<Guid, Task> touch)
    {
        var count = run.Options.Scaled(Unit, 200);
        var (heap, resident) = (new List<double>(), new List<double>());
        await TouchAsync(touch, count / 10);
        for (var i = 0; i < run.Options.Runs; i++)
        {
            var before = Measure();
            await TouchAsync(touch, count);
            var after = Measure();
            heap.Add((after.Heap - before.Heap) / 1e6 * Unit / count);
            resident.Add((after.Resident - before.Resident) / 1e6 * Unit / count);
        }

        run.Add(new Row(Name, $"Managed heap of {Unit:#,0} idle {kind} grains", "MB", heap));
        run.Add(new Row(Name, $"Working set of {Unit:#,0} idle {kind} grains", "MB", resident));
    }

    private static Task TouchAsync(Func<Guid, Task> touch, int count)
        => Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) => await touch(Guid.NewGuid()));

    private static (long Heap, long Resident) Measure()
    {
        for (var i = 0; i < 3; i++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }
}
