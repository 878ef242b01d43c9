using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Conversations.Tests;

/// <summary>Who opts out in one campaign is not called by another.</summary>
public sealed class OptOutTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private const string Number = "+919800011500";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PostgresFact]
    public async Task OptOut_InOneCampaign_StopsAnotherAtOnceAlsoWhereADialWasClaimed()
    {
        CampaignSeed? waiting = null, claimed = null;
        Grains.DialOrder? order = null;
        await using var bed = await ConversationBed.StartAsync(
            fixture,
            Shape(),
            prepare: async seed =>
            {
                waiting = await seed.CreateSiblingAsync(Shape());
                await seed.ExecuteAsync("UPDATE campaign_contacts SET due_at = now() + interval '1 hour' WHERE campaign_id = $1", waiting.CampaignId);
                claimed = await seed.CreateSiblingAsync(Shape());
                order = Assert.Single((await claimed.ClaimAsync(await claimed.AcquireAsync("another silo/1"))).Orders);
            });
        using var deadline = new CancellationTokenSource(Patience);

        await bed.Carrier.Conversations.WhenAsync(c => c.HeardAll("You will not be called again."), deadline.Token);
        await bed.Seed.ExecuteAsync("UPDATE campaign_contacts SET due_at = now() WHERE campaign_id = $1 AND status = 'PENDING'", waiting!.CampaignId);
        await bed.WhenSettledAsync(Patience);
        claimed!.Now = TimeProvider.System.GetUtcNow();
        var opened = await bed.Seed.Contacts.OpenSessionAsync(claimed.Open(order!), CancellationToken.None);
        await bed.WhenSettledAsync(Patience, waiting);

        Assert.Equal(Stores.OpenSessionResult.DoNotCall, opened);
        Assert.Equal("SKIPPED", await bed.Seed.ScalarAsync<string>("SELECT status FROM campaign_contacts WHERE campaign_id = $1", waiting.CampaignId));
        Assert.Equal("COMPLETED", await bed.Seed.ScalarAsync<string>("SELECT outcome FROM campaign_contacts WHERE campaign_id = $1", bed.Seed.CampaignId));
        Assert.Equal(1L, await bed.Seed.ScalarAsync<long>("SELECT count(*) FROM do_not_call WHERE phone = $1", Number));
        Assert.Single(bed.Carrier.Ledger.Entries, e => e.Placed);
    }

    private static SeedShape Shape() => new()
    {
        Now = TimeProvider.System.GetUtcNow(),
        Numbers = [Number],
        Instructions = "Ask whether they will renew.",
        Dispositions = [new DispositionSpec { Code = "interested" }],
    };
}
