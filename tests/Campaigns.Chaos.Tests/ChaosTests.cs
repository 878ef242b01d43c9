using Campaigns.Chaos.Reporting;
using Campaigns.Testing;
using Xunit.Abstractions;

namespace Campaigns.Chaos.Tests;

/// <summary>Every trouble once, over one bed. More of them: <c>dotnet run --project tests/Campaigns.Chaos -c Release -- --rounds 50</c>.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [PostgresFact]
    public async Task Run_OfEveryTroubleOnce_BreaksNothing()
    {
        var options = new ChaosOptions { Rounds = Enum.GetValues<Troubles.Trouble>().Length, Seed = 4 };
        output.WriteLine($"Seed {options.Seed}");
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(8));

        var result = await ChaosRun.RunAsync(options, output.WriteLine, deadline.Token);

        output.WriteLine(Table.Heading);
        foreach (var line in Table.Lines(result.Facts, result.Verdict, result.Rounds, result.Campaigns))
        {
            output.WriteLine(line);
        }

        output.WriteLine(Summary.Of(result));
        Assert.True(result.Verdict.IsClean, $"{string.Join('\n', result.Verdict.Complaints)}\n{DialLines.Of(result.Facts.Dials)}");
        Assert.True(result.Verdict.Playout.Calls > 0, "No call was on a host that nothing was done to.");
        Assert.Equal(options.Rounds, result.Rounds.Select(round => round.Plan.Trouble).Distinct().Count());
    }
}
