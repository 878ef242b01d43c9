using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Claims;

public sealed class LeaseTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    [PostgresFact]
    public async Task Acquire_WhenManyTry_OneWins()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);

        var leases = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            seed.Campaigns.TryAcquireLeaseAsync(seed.CampaignId, $"silo/{i}", seed.Now, Duration, CancellationToken.None)));

        Assert.Single(leases, l => l is not null);
    }

    [PostgresFact]
    public async Task Acquire_WhenTheSameOwnerAsksAgain_KeepsTheEpoch()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);

        var first = await seed.AcquireAsync();
        var second = await seed.AcquireAsync();

        Assert.Equal(first, second);
    }

    [PostgresFact]
    public async Task Renew_WhenAnotherTookOverAfterExpiry_Fails()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var old = await seed.Campaigns.TryAcquireLeaseAsync(seed.CampaignId, "a", seed.Now, Duration, CancellationToken.None);
        Assert.Null(await seed.Campaigns.TryAcquireLeaseAsync(seed.CampaignId, "b", seed.Now.AddSeconds(9), Duration, CancellationToken.None));

        var taken = await seed.Campaigns.TryAcquireLeaseAsync(seed.CampaignId, "b", seed.Now.AddSeconds(10), Duration, CancellationToken.None);

        Assert.NotNull(taken);
        Assert.False(await seed.Campaigns.RenewLeaseAsync(old!, seed.Now.AddSeconds(11), Duration, CancellationToken.None));
        Assert.True(await seed.Campaigns.RenewLeaseAsync(taken, seed.Now.AddSeconds(11), Duration, CancellationToken.None));
        await seed.Campaigns.ReleaseLeaseAsync(old!, CancellationToken.None);
        Assert.Empty(Intersect(await seed.Campaigns.FindUndrivenAsync(seed.Now.AddSeconds(12), 1000, CancellationToken.None), seed));
    }

    [PostgresFact]
    public async Task FindUndriven_WhenTheLeaseIsFreeOrExpired_NamesTheCampaign()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        Assert.Single(Intersect(await seed.Campaigns.FindUndrivenAsync(seed.Now, 1000, CancellationToken.None), seed));

        var lease = await seed.Campaigns.TryAcquireLeaseAsync(seed.CampaignId, "a", seed.Now, Duration, CancellationToken.None);

        Assert.Empty(Intersect(await seed.Campaigns.FindUndrivenAsync(seed.Now, 1000, CancellationToken.None), seed));
        Assert.Single(Intersect(await seed.Campaigns.FindUndrivenAsync(seed.Now.AddSeconds(10), 1000, CancellationToken.None), seed));
        await seed.Campaigns.ReleaseLeaseAsync(lease!, CancellationToken.None);
        Assert.Single(Intersect(await seed.Campaigns.FindUndrivenAsync(seed.Now, 1000, CancellationToken.None), seed));
    }

    private static IEnumerable<Guid> Intersect(IEnumerable<Guid> found, CampaignSeed seed) => found.Where(id => id == seed.CampaignId);
}
