using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;
using CarrierSimulator;

namespace Campaigns.Conversations.Tests;

/// <summary>What one call learns the next one knows.</summary>
public sealed class MemoryTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private const string Number = "+919800012100";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PostgresFact]
    public async Task SecondCall_ToThePerson_KnowsWhatTheFirstLearnedAndLearnsBetter()
    {
        await using var bed = await ConversationBed.StartAsync(fixture, Shape());
        await bed.WhenSettledAsync(Patience);
        await bed.WhenDistilledAsync(Patience);
        Assert.Equal("birthday_month: March", await FactsAsync(bed));

        bed.Carrier.People.Put(Number, () => new ScriptedPerson(
            "contradicts", new Reaction("noted", "yes, I will renew"), new Reaction("renew", "my birthday month is May")));
        var second = await bed.Seed.CreateSiblingAsync(Shape());
        await bed.WhenSettledAsync(Patience, second);
        await bed.WhenDistilledAsync(Patience);

        Assert.True(bed.Carrier.Conversations.All[1].HeardAll("Hello Person 1. I remember birthday_month: March."), bed.Describe());
        Assert.Equal("birthday_month: May", await FactsAsync(bed));
        Assert.Equal(1L, await bed.Seed.ScalarAsync<long>(
            "SELECT count(*) FROM memory_facts old JOIN memory_facts new ON new.id = old.superseded_by WHERE old.fact LIKE '%March' AND new.fact LIKE '%May'"));

        var third = await bed.Seed.CreateSiblingAsync(Shape());
        await bed.WhenSettledAsync(Patience, third);

        Assert.True(bed.Carrier.Conversations.All[2].HeardAll("Hello Person 1. I remember birthday_month: May."), bed.Describe());
    }

    private static SeedShape Shape() => new()
    {
        Now = TimeProvider.System.GetUtcNow(),
        Numbers = [Number],
        Instructions = "Ask whether they will renew.",
        Dispositions = [new DispositionSpec { Code = "interested" }],
    };

    private static Task<string> FactsAsync(ConversationBed bed)
        => bed.Seed.ScalarAsync<string>("SELECT coalesce(string_agg(fact, '; '), '') FROM memory_facts WHERE superseded_by IS NULL");
}
