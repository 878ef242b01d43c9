using System.Collections.Immutable;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;
using CarrierSimulator;

namespace Campaigns.Conversations.Tests;

/// <summary>A host that is killed in mid-conversation.</summary>
public sealed class CrashTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [PostgresFact]
    public async Task Conversation_WhenItsHostIsKilled_IsInterruptedByUsAndHeldAgainOnceByAnother()
    {
        await using var bed = await ConversationBed.StartAsync(
            fixture,
            new SeedShape
            {
                Numbers = ["+919800010000"],
                Instructions = "Ask whether they will renew.",
                Dispositions = [new DispositionSpec { Code = "interested" }],
                Retry = new RetryPolicy
                {
                    Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty.Add(CallOutcome.InterruptedByUs, new RetryRule(2, [TimeSpan.FromMilliseconds(500)])),
                },
            },
            withHost: false);
        using var deadline = new CancellationTokenSource(Patience);
        await using (var doomed = await HostProcess.StartAsync(bed, fixture.ConnectionString, "doomed"))
        {
            await bed.Carrier.Conversations.WhenAsync(c => c.HeardAll("Hello Person 1."), deadline.Token);
            await doomed.KillAsync();
        }

        await using var other = await HostProcess.StartAsync(bed, fixture.ConnectionString, "other");
        Assert.True(await bed.IsSettledAsync(Patience), other.Output);

        Assert.Equal(
            ["INTERRUPTED_BY_US", "COMPLETED"],
            (await bed.Seed.ScalarAsync<string[]>("SELECT array_agg(outcome ORDER BY attempt) FROM sessions WHERE campaign = $1", bed.Seed.CampaignId)));
        Assert.Equal("COMPLETED interested 2", await bed.Seed.ScalarAsync<string>(
            "SELECT status || ' ' || disposition || ' ' || attempts FROM campaign_contacts WHERE campaign_id = $1", bed.Seed.CampaignId));
        var summary = LedgerSummary.Of(bed.Carrier.Ledger.Entries);
        Assert.Empty(summary.Overlaps);
        Assert.Equal(2, bed.Carrier.Ledger.Entries.Count(e => e.Placed));
        Assert.True(bed.Carrier.Conversations.All[^1].HeardAll("Goodbye"));
        await bed.WhenQuietAsync(TimeSpan.FromSeconds(10));
    }
}
