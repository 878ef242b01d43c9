using System.Diagnostics;
using System.Globalization;
using Campaigns.Benchmarks.Bed;
using Campaigns.Benchmarks.Harness;
using Campaigns.Grains;

namespace Campaigns.Benchmarks.Suites;

/// <summary>
/// Conversations through the whole product: real sockets to a carrier whose people talk and to a model that answers, each in a process of its
/// own, everything recorded. Every number of calls is held for a minute after all of them talk, and measured in that minute.
/// </summary>
internal sealed class CallSuite : Suite
{
    private const int Windows = 3;

    // Many enough that idle costs do not count, few enough that nothing starves.
    private const int Compared = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    public override string Name => "calls";

    public override async Task RunAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        foreach (var count in run.Options.Quick ? [5] : run.Options.Calls)
        {
            var measured = await MeasureAsync(run, count, cancellationToken);
            if (count == Compared || run.Options.Quick)
            {
                await CompareAsync(run, count, measured, cancellationToken);
            }
        }
    }

    private async Task<CallWindows> MeasureAsync(SuiteRun run, int calls, CancellationToken cancellationToken)
    {
        var load = LoadAverage.Now();
        var recordings = Directory.CreateTempSubdirectory("campaigns-benchmark-calls-");
        using var instruments = new Instruments();
        try
        {
            await using var bed = await TalkBed.StartAsync(cancellationToken);
            await using var database = await run.Server.CreateDatabaseAsync(cancellationToken);
            await using var host = await ProductHost.StartAsync(database.ConnectionString, bed.Carrier.Address, bed.Settings(recordings.FullName));
            var campaign = await TalkBed.DraftAsync(database, calls);
            await database.SettleAsync();
            var before = Memory();
            await host.Grains.GetGrain<ICampaignGrain>(campaign).StartAsync(cancellationToken);
            await WhenAsync(() => instruments.Observe("campaigns.calls.live") >= calls, $"{calls} calls talk", cancellationToken);
            await Task.Delay(Settling, cancellationToken);

            var hold = new CallWindows(run, bed, calls);
            instruments.Clear();
            var from = TimeProvider.System.GetUtcNow();
            await HoldAsync(run, hold, cancellationToken);
            var own = CallLatencies.Of(instruments);
            using var people = await bed.Carrier.GetAsync("ledger", cancellationToken);
            using var agents = await bed.Model.GetAsync("ledger", cancellationToken);
            var (toModel, toPerson) = SoundTimes.Match(people.RootElement, agents.RootElement, from);
            var held = instruments.Observe("campaigns.calls.live");
            if (held < calls)
            {
                throw new InvalidOperationException($"Only {held} of {calls} calls were held to the end.");
            }

            var after = Memory();

            // A call counts its underruns when it ends.
            await bed.Carrier.DisposeAsync();
            await WhenAsync(() => instruments.Observe("campaigns.calls.live") <= 0, "the calls end", cancellationToken);
            foreach (var row in hold.Rows(Name)
                .Append(new Row(Name, "… managed heap per call", "kB", [(after.Heap - before.Heap) / 1e3 / calls]))
                .Append(new Row(Name, "… working set per call", "kB", [(after.Resident - before.Resident) / 1e3 / calls]))
                .Concat(own.Rows(Name))
                .Concat(CallLatencies.Rows(Name, "towards the model, from outside: sent by the carrier to come at the model", toModel, null))
                .Concat(CallLatencies.Rows(Name, "towards the person, from outside: sent by the model to come at the carrier", toPerson, null))
                .Append(new Row(Name, "… underruns of all calls", "", [instruments.Of("campaigns.calls.underruns").Sum()])))
            {
                run.Report.Add(row with { Load = load });
            }

            return hold;
        }
        finally
        {
            recordings.Delete(recursive: true);
        }
    }

    /// <summary>The same people and the same model with a bridge between them that does the least.</summary>
    private async Task CompareAsync(SuiteRun run, int calls, CallWindows product, CancellationToken cancellationToken)
    {
        var load = LoadAverage.Now();
        await using var bed = await TalkBed.StartAsync(cancellationToken);
        await using var host = await NaiveHost.StartAsync(bed, cancellationToken);
        await host.DialAsync(calls, cancellationToken);
        await WhenAsync(() => host.Live >= calls, $"{calls} calls talk", cancellationToken);
        await Task.Delay(Settling, cancellationToken);
        var hold = new CallWindows(run, bed, calls);
        var from = TimeProvider.System.GetUtcNow();
        await HoldAsync(run, hold, cancellationToken);
        using var people = await bed.Carrier.GetAsync("ledger", cancellationToken);
        using var agents = await bed.Model.GetAsync("ledger", cancellationToken);
        var (toModel, toPerson) = SoundTimes.Match(people.RootElement, agents.RootElement, from);
        if (host.Live < calls)
        {
            throw new InvalidOperationException($"Only {host.Live} of {calls} calls were held to the end.");
        }

        foreach (var row in hold.Rest(Name).Prepend(hold.Own(Name, " through a naive bridge, nothing recorded or stored"))
            .Concat(CallLatencies.Rows(Name, "towards the model, from outside", toModel, null))
            .Concat(CallLatencies.Rows(Name, "towards the person, from outside", toPerson, null))
            .Append(new Row(Name, $"{calls} calls: processor time of the product against the naive bridge", "×", [product.Over(hold)])))
        {
            run.Report.Add(row with { Load = load });
        }
    }

    private static async Task HoldAsync(SuiteRun run, CallWindows hold, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Windows; i++)
        {
            await hold.MeasureAsync(TimeSpan.FromSeconds(run.Options.Quick ? 4 : 20), cancellationToken);
        }
    }

    private static async Task WhenAsync(Func<bool> condition, string what, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Not within {Patience.TotalMinutes} min: {what}."));
            }

            await Task.Delay(200, cancellationToken);
        }
    }

    private static (long Heap, long Resident) Memory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }
}
