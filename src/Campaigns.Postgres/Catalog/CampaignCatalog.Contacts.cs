using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Catalog;

internal sealed partial class CampaignCatalog
{
    private const string ContactColumns = """
        id, contact_id, position, phone, name, status, attempts, outcome, disposition, reason, due_at, updated_at, finished_at, context::text
        """;

    public async Task<Page<CampaignContactDetails>?> ListContactsAsync(
        Guid organizationId, Guid campaignId, ContactStatus? status, string? search, PageRequest page, CancellationToken cancellationToken)
    {
        if (await GetAsync(organizationId, campaignId, cancellationToken) is null)
        {
            return null;
        }

        await using var command = database.CreateCommand($"""
            SELECT {ContactColumns} FROM campaign_contacts
            WHERE campaign_id = @campaign AND organization_id = @organization
              AND (@status IS NULL OR status = @status)
              AND (@search IS NULL OR name ILIKE @search OR phone ILIKE @search)
              AND (@order IS NULL OR position > @order)
            ORDER BY position LIMIT @limit
            """);
        command.Uuid("organization", organizationId)
            .Uuid("campaign", campaignId)
            .Text("status", status?.ToText())
            .Text("search", string.IsNullOrWhiteSpace(search) ? null : ContactFilterSql.Pattern(search))
            .Page(page);
        return await command.PageAsync(page, ReadContact, contact => new PageKey(contact.Position, Guid.Empty), cancellationToken);
    }

    public async Task<CampaignContactDetails?> GetContactAsync(
        Guid organizationId, Guid campaignId, Guid campaignContactId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT {ContactColumns} FROM campaign_contacts WHERE organization_id = @organization AND campaign_id = @campaign AND id = @id
            """);
        command.Uuid("organization", organizationId).Uuid("campaign", campaignId).Uuid("id", campaignContactId);
        return await command.SingleAsync(ReadContact, cancellationToken);
    }

    public async Task<Page<DecisionDetails>> ListDecisionsAsync(
        Guid organizationId, Guid campaignId, Guid campaignContactId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT d.id, d.at, d.kind, d.attempt, d.reason, d.due_at, d.session_id, d.actor
            FROM decisions d JOIN campaign_contacts k ON k.id = d.campaign_contact_id
            WHERE d.campaign_contact_id = @id AND k.campaign_id = @campaign AND k.organization_id = @organization
              AND (@order IS NULL OR d.id > @order)
            ORDER BY d.id LIMIT @limit
            """);
        command.Uuid("organization", organizationId).Uuid("campaign", campaignId).Uuid("id", campaignContactId).Page(page);
        return await command.PageAsync(
            page,
            row => new DecisionDetails(
                row.GetInt64(0),
                row.At(1),
                EnumText.Parse<DecisionKind>(row.GetString(2)),
                row.GetInt32(3),
                row.GetString(4),
                row.AtOrNull(5),
                row.UuidOrNull(6),
                row.TextOrNull(7)),
            decision => new PageKey(decision.Id, Guid.Empty),
            cancellationToken);
    }

    public async Task<Page<SessionDetails>> ListSessionsAsync(
        Guid organizationId, Guid campaignId, Guid campaignContactId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT {SessionSql.Columns} FROM sessions
            WHERE campaign_contact_id = @id AND campaign = @campaign AND organization_id = @organization {PageSql.After("started_at")}
            ORDER BY started_at, id LIMIT @limit
            """);
        command.Uuid("organization", organizationId).Uuid("campaign", campaignId).Uuid("id", campaignContactId).Page(page);
        return await command.PageAsync(page, SessionSql.Read, session => Sql.KeyOf(session.StartedAt, session.Id), cancellationToken);
    }

    private static CampaignContactDetails ReadContact(NpgsqlDataReader row)
        => new(
            row.GetGuid(0),
            row.GetGuid(1),
            row.GetInt32(2),
            row.GetString(3),
            row.GetString(4),
            EnumText.Parse<ContactStatus>(row.GetString(5)),
            row.GetInt32(6),
            row.TextOrNull(7),
            row.TextOrNull(8),
            row.TextOrNull(9),
            row.AtOrNull(10),
            row.At(11),
            row.AtOrNull(12),
            row.Fields(13));
}
