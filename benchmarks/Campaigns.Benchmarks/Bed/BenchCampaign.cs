using Campaigns.Postgres;

namespace Campaigns.Benchmarks.Bed;

/// <summary>Campaigns of the organization that the product's host makes at its start.</summary>
internal static class BenchCampaign
{
    /// <summary>A campaign over new people, not started.</summary>
    public static async Task<Guid> DraftAsync(BenchDatabase database, int people, int maxConcurrent)
    {
        var (id, agent, label) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid().ToString("N"));
        var organization = await database.ScalarAsync<Guid>("SELECT id FROM organizations WHERE slug = $1", ProductHost.Slug);
        await database.ExecuteAsync("INSERT INTO agents (id, organization_id, name, system_prompt) VALUES ($1, $2, 'Asha', 'You are Asha.')", agent, organization);
        await database.ExecuteAsync(
            """
            INSERT INTO contacts (id, organization_id, name, phone, status, marketing_consent, context)
            SELECT gen_random_uuid(), $1, 'Person ' || n, '+91' || 6000000000 + (SELECT count(*) FROM contacts) + n, $2, 'GRANTED', '{"plan": "Family Health"}'
            FROM generate_series(1, $3) AS n
            """,
            organization, label, people);
        var spec = new CampaignSpec
        {
            Name = "Bench",
            AgentId = agent,
            Instructions = "Remind them of the renewal.",
            Audience = new AudienceSpec { Status = label },
            MaxConcurrent = maxConcurrent,
            CallsPerMinute = 60_000,
            RequiresConsent = true,
        };
        await database.ExecuteAsync(
            "INSERT INTO campaigns (id, organization_id, agent_id, name, spec, created_at) VALUES ($1, $2, $3, 'Bench', $4::jsonb, now())",
            id, organization, agent, CampaignSpecJson.Write(spec));
        return id;
    }
}
