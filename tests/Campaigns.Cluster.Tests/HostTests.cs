using System.Net;
using System.Text.Json;
using Campaigns.Cluster.Tests.Bed;
using Campaigns.Hosting.Engine;
using Campaigns.Postgres.Migrations;
using Campaigns.Testing;
using Campaigns.Testing.Hosts;

namespace Campaigns.Cluster.Tests;

/// <summary>The programs: what they refuse, what they say, and which of them changes the schema.</summary>
public sealed class HostTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("Campaigns.Silo")]
    [InlineData("Campaigns.Api")]
    public async Task Version_NamesBuildAndEngine(string program)
    {
        await using var process = ProductProcess.Start(program, Loopback.FreePort(), new Dictionary<string, string?>(StringComparer.Ordinal), "--version");
        Assert.Equal(0, await process.EndAsync());
        Assert.Contains($"engine {OrleansEngine.Name}", process.Output, StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("Campaigns.Silo")]
    [InlineData("Campaigns.Api")]
    public async Task Start_OnADatabaseWithoutOurSchema_IsRefusedAndChangesNothing(string program)
    {
        var database = await fixture.Server.CreateEmptyAsync();
        await using var process = ProductProcess.Start(program, Loopback.FreePort(), Configuration(fixture.Server.ConnectionStringTo(database)));
        Assert.Equal(1, await process.EndAsync());
        Assert.Contains("The database has no schema yet. Bring it up first: Campaigns.Api migrate", process.Output, StringComparison.Ordinal);
        Assert.Equal(0L, await CountTablesAsync(database));
    }

    [PostgresFact]
    public async Task Start_OnAnOlderSchema_IsRefusedAndNamesBothVersions()
    {
        var database = await fixture.Server.CreateMigratedAsync();
        var newest = MigrationScripts.Embedded[^1].Version;
        await using (var source = Npgsql.NpgsqlDataSource.Create(fixture.Server.ConnectionStringTo(database)))
        {
            await using var command = source.CreateCommand($"DELETE FROM schema_migrations WHERE version > 1");
            await command.ExecuteNonQueryAsync();
        }

        await using var process = ProductProcess.Start("Campaigns.Silo", Loopback.FreePort(), Configuration(fixture.Server.ConnectionStringTo(database)));
        Assert.Equal(1, await process.EndAsync());
        Assert.Contains($"The database's schema is at version 1, older than this build's, which is {newest}.", process.Output, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Migrate_BringsTheSchemaAndEnds_AgainAndAgain()
    {
        var database = await fixture.Server.CreateEmptyAsync();
        var configuration = Configuration(fixture.Server.ConnectionStringTo(database));
        for (var time = 0; time < 2; time++)
        {
            await using var migration = ProductProcess.Start("Campaigns.Api", Loopback.FreePort(), configuration, "migrate");
            Assert.Equal(0, await migration.EndAsync());
        }

        Assert.True(await CountTablesAsync(database) > 10);
        var port = Loopback.FreePort();
        await using var silo = ProductProcess.Start("Campaigns.Silo", port, configuration);
        await silo.WhenReadyAsync();
    }

    [Fact]
    public async Task Start_WithOptionsOfAClusterThatCannotBe_NamesThemAll()
    {
        var configuration = Configuration("Host=127.0.0.1;Port=1;Username=nobody");
        configuration["Campaigns:Cluster:Votes"] = "0";
        configuration["Campaigns:Cluster:GatewayPort"] = "99999";
        configuration["Campaigns:Cluster:AdvertisedAddress"] = "silo.local";
        await using var process = ProductProcess.Start("Campaigns.Silo", Loopback.FreePort(), configuration);
        Assert.Equal(1, await process.EndAsync());
        foreach (var property in new[] { "Votes", "GatewayPort", "AdvertisedAddress" })
        {
            Assert.Contains($"CampaignClusterOptions.{property} must", process.Output, StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task Health_OfASilo_NamesEachCondition_AndTellsOfADatabaseThatIsGone()
    {
        var database = await fixture.Server.CreateMigratedAsync();
        await using var silo = ProductProcess.Start("Campaigns.Silo", Loopback.FreePort(), Configuration(fixture.Server.ConnectionStringTo(database)));
        await silo.WhenReadyAsync();
        var health = await ReadAsync(silo, "/health");
        Assert.Equal("ready", health.GetProperty("status").GetString());
        Assert.Equal(OrleansEngine.Name, health.GetProperty("engine").GetString());
        Assert.Equal("ok", health.GetProperty("checks").GetProperty("database").GetString());

        await fixture.Server.DropAsync(database);
        using var ready = await silo.Client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("not ready", (await ReadAsync(silo, "/health")).GetProperty("status").GetString());
        Assert.Equal("live", (await ReadAsync(silo, "/health/live")).GetProperty("status").GetString());
    }

    private static async Task<JsonElement> ReadAsync(ProductProcess process, string path)
        => JsonDocument.Parse(await process.Client.GetStringAsync(path)).RootElement;

    private async Task<long> CountTablesAsync(string database)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(fixture.Server.ConnectionStringTo(database));
        await using var command = source.CreateCommand("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A host that stands alone and calls nobody.</summary>
    private static Dictionary<string, string?> Configuration(string connectionString) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Campaigns"] = connectionString,
        ["Campaigns:Cluster:Membership"] = "Alone",
        ["Campaigns:Silo:DrainNotice"] = "00:00:00",
        ["Campaigns:Exotel:AccountSid"] = "campaigns1",
        ["Campaigns:Exotel:ApiKey"] = "key",
        ["Campaigns:Exotel:ApiToken"] = "token",
        ["Campaigns:Exotel:CallerId"] = "08047191234",
        ["Campaigns:Exotel:PublicBaseAddress"] = "https://example.org/",
        ["Campaigns:Exotel:MediaBaseAddress"] = "wss://example.org/",
        ["Campaigns:Gemini:Model"] = "gemini-3.1-flash-live-preview",
        ["Campaigns:Gemini:ApiKey"] = "key",
        ["Campaigns:Gemini:ExtractionModel"] = "gemini-3.1-flash-lite",
    };
}
