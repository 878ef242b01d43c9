using Campaigns.Postgres;
using Campaigns.Testing;
using Npgsql;

namespace Campaigns.Grains.Tests.Bed;

/// <summary>One snapshot contact as it stands in the table.</summary>
internal sealed record ContactRow(
    Guid Id, string Phone, ContactStatus Status, int Attempts, CallOutcome? Outcome, string? Reason, DateTimeOffset? DueAt, string? Disposition);

/// <summary>One call attempt as it stands in the table.</summary>
internal sealed record SessionRow(
    Guid Id, int Attempt, SessionState State, CallOutcome? Outcome, string? Sid, DateTimeOffset StartedAt, DateTimeOffset? AnsweredAt);

/// <summary>What tests look at afterwards: the tables, not the grains.</summary>
internal static class Rows
{
    /// <summary>The snapshot in order.</summary>
    public static Task<ContactRow[]> ContactsAsync(this CampaignSeed seed, Guid? campaign = null) => seed.ReadAsync(
        "SELECT id, phone, status, attempts, outcome, reason, due_at, disposition FROM campaign_contacts WHERE campaign_id = $1 ORDER BY position",
        campaign ?? seed.CampaignId,
        row => new ContactRow(
            row.GetGuid(0), row.GetString(1), EnumText.Parse<ContactStatus>(row.GetString(2)), row.GetInt32(3), Outcome(row, 4), Text(row, 5),
            At(row, 6), Text(row, 7)));

    /// <summary>The only contact of the snapshot.</summary>
    public static async Task<ContactRow> ContactAsync(this CampaignSeed seed) => Assert.Single(await seed.ContactsAsync());

    /// <summary>Every attempt of the campaign in order.</summary>
    public static Task<SessionRow[]> SessionsAsync(this CampaignSeed seed) => seed.ReadAsync(
        "SELECT id, attempt, state, outcome, carrier_sid, started_at, answered_at FROM sessions WHERE campaign = $1 ORDER BY started_at, id",
        seed.CampaignId,
        row => new SessionRow(
            row.GetGuid(0), row.GetInt32(1), EnumText.Parse<SessionState>(row.GetString(2)), Outcome(row, 3), Text(row, 4), At(row, 5)!.Value, At(row, 6)));

    /// <summary>The only attempt of the campaign.</summary>
    public static async Task<SessionRow> SessionAsync(this CampaignSeed seed) => Assert.Single(await seed.SessionsAsync());

    public static async Task<CampaignStatus> StatusAsync(this CampaignSeed seed, Guid? campaign = null)
        => EnumText.Parse<CampaignStatus>(await seed.ScalarAsync<string>("SELECT status FROM campaigns WHERE id = $1", campaign ?? seed.CampaignId));

    public static Task<string> PauseReasonAsync(this CampaignSeed seed)
        => seed.ScalarAsync<string>("SELECT coalesce(pause_reason, '') FROM campaigns WHERE id = $1", seed.CampaignId);

    public static Task<string> LeaseOwnerAsync(this CampaignSeed seed)
        => seed.ScalarAsync<string>("SELECT coalesce(lease_owner, '') FROM campaigns WHERE id = $1", seed.CampaignId);

    public static Task<long> EpochAsync(this CampaignSeed seed)
        => seed.ScalarAsync<long>("SELECT lease_epoch FROM campaigns WHERE id = $1", seed.CampaignId);

    /// <summary>The contact's decisions in order, as <c>KIND reason</c>.</summary>
    public static Task<string[]> DecisionsAsync(this CampaignSeed seed, Guid contact) => seed.ReadAsync(
        "SELECT kind || ' ' || reason FROM decisions WHERE campaign_contact_id = $1 ORDER BY id", contact, row => row.GetString(0));

    /// <summary>A draft campaign of the seed's organization, for tests of the start.</summary>
    public static async Task<Guid> DraftAsync(this CampaignSeed seed, AudienceSpec audience, DateTimeOffset? startAt = null)
    {
        var id = Guid.NewGuid();
        var spec = new CampaignSpec
        {
            Name = "Draft",
            AgentId = seed.AgentId,
            Audience = audience,
            MaxConcurrent = 100,
            CallsPerMinute = 6000,
            StartAt = startAt,
        };
        await seed.ExecuteAsync(
            """
            INSERT INTO campaigns (id, organization_id, agent_id, name, status, spec, start_at, created_at)
            VALUES ($1, $2, $3, 'Draft', 'DRAFT', $4::jsonb, $5, $6)
            """,
            id, seed.OrganizationId, seed.AgentId, CampaignSpecJson.Write(spec), startAt, seed.Now);
        return id;
    }

    /// <summary>A person of the seed's organization.</summary>
    public static async Task<Guid> PersonAsync(this CampaignSeed seed, string name, string phone, string? city = null)
    {
        var id = Guid.NewGuid();
        await seed.ExecuteAsync(
            "INSERT INTO contacts (id, organization_id, name, phone, city) VALUES ($1, $2, $3, $4, $5)", id, seed.OrganizationId, name, phone, city);
        return id;
    }

    private static async Task<T[]> ReadAsync<T>(this CampaignSeed seed, string sql, Guid id, Func<NpgsqlDataReader, T> read)
    {
        await using var command = seed.Database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return [.. rows];
    }

    private static CallOutcome? Outcome(NpgsqlDataReader row, int column)
        => row.IsDBNull(column) ? null : EnumText.Parse<CallOutcome>(row.GetString(column));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? At(NpgsqlDataReader row, int column)
        => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetDateTime(column), TimeSpan.Zero);
}
