using Campaigns.Chaos;
using Campaigns.Chaos.Judging;
using Campaigns.Chaos.Reporting;

if (ChaosOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(ChaosOptions.Usage);
    return 2;
}

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    stopping.Cancel();
};

Console.WriteLine($"Seed {options.Seed}, {options.Rounds} rounds.");
try
{
    var result = await ChaosRun.RunAsync(options, Console.WriteLine, stopping.Token);
    Console.WriteLine();
    Console.WriteLine(Table.Heading);
    foreach (var line in Table.Lines(result.Facts, result.Verdict, result.Rounds, result.Campaigns))
    {
        Console.WriteLine(line.TrimEnd());
    }

    Console.WriteLine();
    foreach (var complaint in result.Verdict.Playout.Machines)
    {
        Console.WriteLine($"the machine's: {complaint.Phone} at {complaint.At:HH:mm:ss.fff}: {complaint.Text}");
    }

    foreach (var complaint in result.Verdict.Complaints)
    {
        Console.WriteLine($"BROKEN {complaint}");
    }

    Console.WriteLine(Summary.Of(result));
    return result.Verdict.IsClean ? 0 : 1;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    Console.WriteLine("Stopped; nothing is judged.");
    return 2;
}
