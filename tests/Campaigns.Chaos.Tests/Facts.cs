using Campaigns.Chaos.Bed;
using Campaigns.Chaos.Judging;

namespace Campaigns.Chaos.Tests;

/// <summary>The end of a test's campaign.</summary>
internal static class Facts
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Waits until everybody has come to an end, and fails with all that is not as promised.</summary>
    internal static async Task<RunFacts> JudgeAsync(this ChaosBed bed)
    {
        if (!await bed.IsSettledAsync(Patience, CancellationToken.None))
        {
            Assert.Fail($"Not everybody has come to an end after {Patience}.\n{bed.Hosts.Outputs}");
        }

        var facts = await RunFacts.ReadAsync(bed, CancellationToken.None);
        var verdict = Verdict.Of(facts, []);
        Assert.True(verdict.IsClean, $"{string.Join('\n', verdict.Complaints)}\n{Reporting.DialLines.Of(facts.Dials)}\n{bed.Hosts.Outputs}");
        return facts;
    }

    /// <summary>People who say a sentence, with these fates.</summary>
    internal static string[] Numbers(int count, Func<int, int> fate) => [.. Enumerable.Range(0, count).Select(i => $"+919001{i:00}10{fate(i):00}")];

    /// <summary>The time-out of waits that should be over long before.</summary>
    internal static CancellationTokenSource Deadline() => new(Patience);
}
