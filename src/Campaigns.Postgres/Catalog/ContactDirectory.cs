using System.Text.Json;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Catalog;

/// <summary>Contacts in PostgreSQL.</summary>
internal sealed class ContactDirectory(NpgsqlDataSource database, TimeProvider clock) : IContactDirectory
{
    private const string Columns = """
        c.id, c.name, c.phone, c.email, c.status, c.city, c.occupation, c.preferred_language, c.time_zone, c.marketing_consent,
        EXISTS (SELECT 1 FROM do_not_call d WHERE d.organization_id = c.organization_id AND d.phone = c.phone),
        c.context::text, c.source, c.created_at, c.updated_at
        """;

    public async Task<ContactDetails?> CreateAsync(Guid organizationId, NewContact contact, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand($"""
            INSERT INTO contacts AS c (id, organization_id, name, phone, email, status, city, occupation, preferred_language, time_zone,
              marketing_consent, context, source, created_at, updated_at)
            VALUES (@id, @organization, @name, @phone, @email, @status, @city, @occupation, @language, @time_zone,
              @consent, @context, 'API', @now, @now)
            ON CONFLICT (organization_id, phone) WHERE phone IS NOT NULL DO NOTHING
            RETURNING {Columns}
            """);
        command.Uuid("id", Guid.CreateVersion7(now))
            .Uuid("organization", organizationId)
            .Text("name", contact.Name)
            .Text("phone", contact.Phone)
            .Text("email", contact.Email)
            .Text("status", contact.Status)
            .Text("city", contact.City)
            .Text("occupation", contact.Occupation)
            .Text("language", contact.PreferredLanguage)
            .Text("time_zone", contact.TimeZone)
            .Text("consent", contact.MarketingConsent.ToText())
            .Jsonb("context", JsonSerializer.Serialize(contact.Context))
            .At("now", now);
        return await command.SingleAsync(Read, cancellationToken);
    }

    public async Task<ContactDetails?> GetAsync(Guid organizationId, Guid contactId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM contacts c WHERE c.organization_id = @organization AND c.id = @id");
        command.Uuid("organization", organizationId).Uuid("id", contactId);
        return await command.SingleAsync(Read, cancellationToken);
    }

    public async Task<IReadOnlySet<string>> ContextFieldsAsync(Guid organizationId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT DISTINCT k FROM contacts c CROSS JOIN LATERAL jsonb_object_keys(c.context) AS k WHERE c.organization_id = @organization");
        command.Uuid("organization", organizationId);
        return (await command.ListAsync(row => row.GetString(0), cancellationToken)).ToHashSet(StringComparer.Ordinal);
    }

    public async Task<Page<ContactDetails>> ListAsync(
        Guid organizationId, ContactFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        command.CommandText = $"""
            SELECT {Columns} FROM contacts c
            WHERE c.organization_id = @organization {ContactFilterSql.Conditions(filter, command)} {PageSql.After("created_at")}
            ORDER BY c.created_at, c.id LIMIT @limit
            """;
        command.Uuid("organization", organizationId).Page(page);
        return await command.PageAsync(page, Read, contact => Sql.KeyOf(contact.CreatedAt, contact.Id), cancellationToken);
    }

    public async Task<IContactImport> BeginImportAsync(Guid organizationId, CancellationToken cancellationToken)
        => await ContactImport.BeginAsync(database, organizationId, clock, cancellationToken);

    private static ContactDetails Read(NpgsqlDataReader row)
        => new(
            row.GetGuid(0),
            row.GetString(1),
            row.TextOrNull(2),
            row.TextOrNull(3),
            row.TextOrNull(4),
            row.TextOrNull(5),
            row.TextOrNull(6),
            row.TextOrNull(7),
            row.TextOrNull(8),
            EnumText.Parse<ConsentState>(row.GetString(9)),
            row.GetBoolean(10),
            row.Fields(11),
            row.GetString(12),
            row.At(13),
            row.At(14));
}
