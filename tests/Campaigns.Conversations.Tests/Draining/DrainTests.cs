using System.Collections.Immutable;
using Campaigns.Carrier;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Silo.Draining;
using Campaigns.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Campaigns.Conversations.Tests.Draining;

/// <summary>People who ring, talk or call in while the silo that has their calls drains.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A database for each test: a host would go on with the campaigns of the one before.
    private readonly PostgresFixture fixture = new();

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [PostgresFact]
    public async Task Person_WhoAnswersDuringTheDrain_IsServedToTheEnd()
    {
        var secret = SessionToken.Create();

        // Rings 2.5 s here.
        await using var bed = await ConversationBed.StartAsync(
            fixture,
            Shape("+915555001070") with { Numbers = ["+915555001070", "+915555001071"] },
            carrier: options => options.Speed = 10,
            configure: configuration => configuration["Campaigns:Silo:DrainNotice"] = "00:00:00.500",
            prepare: async seed =>
            {
                await seed.ExecuteAsync("UPDATE agents SET inbound_secret_hash = $1 WHERE id = $2", SessionToken.Hash(secret), seed.AgentId);
                await seed.ExecuteAsync("UPDATE campaign_contacts SET due_at = now() + interval '3 s' WHERE phone LIKE '%71'");
            });
        using var deadline = new CancellationTokenSource(Patience);
        var ringing = await bed.Carrier.Ledger.WhenAsync(e => e.Placed, deadline.Token);
        var drain = bed.Services.GetRequiredService<SiloDrain>();

        var drained = drain.RunAsync(noticed: false, CancellationToken.None);

        Assert.Null(bed.Carrier.Ledger.Entries.Single(e => e.CallSid == ringing.CallSid).AnsweredAt);
        await bed.Carrier.Conversations.WhenAsync(c => c.SoundsReceived.Count > 0, deadline.Token);
        Assert.False(drained.IsCompleted);
        var status = await drain.ReadAsync(deadline.Token);
        Assert.Equal((SiloState.Draining, 1, 0, 0), (status.State, status.LiveCalls, status.Ringing, status.Campaigns));
        Assert.Equal(503, await StreamClient.RefusalAsync(new Uri(bed.MediaAddress, $"inbound/{bed.Seed.AgentId}/{secret}")));

        var result = await drained.WaitAsync(Patience);

        Assert.Equal((0, false), (result.CutOff, result.Hurried));
        Assert.Equal(("bot", 1000), (Assert.Single(bed.Carrier.Conversations.All).ClosedBy, bed.Carrier.Conversations.All[0].CloseCode));
        Assert.True(await bed.Seed.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM session_turns WHERE speaker = 'AGENT' AND text LIKE '%Goodbye%' AND NOT interrupted)"), bed.Log.Text);

        // Whoever became due meanwhile is another silo's.
        await bed.WhenZeroAsync(
            "SELECT count(*) FROM campaign_contacts WHERE campaign_id = $1 AND status IN ('DISPATCHED', 'IN_PROGRESS')", Patience, "calls are not settled",
            bed.Seed.CampaignId);
        Assert.Equal(["COMPLETED not_interested 1", "PENDING  0"], await ContactsAsync(bed));
        Assert.Single(bed.Carrier.Ledger.Entries);
    }

    [PostgresFact]
    public async Task Call_WhenTheLimitComes_EndsWithAnApologyAndIsDueAgainOnce()
    {
        await using var bed = await ConversationBed.StartAsync(
            fixture,
            Shape("+915555003000"),
            configure: configuration =>
            {
                configuration["Campaigns:Silo:DrainLimit"] = "00:00:00.500";
                configuration["Campaigns:Silo:DrainNotice"] = "00:00:00";
            });
        using var deadline = new CancellationTokenSource(Patience);
        await bed.Carrier.Conversations.WhenAsync(c => c.SoundsReceived.Count > 0 && c.Said.Count > 0, deadline.Token);
        var drain = bed.Services.GetRequiredService<SiloDrain>();

        var result = await drain.RunAsync(noticed: false, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((1, false), (result.CutOff, result.Hurried));
        var call = Assert.Single(bed.Carrier.Conversations.All);
        Assert.Equal(("bot", 1000), (call.ClosedBy, call.CloseCode));
        await bed.WhenZeroAsync(
            "SELECT count(*) FROM sessions WHERE campaign = $1 AND state <> 'ENDED'", Patience, "sessions have not ended", bed.Seed.CampaignId);
        Assert.Equal("INTERRUPTED_BY_US", await bed.Seed.ScalarAsync<string>("SELECT outcome FROM sessions WHERE campaign = $1", bed.Seed.CampaignId));
        Assert.Equal(["PENDING  1"], await ContactsAsync(bed));
        Assert.True(await bed.Seed.ScalarAsync<bool>("SELECT due_at IS NOT NULL FROM campaign_contacts WHERE campaign_id = $1", bed.Seed.CampaignId));
        Assert.Single(bed.Carrier.Ledger.Entries);
        await bed.WhenQuietAsync(TimeSpan.FromSeconds(10));
    }

    private static SeedShape Shape(string number) => new()
    {
        Numbers = [number],
        Instructions = "Ask whether they will renew.",
        Dispositions = [new DispositionSpec { Code = "interested" }, new DispositionSpec { Code = "not_interested" }],
        Retry = new RetryPolicy
        {
            Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty.Add(CallOutcome.InterruptedByUs, new RetryRule(2, [TimeSpan.FromMinutes(1)])),
        },
    };

    private static Task<string[]> ContactsAsync(ConversationBed bed) => bed.Seed.ScalarAsync<string[]>(
        "SELECT array_agg(status || ' ' || coalesce(disposition, '') || ' ' || attempts ORDER BY phone) FROM campaign_contacts WHERE campaign_id = $1",
        bed.Seed.CampaignId);
}
