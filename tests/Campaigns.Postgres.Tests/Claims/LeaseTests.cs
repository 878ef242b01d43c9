using System.Data.Common;
using Campaigns.Postgres.Campaigns;
using Campaigns.Testing;
using Npgsql;

namespace Campaigns.Postgres.Tests.Claims;

public sealed class LeaseTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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

    [PostgresFact]
    public async Task HandOver_WithSlotsThatWereNotUsed_LetsTheNextOwnerDialAsSoonAsTheAccountMay()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { CallsPerMinute = 60 });
        var lease = await seed.AcquireAsync("a");
        var orders = (await seed.ClaimAsync(lease, batch: 3, horizon: TimeSpan.FromSeconds(5))).Orders;
        foreach (var order in orders.Skip(1))
        {
            Assert.True(await seed.Contacts.ReleaseClaimAsync(order.CampaignContactId, order.TaskId, seed.Now, "test", seed.Now, CancellationToken.None));
        }

        await seed.Campaigns.HandOverLeaseAsync(lease, orders[1].DialAt, CancellationToken.None);

        var next = await seed.ClaimAsync(await seed.AcquireAsync("b"), batch: 3, horizon: TimeSpan.FromSeconds(5));

        // The account's slots stay taken: others may have taken some behind them.
        Assert.InRange(next.Orders[0].DialAt - orders[^1].DialAt, TimeSpan.Zero, TimeSpan.FromMilliseconds(2));
    }

    [PostgresFact]
    public async Task HandOver_OfALeaseThatMovedOn_ChangesNothing()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { CallsPerMinute = 60 });
        var old = await seed.Campaigns.TryAcquireLeaseAsync(seed.CampaignId, "a", seed.Now, Duration, CancellationToken.None);
        var taken = await seed.Campaigns.TryAcquireLeaseAsync(seed.CampaignId, "b", seed.Now.AddSeconds(10), Duration, CancellationToken.None);
        await seed.ClaimAsync(taken!);
        var slot = await seed.ScalarAsync<DateTime>("SELECT next_slot_at FROM campaign_counters WHERE campaign_id = $1", seed.CampaignId);

        await seed.Campaigns.HandOverLeaseAsync(old!, seed.Now.AddHours(-1), CancellationToken.None);

        Assert.Equal(slot, await seed.ScalarAsync<DateTime>("SELECT next_slot_at FROM campaign_counters WHERE campaign_id = $1", seed.CampaignId));
        Assert.True(await seed.Campaigns.RenewLeaseAsync(taken!, seed.Now.AddSeconds(11), Duration, CancellationToken.None));
    }

    [PostgresFact]
    public async Task News_WhenALeaseIsLetGo_Come()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        var lease = await seed.AcquireAsync();
        using var stop = new CancellationTokenSource();
        using var heard = new SemaphoreSlim(0);
        var listening = new PostgresLeaseNews(fixture.DataSource).ListenAsync(() => heard.Release(), stop.Token);
        Assert.True(await heard.WaitAsync(Patience), "Whoever begins to listen is told to look.");

        await seed.Campaigns.ReleaseLeaseAsync(lease, CancellationToken.None);
        Assert.True(await heard.WaitAsync(Patience), "A lease was let go.");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening.WaitAsync(Patience));
    }

    [PostgresFact]
    public async Task News_WhenTheConnectionIsLost_EndInAnError()
    {
        await using var database = PostgresRegistration.CreateDataSource(
            new NpgsqlConnectionStringBuilder(fixture.ConnectionString) { ApplicationName = "deaf" }.ConnectionString);
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        using var heard = new SemaphoreSlim(0);
        var listening = new PostgresLeaseNews(database).ListenAsync(() => heard.Release(), CancellationToken.None);
        Assert.True(await heard.WaitAsync(Patience));

        await seed.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'deaf'");

        await Assert.ThrowsAnyAsync<DbException>(() => listening.WaitAsync(Patience));
    }

    [PostgresFact]
    public async Task Acquire_WhenTheOwnerStandsStillInAClaim_IsNotKeptWaitingForLong()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource);
        await using var database = PostgresRegistration.CreateDataSource(fixture.ConnectionString);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var claim = new NpgsqlCommand("SELECT 1 FROM campaigns WHERE id = $1 FOR SHARE", connection, transaction);
        claim.Parameters.Add(new NpgsqlParameter { Value = seed.CampaignId });
        await claim.ExecuteNonQueryAsync();

        // The claim is never heard of again. Without a limit this would wait for it until the command's own.
        var lease = await seed.Campaigns.TryAcquireLeaseAsync(seed.CampaignId, "silo/other", seed.Now, Duration, CancellationToken.None).WaitAsync(Patience);

        Assert.NotNull(lease);
        await Assert.ThrowsAnyAsync<DbException>(() => transaction.CommitAsync());
    }

    private static IEnumerable<Guid> Intersect(IEnumerable<Guid> found, CampaignSeed seed) => found.Where(id => id == seed.CampaignId);
}
