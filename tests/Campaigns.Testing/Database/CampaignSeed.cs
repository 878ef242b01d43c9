using System.Collections.Immutable;
using Campaigns.Postgres;
using Campaigns.Postgres.Calls;
using Campaigns.Postgres.Campaigns;
using Campaigns.Postgres.Contacts;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Testing;

/// <summary>A campaign put straight into the tables, running, with its snapshot: what tests of claims and dials start from.</summary>
public sealed class CampaignSeed
{
    private CampaignSeed(NpgsqlDataSource database)
    {
        Database = database;
        var specs = new FrozenSpecs(database);
        Campaigns = new PostgresCampaignStore(database, specs);
        Contacts = new PostgresContactStore(database, specs);
        Calls = new PostgresCallStore(database, specs);
        Extractions = new PostgresExtractionQueue(database);
    }

    public NpgsqlDataSource Database { get; }

    public PostgresCampaignStore Campaigns { get; }

    public PostgresContactStore Contacts { get; }

    public PostgresCallStore Calls { get; }

    public PostgresExtractionQueue Extractions { get; }

    public Guid OrganizationId { get; private init; } = Guid.NewGuid();

    public Guid AgentId { get; private init; } = Guid.NewGuid();

    public string AccountId { get; private set; } = $"account-{Guid.NewGuid():N}";

    public Guid CampaignId { get; } = Guid.NewGuid();

    public DateTimeOffset Now { get; set; }

    /// <summary>Creates account, organization, agent and a running campaign over new contacts.</summary>
    public static async Task<CampaignSeed> CreateAsync(NpgsqlDataSource database, SeedShape? shape = null)
    {
        shape ??= new SeedShape();
        var seed = new CampaignSeed(database) { Now = shape.Now };
        seed.AccountId = shape.AccountId ?? seed.AccountId;
        await seed.ExecuteAsync(
            "INSERT INTO carrier_accounts (id, calls_per_minute) VALUES ($1, $2) ON CONFLICT DO NOTHING", seed.AccountId, shape.AccountCallsPerMinute);
        await seed.ExecuteAsync(
            "INSERT INTO organizations (id, slug, name, time_zone, max_concurrent, carrier_account_id) VALUES ($1, $2, 'Test', $3, $4, $5)",
            seed.OrganizationId, $"org-{seed.OrganizationId.ToString("N")[..12]}", shape.TimeZone, shape.OrganizationCap, seed.AccountId);
        await seed.ExecuteAsync(
            "INSERT INTO agents (id, organization_id, name, system_prompt) VALUES ($1, $2, 'Asha', 'You are Asha.')",
            seed.AgentId, seed.OrganizationId);
        await seed.AddCampaignAsync(shape);
        return seed;
    }

    /// <summary>Another running campaign of the same organization.</summary>
    public async Task<CampaignSeed> CreateSiblingAsync(SeedShape shape)
    {
        var sibling = new CampaignSeed(Database) { OrganizationId = OrganizationId, AgentId = AgentId, AccountId = AccountId, Now = Now };
        await sibling.AddCampaignAsync(shape);
        return sibling;
    }

    public async Task<CampaignLease> AcquireAsync(string owner = "silo/1")
        => await Campaigns.TryAcquireLeaseAsync(CampaignId, owner, Now, TimeSpan.FromHours(1), CancellationToken.None)
            ?? throw new InvalidOperationException("The lease is not to be had.");

    public Task<ClaimResult> ClaimAsync(CampaignLease lease, int batch = 1, TimeSpan? horizon = null)
        => Campaigns.ClaimAsync(new ClaimRequest(lease, Now, Now + (horizon ?? TimeSpan.FromSeconds(1)), batch), CancellationToken.None);

    public OpenSession Open(Grains.DialOrder order, Guid? session = null) => new(
        order, session ?? Guid.NewGuid(), new byte[32], Now.AddHours(2), Now, Now.AddSeconds(2), Now.AddSeconds(15), Now.AddMinutes(5), "test");

    public async Task<int> ExecuteAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The snapshot's statuses, counted from the rows.</summary>
    public async Task<Dictionary<ContactStatus, int>> CountAsync()
    {
        await using var command = Command("SELECT status, count(*)::int FROM campaign_contacts WHERE campaign_id = $1 GROUP BY 1", [CampaignId]);
        await using var reader = await command.ExecuteReaderAsync();
        var counts = new Dictionary<ContactStatus, int>();
        while (await reader.ReadAsync())
        {
            counts[EnumText.Parse<ContactStatus>(reader.GetString(0))] = reader.GetInt32(1);
        }

        return counts;
    }

