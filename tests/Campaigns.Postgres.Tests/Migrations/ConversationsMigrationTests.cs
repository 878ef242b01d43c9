using Campaigns.Postgres.Migrations;
using Campaigns.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Campaigns.Postgres.Tests.Migrations;

/// <summary>A database of the first release, with calls in every state, becomes one of this build.</summary>
public sealed class ConversationsMigrationTests
{
    private const string OldData =
        """
        INSERT INTO carrier_accounts (id) VALUES ('a');
        INSERT INTO organizations (id, slug, name, carrier_account_id) VALUES ('00000000-0000-4000-8000-000000000001', 'o', 'O', 'a');
        INSERT INTO agents (id, organization_id, name, system_prompt) VALUES ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'A', 'p');
        INSERT INTO contacts (id, organization_id, name, phone) VALUES ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000001', 'R', '+919000000001');
        INSERT INTO campaigns (id, organization_id, agent_id, name, status, spec, created_at, frozen_at, started_at, running_since) VALUES
          ('00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'C', 'RUNNING',
           '{"name":"C","agentId":"00000000-0000-4000-8000-000000000002","audience":{"city":"Pune"}}', now(), now(), now(), now());
        INSERT INTO campaign_contacts (id, campaign_id, organization_id, contact_id, position, phone, name, status, attempts, task_id, updated_at) VALUES
          ('00000000-0000-4000-8000-000000000005', '00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000001',
           '00000000-0000-4000-8000-000000000003', 1, '+919000000001', 'R', 'IN_PROGRESS', 2, gen_random_uuid(), now());
        INSERT INTO sessions (id, organization_id, agent_id, contact_id, campaign, campaign_contact_id, attempt, phone, state, outcome, token_hash, token_expires_at,
          owner, started_at, send_before, ended_at, check_at, give_up_at)
        SELECT ('00000000-0000-4000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid, '00000000-0000-4000-8000-000000000001',
          '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000004',
          '00000000-0000-4000-8000-000000000005', n, '+919000000001', CASE n WHEN 2 THEN 'ANSWERED' ELSE 'ENDED' END, CASE n WHEN 1 THEN 'MACHINE' END,
          sha256('x'), now(), 's', now(), now(), CASE n WHEN 1 THEN now() END, CASE n WHEN 2 THEN now() END, now() FROM generate_series(1, 2) n;
        INSERT INTO session_turns (session_id, position, speaker, text, started_at) VALUES ('00000000-0000-4000-8000-000000000101', 1, 'PERSON', 'hello', now());
        INSERT INTO session_digests (session_id, summary, created_at) VALUES ('00000000-0000-4000-8000-000000000101', 'They talked.', now());
        INSERT INTO memory_facts (id, organization_id, contact_id, fact, confidence, created_at) VALUES
          ('00000000-0000-4000-8000-000000000201', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000003', 'likes tea', 1, now()),
          ('00000000-0000-4000-8000-000000000202', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000003', 'lives in Pune', 1, now());
        """;

    [PostgresFact]
    public async Task Migrate_WithDataInPlace_KeepsItAndLetsItBeUsed()
    {
        var server = await PostgresServer.SharedAsync();
        var name = await server.CreateEmptyAsync();
        try
        {
            await using var database = NpgsqlDataSource.Create(server.ConnectionStringTo(name));
            await Migrator(database, MigrationScripts.Embedded.Where(script => script.Version == 1)).MigrateAsync(CancellationToken.None);
            await using (var old = database.CreateCommand(OldData))
            {
                await old.ExecuteNonQueryAsync();
            }

            await Migrator(database, MigrationScripts.Embedded).MigrateAsync(CancellationToken.None);

            await AssertUsableAsync(database);
        }
        finally
        {
            await server.DropAsync(name);
        }
    }

    private static async Task AssertUsableAsync(NpgsqlDataSource database)
    {
        var specs = new Campaigns.FrozenSpecs(database);
        var spec = await specs.GetAsync(new Guid("00000000-0000-4000-8000-000000000004"), CancellationToken.None);
        Assert.Equal((new VoicePolicy(), 0), (spec.Voice, spec.Dispositions.Length));
        var contacts = new Contacts.PostgresContactStore(database, specs);
        var ended = new Guid("00000000-0000-4000-8000-000000000101");
        var live = new Guid("00000000-0000-4000-8000-000000000102");
        Assert.Equal((true, false), (await UsedAsync(ended), await UsedAsync(live)));

        // The one that is still live can have its conversation.
        var calls = new Postgres.Calls.PostgresCallStore(database, specs);
        var brief = (await calls.LoadBriefAsync(live, CancellationToken.None))!;
        Assert.Equal(2, brief.Facts.Length);
        Assert.Contains(brief.Facts, fact => fact.Value == "likes tea" && fact.Key.StartsWith("note_", StringComparison.Ordinal));
        Assert.Equal("They talked.", Assert.Single(brief.PastCalls).Summary);
        var now = DateTimeOffset.UtcNow;
        Assert.Equal(
            Stores.BeginResult.Begun,
            await calls.BeginAsync(new Stores.BeginConversation(live, "s#1", now, now.AddSeconds(10), "sid", "stream"), CancellationToken.None));

        async Task<bool> UsedAsync(Guid session) => (await contacts.FindGateAsync(session, CancellationToken.None))!.MediaUsed;
    }

    private static Migrator Migrator(NpgsqlDataSource database, IEnumerable<MigrationScript> scripts)
        => new(database, [.. scripts], NullLogger<Migrator>.Instance);
}
