using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Catalog;

/// <summary>Campaigns as operators see them, in PostgreSQL.</summary>
internal sealed partial class CampaignCatalog(NpgsqlDataSource database, TimeProvider clock) : ICampaignCatalog
{
    private const string Columns = "id, status, spec::text, total_count, created_at, started_at, finished_at, pause_reason";

    // A pasted audience can be megabytes; a page of campaigns does without.
    private const string ListedColumns =
        "id, status, (spec #- '{audience,contactIds}' #- '{audience,phoneNumbers}')::text, total_count, created_at, started_at, finished_at, pause_reason";

    public async Task<CampaignDetails?> CreateAsync(Guid organizationId, CampaignSpec spec, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand($"""
            WITH draft AS (
              INSERT INTO campaigns (id, organization_id, agent_id, name, status, spec, start_at, created_at)
              SELECT @id, a.organization_id, a.id, @name, 'DRAFT', @spec, @start_at, @now
              FROM agents a WHERE a.organization_id = @organization AND a.id = @agent
              RETURNING *)
            SELECT {Columns} FROM draft
            """);
        command.Uuid("id", Guid.CreateVersion7(now))
            .Uuid("organization", organizationId)
            .Uuid("agent", spec.AgentId)
            .Text("name", spec.Name)
            .Jsonb("spec", CampaignSpecJson.Write(spec))
            .At("start_at", spec.StartAt)
            .At("now", now);
        return await command.SingleAsync(Read, cancellationToken);
    }

    public async Task<CampaignDetails?> GetAsync(Guid organizationId, Guid campaignId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM campaigns WHERE organization_id = @organization AND id = @id");
        command.Uuid("organization", organizationId).Uuid("id", campaignId);
        return await command.SingleAsync(Read, cancellationToken);
    }

    public async Task<Page<CampaignDetails>> ListAsync(
        Guid organizationId, CampaignStatus? status, PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT {ListedColumns} FROM campaigns
            WHERE organization_id = @organization AND (@status IS NULL OR status = @status) {PageSql.Before("created_at")}
            ORDER BY created_at DESC, id DESC LIMIT @limit
            """);
        command.Uuid("organization", organizationId).Text("status", status?.ToText()).Page(page);
        return await command.PageAsync(page, Read, campaign => Sql.KeyOf(campaign.CreatedAt, campaign.Id), cancellationToken);
    }

    private static CampaignDetails Read(NpgsqlDataReader row)
        => new(
            row.GetGuid(0),
            EnumText.Parse<CampaignStatus>(row.GetString(1)),
            CampaignSpecJson.Read(row.GetString(2)),
            row.GetInt32(3),
            row.At(4),
            row.AtOrNull(5),
            row.AtOrNull(6),
            row.TextOrNull(7));
}
