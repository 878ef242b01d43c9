using Campaigns.Chaos.Bed;
using Campaigns.Chaos.Judging;
using Campaigns.Chaos.Reporting;
using Campaigns.Chaos.Troubles;

namespace Campaigns.Chaos;

/// <summary>A bounded number of rounds over one bed, and everything to be told of them.</summary>
public sealed record ChaosResult(IReadOnlyList<Round> Rounds, RunFacts Facts, Verdict Verdict, IReadOnlyList<ChaosCampaign> Campaigns, double Saturated);

/// <summary>Runs rounds.</summary>
public static class ChaosRun
{
    /// <summary>The silos beside the API.</summary>
    public static IReadOnlyList<string> Silos { get; } = ["one", "two", "three"];

    private const int AtATime = 3;

    // Longer than a call that is on no callback and no look-up's list takes to be given up.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(3);

    /// <param name="options">How much of it.</param>
    /// <param name="say">Hears of each round when it is over.</param>
    /// <param name="cancellationToken">Ends the run and everything that it started.</param>
    public static async Task<ChaosResult> RunAsync(ChaosOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(say);
        await using var bed = await ChaosBed.StartAsync(new Caps(), [.. Silos], cancellationToken);
        try
        {
            var schedule = new Schedule(options.Seed);
            var mischief = new Mischief(bed);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var keeper = mischief.KeepAsync(over.Token);
            var rounds = new List<Round>();
            var began = TimeProvider.System.GetTimestamp();
            while (rounds.Count < options.Rounds && (options.Minutes is not { } limit || TimeProvider.System.GetElapsedTime(began).TotalMinutes < limit))
            {
                // The last rounds have fewer: who is left after them is only waited for.
                var campaigns = Math.Min(AtATime, options.Rounds - rounds.Count);
                await bed.TopUpAsync(rounds.Count + 1, campaigns, atLeast: ChaosBed.Enough + 2, cancellationToken);
                var round = await mischief.RunAsync(rounds.Count + 1, schedule.Next(), cancellationToken);
                rounds.Add(round);
                var took = round.Ended - round.Began;
                say($"{round.Number}: {round.Plan.Trouble} {round.Victim}, {took.TotalSeconds:0.0} s, resumed {round.Resumed?.TotalSeconds:0.0} s {string.Join("; ", round.Notes)}");
                round.Complaints.ForEach(say);
            }

            if (!await bed.IsSettledAsync(LongestEnd, cancellationToken))
            {
                say($"Not everybody has come to an end {LongestEnd} after the last round.");
            }

            await over.CancelAsync();
            await keeper;
            var facts = await RunFacts.ReadAsync(bed, cancellationToken);
            var verdict = Verdict.Of(facts, [.. rounds.SelectMany(round => round.Complaints)]);
            if (options.Logs is { } logs)
            {
                await File.WriteAllTextAsync(logs, $"{DialLines.Of(facts.Dials)}{bed.Hosts.Outputs}", cancellationToken);
            }

            return new ChaosResult(rounds, facts, verdict, bed.Campaigns, bed.Machine.Saturated);
        }
        catch (Exception error) when (error is not OperationCanceledException && options.Logs is not null)
        {
            await File.WriteAllTextAsync(options.Logs, bed.Hosts.Outputs, CancellationToken.None);
            throw;
        }
    }
}
