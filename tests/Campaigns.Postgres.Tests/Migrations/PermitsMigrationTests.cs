using Campaigns.Postgres.Migrations;
using Campaigns.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Campaigns.Postgres.Tests.Migrations;

/// <summary>A database with campaigns that run, are over, and were cancelled with a call on the line, becomes one of this build.</summary>
public sealed class PermitsMigrationTests
{
    private const string OldData =
        """
        INSERT INTO carrier_accounts (id) VALUES ('a');
        INSERT INTO organizations (id, slug, name, carrier_account_id) VALUES ('00000000-0000-4000-8000-000000000001', 'o', 'O', 'a');
        INSERT INTO agents (id, organization_id, name, system_prompt) VALUES ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'A', 'p');
        INSERT INTO campaigns (id, organization_id, agent_id, name, status, spec, created_at, frozen_at, started_at, running_since, finished_at)
        SELECT ('00000000-0000-4000-8000-00000000001' || n)::uuid, '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'C',
          status, '{"name":"C","agentId":"00000000-0000-4000-8000-000000000002","audience":{"city":"Pune"}}', now(), now(), now(),
          CASE WHEN status = 'RUNNING' THEN now() END, CASE WHEN status <> 'RUNNING' THEN now() END
        FROM (VALUES (1, 'RUNNING'), (2, 'COMPLETED'), (3, 'CANCELLED')) AS v (n, status);
        INSERT INTO campaign_counters (campaign_id, organization_id, pending, in_flight, completed) VALUES
          ('00000000-0000-4000-8000-000000000011', '00000000-0000-4000-8000-000000000001', 4, 2, 1),
          ('00000000-0000-4000-8000-000000000012', '00000000-0000-4000-8000-000000000001', 0, 0, 7),
          ('00000000-0000-4000-8000-000000000013', '00000000-0000-4000-8000-000000000001', 0, 1, 0);
        """;

    [PostgresFact]
    public async Task Migrate_WithCampaignsInPlace_KeepsThoseInTheTreeThatHoldOrWantSomething()
    {
        var server = await PostgresServer.SharedAsync();
        var name = await server.CreateEmptyAsync();
        try
        {
            await using var database = NpgsqlDataSource.Create(server.ConnectionStringTo(name));
            await Migrator(database, MigrationScripts.Embedded.Where(script => script.Version <= 2)).MigrateAsync(CancellationToken.None);
            await using (var old = database.CreateCommand(OldData))
            {
                await old.ExecuteNonQueryAsync();
            }

            await Migrator(database, MigrationScripts.Embedded).MigrateAsync(CancellationToken.None);

            await using var read = database.CreateCommand(
                "SELECT string_agg(right(campaign_id::text, 1) || live || weight, ' ' ORDER BY campaign_id) FROM campaign_counters");
            Assert.Equal("1true1 2false1 3true1", await read.ExecuteScalarAsync());
        }
        finally
        {
            await server.DropAsync(name);
        }
    }

    private static Migrator Migrator(NpgsqlDataSource database, IEnumerable<MigrationScript> scripts)
        => new(database, [.. scripts], NullLogger<Migrator>.Instance);
}
