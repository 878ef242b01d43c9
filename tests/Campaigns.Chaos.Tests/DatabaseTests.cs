using Campaigns.Chaos.Bed;
using Campaigns.Testing;

namespace Campaigns.Chaos.Tests;

/// <summary>PostgreSQL goes away while a campaign dials and people talk, and comes back.</summary>
public sealed class DatabaseTests
{
    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Campaign_WhoseDatabaseRestarts_CallsEverybodyOnceAndCutsNobodyOff(bool crashes)
    {
        using var deadline = Facts.Deadline();
        await using var bed = await ChaosBed.StartAsync(new Caps(), ["one"], deadline.Token);
        await bed.AddCampaignAsync(1, Facts.Numbers(10, i => i));
        await bed.Carrier.Ledger.WhenAsync(entry => entry.Sequence >= 4, deadline.Token);
        var live = bed.Carrier.Ledger.Entries.Count(entry => entry.Live);

        await (crashes ? bed.Postgres.CrashAsync() : bed.Postgres.StopAsync());
        var away = await ComplaintsAsync(bed, "database away", ready: 503, deadline.Token);
        await bed.Postgres.StartAgainAsync(deadline.Token);
        var back = TimeProvider.System.GetUtcNow();
        var returned = await ComplaintsAsync(bed, "database back", ready: 200, deadline.Token);

        Assert.All([.. away, .. returned], Assert.Null);
        Assert.True(live > 0, "Nobody was on the phone when the database went away.");
        var next = await bed.Carrier.Ledger.WhenAsync(entry => entry.ReceivedAt > back, deadline.Token);
        Assert.True(next.ReceivedAt - back < Judging.ResumeJudge.Limit, $"The next dial came {next.ReceivedAt - back} after the database.");
        var facts = await bed.JudgeAsync();
        Assert.Equal(10, facts.Contacts.Count(contact => contact.Status is "COMPLETED" or "FAILED"));
    }

    private static Task<string?[]> ComplaintsAsync(ChaosBed bed, string state, int ready, CancellationToken cancellationToken)
        => Task.WhenAll(bed.Hosts.Names.Select(
            name => Health.ComplaintAsync(bed.Hosts[name], state, ready, live: 200, TimeSpan.FromSeconds(20), cancellationToken)));
}
