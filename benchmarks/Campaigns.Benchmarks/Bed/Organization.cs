using Campaigns.Postgres;
using Campaigns.Postgres.Campaigns;
using Campaigns.Stores;

namespace Campaigns.Benchmarks.Bed;

/// <summary>
/// An organization with its own carrier account and people as a real one has them: half with a time zone of their own, one in a hundred on
/// do-not-call, one in fifty without consent, one in ten called the day before, and ten thousand strangers on do-not-call.
/// </summary>
internal sealed class Organization(BenchDatabase database)
{
    /// <summary>A Monday, 11:30 in Kolkata: the calling window is open.</summary>
    public static readonly DateTimeOffset Now = new(2026, 1, 5, 6, 0, 0, TimeSpan.Zero);

    public Guid Id { get; } = Guid.NewGuid();

    public Guid AgentId { get; } = Guid.NewGuid();

    public static async Task<Organization> CreateAsync(BenchDatabase database, int people)
    {
        var organization = new Organization(database);
        await database.ExecuteAsync("INSERT INTO carrier_accounts (id, calls_per_minute) VALUES ($1::text, 60000)", organization.Id.ToString());
        await database.ExecuteAsync(
            """
            INSERT INTO organizations (id, slug, name, calling_window, max_concurrent, carrier_account_id)
            VALUES ($1, 'o-' || left($1::text, 8), 'Bench', '{"from":"09:00","to":"21:00"}', 1000000, $1::text)
            """,
            organization.Id);
        await database.ExecuteAsync(
            "INSERT INTO agents (id, organization_id, name, system_prompt) VALUES ($1, $2, 'Asha', 'You are Asha.')", organization.AgentId, organization.Id);
        await database.ExecuteAsync(
            """
            INSERT INTO contacts (id, organization_id, name, phone, email, status, city, occupation, preferred_language, time_zone, marketing_consent, context)
            SELECT gen_random_uuid(), $1, 'Person ' || n, '+91' || 9000000000 + n, 'person' || n || '@example.org', 'active',
              (ARRAY['Delhi', 'Kochi', 'Mumbai', 'Pune'])[n % 4 + 1], 'Teacher', 'hi-IN', CASE WHEN n % 2 = 0 THEN 'Asia/Kolkata' END,
              CASE WHEN n % 50 = 7 THEN 'UNKNOWN' ELSE 'GRANTED' END, jsonb_build_object('plan', 'Family Health', 'renewal_date', '2026-11-01', 'claims', n % 5)
            FROM generate_series(1, $2) AS n
            """,
            organization.Id, people);
        await database.ExecuteAsync(
            """
            INSERT INTO do_not_call (organization_id, phone)
            SELECT $1, '+91' || 9000000000 + n FROM generate_series(13, $2, 100) AS n
            UNION ALL SELECT $1, '+91' || 8000000000 + n FROM generate_series(1, 10000) AS n
            """,
            organization.Id, people);
        await database.ExecuteAsync(
            """
            INSERT INTO sessions (id, organization_id, agent_id, contact_id, phone, state, outcome, token_hash, token_expires_at, owner,
              started_at, send_before, ended_at, give_up_at)
            SELECT gen_random_uuid(), $1, $2, id, phone, 'ENDED', 'NO_ANSWER', decode(repeat('00', 32), 'hex'), $3, 'bench', $3, $3, $3, $3
            FROM contacts WHERE organization_id = $1 AND phone LIKE '%5'
            """,
            organization.Id, organization.AgentId, Now.AddHours(-20));
        return organization;
    }

    /// <summary>A campaign over everyone, not started.</summary>
    public async Task<Guid> DraftAsync()
    {
        var id = Guid.NewGuid();
        var spec = new CampaignSpec
        {
            Name = "Bench",
            AgentId = AgentId,
            Instructions = "Remind them of the renewal.",
            Audience = new AudienceSpec { Status = "active" },
            MaxConcurrent = 10_000,
            CallsPerMinute = 60_000,
            RequiresConsent = true,
        };
        await database.ExecuteAsync(
            "INSERT INTO campaigns (id, organization_id, agent_id, name, spec, created_at) VALUES ($1, $2, $3, 'Bench', $4::jsonb, $5)",
            id, Id, AgentId, CampaignSpecJson.Write(spec), Now);
        return id;
    }

    /// <summary>A running campaign over everyone, and the right to drive it.</summary>
    public async Task<CampaignLease> StartAsync(PostgresCampaignStore store)
    {
        var id = await DraftAsync();
        var started = await store.StartAsync(id, Now, CancellationToken.None);
        return started.Kind == Grains.CommandResultKind.Applied
            ? await store.TryAcquireLeaseAsync(id, "bench", Now, TimeSpan.FromHours(1), CancellationToken.None)
                ?? throw new InvalidOperationException("The lease is not to be had.")
            : throw new InvalidOperationException(started.Message);
    }
}
