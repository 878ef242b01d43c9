namespace Campaigns.Postgres.Catalog;

/// <summary>The statements of an import, over the temporary table <c>import_rows</c>.</summary>
internal static class ContactImportSql
{
    // Between two parts of a file that somebody sends slowly a transaction may be idle for longer than others: until the end it locks nothing.
    internal const string CreateTable = """
        SET LOCAL idle_in_transaction_session_timeout = '1min';
        CREATE TEMP TABLE import_rows (
          line integer, name text, phone text, email text, status text, city text, occupation text, preferred_language text, time_zone text,
          marketing_consent text, context jsonb
        ) ON COMMIT DROP
        """;

    internal const string Copy = """
        COPY import_rows (line, name, phone, email, status, city, occupation, preferred_language, time_zone, marketing_consent, context)
        FROM STDIN (FORMAT BINARY)
        """;

    /// <summary>Imports of one organization write one after the other: two files that share numbers cannot deadlock.</summary>
    internal const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('import ' || @organization, 0))";

    // The last row of a number wins, except that a denial anywhere in the file stands. Rows without a number are each their own.
    private const string Rows = """
        (SELECT DISTINCT ON (coalesce(phone, line::text)) line, name, phone, email, status, city, occupation, preferred_language, time_zone, context,
           CASE WHEN bool_or(marketing_consent = 'DENIED') OVER (PARTITION BY coalesce(phone, line::text)) THEN 'DENIED' ELSE marketing_consent END AS marketing_consent
         FROM import_rows ORDER BY coalesce(phone, line::text), line DESC)
        """;

    // On an existing contact, blanks leave what is there; DENIED stays, and GRANTED falls to DENIED only.
    internal const string Update = $"""
        ANALYZE import_rows;
        UPDATE contacts c SET
          name = coalesce(r.name, c.name),
          email = coalesce(r.email, c.email),
          status = coalesce(r.status, c.status),
          city = coalesce(r.city, c.city),
          occupation = coalesce(r.occupation, c.occupation),
          preferred_language = coalesce(r.preferred_language, c.preferred_language),
          time_zone = coalesce(r.time_zone, c.time_zone),
          marketing_consent = CASE
            WHEN 'DENIED' IN (c.marketing_consent, r.marketing_consent) THEN 'DENIED'
            WHEN 'GRANTED' IN (c.marketing_consent, r.marketing_consent) THEN 'GRANTED'
            ELSE 'UNKNOWN' END,
          context = c.context || r.context,
          updated_at = @now
        FROM {Rows} r
        WHERE c.organization_id = @organization AND c.phone = r.phone
        """;

    // Runs after the update: what is still missing is new. ON CONFLICT covers a contact that another
    // request wrote in between. Without a number, a contact is recognised by name and e-mail address, and left as it is.
    internal const string Insert = $"""
        INSERT INTO contacts (id, organization_id, name, phone, email, status, city, occupation, preferred_language, time_zone,
          marketing_consent, context, source, created_at, updated_at)
        SELECT gen_random_uuid(), @organization, coalesce(r.name, ''), r.phone, r.email, r.status, r.city, r.occupation, r.preferred_language,
          r.time_zone, r.marketing_consent, r.context, 'IMPORT', @now + r.line * interval '1 microsecond', @now
        FROM {Rows} r
        WHERE CASE WHEN r.phone IS NOT NULL
          THEN NOT EXISTS (SELECT 1 FROM contacts c WHERE c.organization_id = @organization AND c.phone = r.phone)
          ELSE NOT EXISTS (SELECT 1 FROM contacts c WHERE c.organization_id = @organization AND c.phone IS NULL
            AND c.name = coalesce(r.name, '') AND c.email IS NOT DISTINCT FROM r.email) END
        ORDER BY r.line
        ON CONFLICT (organization_id, phone) WHERE phone IS NOT NULL DO NOTHING
        """;
}