    /// <summary>Whether the counters say what the rows say; the difference in words, or null.</summary>
    public async Task<string?> CounterDifferenceAsync()
        => await ScalarAsync<object>(
            """
            SELECT CASE WHEN (k.pending, k.in_flight, k.completed, k.no_answer, k.failed, k.skipped, k.cancelled) IS DISTINCT FROM
                             (r.pending, r.in_flight, r.completed, r.no_answer, r.failed, r.skipped, r.cancelled)
              THEN k::text || ' but the rows say ' || r::text ELSE '' END
            FROM campaign_counters k CROSS JOIN (
              SELECT count(*) FILTER (WHERE status = 'PENDING')::int AS pending,
                     count(*) FILTER (WHERE status IN ('DISPATCHED', 'IN_PROGRESS'))::int AS in_flight,
                     count(*) FILTER (WHERE status = 'COMPLETED')::int AS completed,
                     count(*) FILTER (WHERE status = 'NO_ANSWER')::int AS no_answer,
                     count(*) FILTER (WHERE status = 'FAILED')::int AS failed,
                     count(*) FILTER (WHERE status = 'SKIPPED')::int AS skipped,
                     count(*) FILTER (WHERE status = 'CANCELLED')::int AS cancelled
              FROM campaign_contacts WHERE campaign_id = $1) AS r
            WHERE k.campaign_id = $1
            """,
            CampaignId) is string { Length: > 0 } difference ? difference : null;

    private async Task AddCampaignAsync(SeedShape shape)
    {
        var numbers = shape.Numbers ?? [.. Enumerable.Range(1, shape.Contacts).Select(n => $"+91{9_000_000_000 + shape.FirstNumber + n}")];
        var spec = new CampaignSpec
        {
            Name = "Test",
            AgentId = AgentId,
            Audience = new AudienceSpec { Search = "test" },
            MaxConcurrent = shape.MaxConcurrent,
            CallsPerMinute = shape.CallsPerMinute,
            Weight = shape.Weight,
            CallingWindow = shape.Window,
            RequiresConsent = shape.RequiresConsent,
            AttemptsPerDay = shape.AttemptsPerDay,
            Retry = shape.Retry,
            Instructions = shape.Instructions,
            Voice = shape.Voice,
            Dispositions = shape.Dispositions,
        };
        await ExecuteAsync(
            """
            INSERT INTO campaigns (id, organization_id, agent_id, name, status, spec, total_count, created_at, frozen_at, started_at, running_since)
            VALUES ($1, $2, $3, 'Test', 'RUNNING', $4::jsonb, $5, $6, $6, $6, $6)
            """,
            CampaignId, OrganizationId, AgentId, CampaignSpecJson.Write(spec), numbers.Length, Now);
        await ExecuteAsync(
            "INSERT INTO campaign_counters (campaign_id, organization_id, weight, pending) VALUES ($1, $2, $3, $4)",
            CampaignId, OrganizationId, shape.Weight, numbers.Length);
        await ExecuteAsync(
            """
            WITH people AS (
              INSERT INTO contacts (id, organization_id, name, phone, marketing_consent)
              SELECT gen_random_uuid(), $2, 'Person ' || n, phone, 'UNKNOWN' FROM unnest($3) WITH ORDINALITY AS x (phone, n)
              ON CONFLICT (organization_id, phone) WHERE phone IS NOT NULL DO UPDATE SET updated_at = now()
              RETURNING id, phone, name)
            INSERT INTO campaign_contacts (id, campaign_id, organization_id, contact_id, position, phone, name, due_at, updated_at)
            SELECT gen_random_uuid(), $1, $2, id, row_number() OVER (ORDER BY phone), phone, name, $4, $4 FROM people
            """,
            CampaignId, OrganizationId, numbers, shape.DueAt ?? Now);
    }

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = Database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }
}

/// <summary>What a seeded campaign looks like.</summary>
public sealed record SeedShape
{
    public int Contacts { get; init; } = 10;

    /// <summary>The time the campaign began to run: a Monday, 11:30 in Kolkata.</summary>
    public DateTimeOffset Now { get; init; } = new(2026, 1, 5, 6, 0, 0, TimeSpan.Zero);

    /// <summary>The carrier account's id, where a host is to share it.</summary>
    public string? AccountId { get; init; }

    public int MaxConcurrent { get; init; } = 1000;

    public int OrganizationCap { get; init; } = 1000;

    public int CallsPerMinute { get; init; } = 60_000;

    public int AccountCallsPerMinute { get; init; } = 60_000;

    public int Weight { get; init; } = 1;

    public string TimeZone { get; init; } = "Asia/Kolkata";

    public CallingWindow? Window { get; init; }

    public bool RequiresConsent { get; init; }

    public int AttemptsPerDay { get; init; } = 3;

    public RetryPolicy Retry { get; init; } = new();

    public string Instructions { get; init; } = "";

    public VoicePolicy Voice { get; init; } = new();

    public ImmutableArray<DispositionSpec> Dispositions { get; init; } = [];

    /// <summary>When its contacts are due, if not at once: a test that has more to say of them than this shape makes them due itself.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The numbers in E.164, instead of <see cref="Contacts"/> made-up ones.</summary>
    public string[]? Numbers { get; init; }

    /// <summary>Numbers are +91 9000000000 plus this plus 1, 2, 3 …</summary>
    public long FirstNumber { get; init; }
}
