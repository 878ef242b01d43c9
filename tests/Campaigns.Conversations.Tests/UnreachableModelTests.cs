using System.Collections.Immutable;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Conversations.Tests;

/// <summary>A person answers and the model is not to be had.</summary>
public sealed class UnreachableModelTests : IAsyncLifetime
{
    // A database for each test: a host would go on with the campaigns of the one before.
    private readonly PostgresFixture fixture = new();

    // One says hello first: that somebody spoke to a recorded apology is no conversation.
    private static readonly string[] Numbers = ["+919800010000", "+919800022001"];

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [PostgresTheory]
    [InlineData("http-503")]
    [InlineData("quota")]
    [InlineData("no-setup-complete")]
    public async Task Model_WhenItIsNotToBeHad_IsApologisedForAndThePersonIsCalledAgain(string fault)
    {
        var broken = true;
        await using var bed = await ConversationBed.StartAsync(
            fixture, Shape(TimeSpan.FromHours(1)), configure: c => c["Campaigns:Calls:ModelPatience"] = "00:00:03",
            model: o => o.FaultFor = _ => Volatile.Read(ref broken) ? fault : null);
        await bed.WhenZeroAsync(
            "SELECT 2 - count(*) FROM sessions WHERE campaign = $1 AND state = 'ENDED' AND attempt = 1", TimeSpan.FromSeconds(60),
            "first attempts have not ended", bed.Seed.CampaignId);

        Assert.Equal("PENDING MODEL_UNAVAILABLE 1, PENDING MODEL_UNAVAILABLE 1", await bed.Seed.ScalarAsync<string>(
            "SELECT string_agg(status || ' ' || coalesce(outcome, '-') || ' ' || attempts, ', ') FROM campaign_contacts WHERE campaign_id = $1",
            bed.Seed.CampaignId));
        Assert.All(bed.Carrier.Conversations.All, c => Assert.NotNull(c.FirstAudioMs));
        Assert.All(
            Directory.EnumerateFiles(bed.Recordings, "*.wav", SearchOption.AllDirectories),
            file => Assert.True(HeardRecording.Read(file).AgentAudibleMs >= 1000, "the apology is shorter than a second"));

        // Who refuses for want of quota is asked for fewer sessions at once; who is merely out of order is not.
        Assert.Equal(fault == "quota" ? 1 : 0, await bed.Seed.ScalarAsync<int>(
            "SELECT coalesce(model_lines, 0) FROM carrier_accounts WHERE id = $1", bed.Seed.AccountId));

        Volatile.Write(ref broken, false);
        await bed.Seed.ExecuteAsync("UPDATE campaign_contacts SET due_at = now() WHERE campaign_id = $1", bed.Seed.CampaignId);
        await bed.WhenSettledAsync(TimeSpan.FromSeconds(90));

        Assert.Equal(2L, await bed.Seed.ScalarAsync<long>(
            "SELECT count(*) FROM campaign_contacts WHERE campaign_id = $1 AND status = 'COMPLETED' AND disposition = 'interested' AND attempts = 2",
            bed.Seed.CampaignId));
    }

    [PostgresFact]
    public async Task Model_WhenNobodyListensAtItsAddress_IsApologisedFor()
    {
        await using var bed = await ConversationBed.StartAsync(
            fixture,
            Shape(TimeSpan.FromHours(1)),
            configure: c =>
            {
                c["Campaigns:Gemini:BaseAddress"] = $"http://127.0.0.1:{Loopback.FreePort()}/";
                c["Campaigns:Calls:ModelPatience"] = "00:00:03";
            });

        await bed.WhenSettledAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(
            ["MODEL_UNAVAILABLE", "MODEL_UNAVAILABLE"],
            await bed.Seed.ScalarAsync<string[]>("SELECT array_agg(outcome) FROM sessions WHERE campaign = $1", bed.Seed.CampaignId));
        Assert.All(bed.Carrier.Conversations.All, c => Assert.True(c.FirstAudioMs is not null && c.ReceivedMs >= 1000, $"{c.ReceivedMs} ms were heard"));
    }

    private static SeedShape Shape(TimeSpan backoff) => new()
    {
        Numbers = Numbers,
        Instructions = "Ask whether they will renew.",
        Dispositions = [new DispositionSpec { Code = "interested" }],
        Retry = new RetryPolicy
        {
            Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty.Add(CallOutcome.ModelUnavailable, new RetryRule(2, [backoff])),
        },
    };
}
