using Campaigns.Postgres.Local;
using Campaigns.Testing;
using Npgsql;

namespace Campaigns.Postgres.Tests.Local;

public sealed class LocalPostgresTests
{
    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenStoppedAndStartedAgain_KeepsTheData()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await folder.StartAsync())
        {
            await Sql.RunAsync(server.ConnectionString, "CREATE TABLE kept (value text); INSERT INTO kept VALUES ('yes')");
        }

        await using var again = await folder.StartAsync();

        Assert.Equal("yes", await Sql.ScalarAsync<string>(again.ConnectionString, "SELECT value FROM kept"));
    }
}
