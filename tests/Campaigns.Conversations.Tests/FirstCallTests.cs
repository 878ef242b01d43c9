using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Conversations.Tests;

/// <summary>One ordinary call, from the dial to what is remembered of it.</summary>
public sealed class FirstCallTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Call_ToAPolitePerson_IsHeldAndLandsOnTheRecord()
    {
        await using var bed = await ConversationBed.StartAsync(fixture, new SeedShape
        {
            Numbers = ["+915555000001"],
            Instructions = "Ask whether they will renew.",
            Dispositions = [new DispositionSpec { Code = "interested" }, new DispositionSpec { Code = "not_interested" }],
        });

        await bed.WhenSettledAsync(TimeSpan.FromSeconds(60));

        var call = Assert.Single(bed.Carrier.Conversations.All);
        Assert.True(call.HeardAll("Hello Person 1."), bed.Describe());
        Assert.True(call.HeardAll("Goodbye"), bed.Describe());
        Assert.Empty(call.ProtocolErrors);
        var session = Assert.Single(bed.Model.Ledger.Sessions);
        Assert.Empty(session.ProtocolErrors);
        Assert.Equal("COMPLETED interested", await bed.Seed.ScalarAsync<string>(
            "SELECT outcome || ' ' || disposition FROM campaign_contacts WHERE campaign_id = $1", bed.Seed.CampaignId));
        var turns = await bed.Seed.ScalarAsync<string>("SELECT string_agg(position || ' ' || speaker || ': ' || text, E'\n' ORDER BY position) FROM session_turns");
        Assert.True(turns.Split('\n').Length >= 5, $"{turns}\n{bed.Describe()}\n{bed.Log.Text}");
        Assert.Single(Directory.EnumerateFiles(bed.Recordings, "*.wav", SearchOption.AllDirectories));
    }
}
