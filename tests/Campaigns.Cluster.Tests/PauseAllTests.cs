using Campaigns.Testing;
using Campaigns.Testing.Hosts;
using Npgsql;

namespace Campaigns.Cluster.Tests;

/// <summary>A restored database dials nobody before somebody has looked at it.</summary>
public sealed class PauseAllTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private const string Reason = "restored from last night's backup";

    [PostgresFact]
    public async Task PauseAll_OnARestoredDatabase_PausesWhatWouldDialAndNothingElse()
    {
        var connection = fixture.Server.ConnectionStringTo(await fixture.Server.CreateMigratedAsync());
        await using var database = NpgsqlDataSource.Create(connection);
        var running = await CampaignSeed.CreateAsync(database);
        var cancelled = await running.CreateSiblingAsync(new SeedShape());
        Assert.Equal(1, await cancelled.ExecuteAsync(
            "UPDATE campaigns SET status = 'CANCELLED', finished_at = now(), running_since = NULL WHERE id = $1", cancelled.CampaignId));

        Assert.Contains("1 campaigns paused: " + Reason, await RunAsync(connection, 0, Reason), StringComparison.Ordinal);
        Assert.Equal("PAUSED", await StatusAsync(running));
        Assert.Equal(Reason, await running.ScalarAsync<string>("SELECT pause_reason FROM campaigns WHERE id = $1", running.CampaignId));
        Assert.Equal("CANCELLED", await StatusAsync(cancelled));
        Assert.Contains("0 campaigns paused", await RunAsync(connection, 0, Reason), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task PauseAll_WithoutAReasonOrWithoutOurSchema_ChangesNothingAndSaysWhy()
    {
        var connection = fixture.Server.ConnectionStringTo(await fixture.Server.CreateEmptyAsync());

        Assert.Contains("pause-all needs a reason", await RunAsync(connection, 1), StringComparison.Ordinal);
        Assert.Contains("The database has no schema yet.", await RunAsync(connection, 1, Reason), StringComparison.Ordinal);
    }

    private static Task<string> StatusAsync(CampaignSeed seed) => seed.ScalarAsync<string>("SELECT status FROM campaigns WHERE id = $1", seed.CampaignId);

    private static async Task<string> RunAsync(string connection, int expected, params string[] arguments)
    {
        var configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:Campaigns"] = connection };
        await using var process = ProductProcess.Start("Campaigns.Api", Loopback.FreePort(), configuration, ["pause-all", .. arguments]);
        Assert.Equal(expected, await process.EndAsync());
        return process.Output;
    }
}
