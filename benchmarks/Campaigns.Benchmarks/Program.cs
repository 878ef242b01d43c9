using System.Globalization;
using Campaigns.Benchmarks.Bed;
using Campaigns.Benchmarks.Harness;
using Campaigns.Benchmarks.Load;
using Campaigns.Benchmarks.Suites;

namespace Campaigns.Benchmarks;

internal static class Program
{
    private static readonly Suite[] All = [new SnapshotSuite(), new ImportSuite(), new ClaimSuite(), new LifecycleSuite(), new CallbackSuite(), new MemorySuite(), new AudioSuite(), new CallSuite()];

    public static async Task<int> Main(string[] args)
    {
        if (!BenchmarkOptions.TryParse(args, All.Select(s => s.Name), out var options, out var message))
        {
            await Console.Error.WriteLineAsync(message);
            return 2;
        }

        if (options.Only.Contains("callbacks") && !Wrk.IsInstalled)
        {
            await Console.Error.WriteLineAsync(Wrk.Missing);
            return 2;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = true;
            stop.Cancel();
        };
        try
        {
            await RunAsync(options, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
    }

    private static async Task RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await LoadAverage.WaitForCalmAsync(options.WaitForCalm, cancellationToken);
        await using var server = await Server.StartAsync(options.DataFolder, cancellationToken);
        var machine = await Machine.DescribeAsync(server, cancellationToken);
        var report = new Report(options.Quick);
        foreach (var suite in All.Where(s => options.Only.Count == 0 || options.Only.Contains(s.Name)))
        {
            var load = LoadAverage.Now();
            await Console.Error.WriteLineAsync($"{suite.Name} (load {load.ToString("F2", CultureInfo.InvariantCulture)})");
            await suite.RunAsync(new SuiteRun(server, options, report, load), cancellationToken);
        }

        var text = report.ToMarkdown(machine, LoadAverage.Now().ToString("F2", CultureInfo.InvariantCulture));
        Console.WriteLine(text);
        if (options.OutFile is { } file)
        {
            await File.WriteAllTextAsync(file, text, cancellationToken);
        }
    }
}
