using Campaigns.Domain.Audience;
using Campaigns.Postgres.Catalog;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Audience;

/// <summary>An audience as SQL: a FROM clause that yields each person once.</summary>
internal static class AudienceQuery
{
    /// <summary>
    /// A sub-query with the columns of <c>contacts</c> that a campaign uses and <c>ord</c>, the person's place in the queue. Pasted numbers that no
    /// contact has come with a null <c>id</c>. Parameters, <c>@organization</c> included, go to <paramref name="command"/>.
    /// </summary>
    internal static string Build(ResolvedAudience audience, Guid organizationId, NpgsqlCommand command)
    {
        command.Uuid("organization", organizationId);
        return audience switch
        {
            ResolvedAudience.ByIds ids => ByIds(ids, command),
            ResolvedAudience.ByPhones phones => ByPhones(phones, command),
            ResolvedAudience.ByFilter filter => ByFilter(filter.Filter, command),
            _ => $"(SELECT {Columns}, 0::bigint AS ord FROM contacts c WHERE false)",
        };
    }

    private const string Columns = Identity + ", c.phone, " + Rest;

    private const string Identity = "c.id, coalesce(c.name, '') AS name";

    private const string Rest = """
        c.email, c.status, c.city, c.occupation, c.preferred_language, c.time_zone,
        coalesce(c.marketing_consent, 'UNKNOWN') AS marketing_consent, coalesce(c.context, '{}') AS context
        """;

    private static string ByIds(ResolvedAudience.ByIds audience, NpgsqlCommand command)
    {
        command.Add("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid, audience.Ids.ToArray());
        return $"""
            (SELECT {Columns}, a.ord FROM unnest(@ids) WITH ORDINALITY AS a (id, ord)
             JOIN contacts c ON c.organization_id = @organization AND c.id = a.id)
            """;
    }

    private static string ByPhones(ResolvedAudience.ByPhones audience, NpgsqlCommand command)
    {
        command.Add("phones", NpgsqlDbType.Array | NpgsqlDbType.Text, audience.Phones.ToArray());
        return $"""
            (SELECT {Identity}, a.phone, {Rest}, a.ord FROM unnest(@phones) WITH ORDINALITY AS a (phone, ord)
             LEFT JOIN contacts c ON c.organization_id = @organization AND c.phone = a.phone)
            """;
    }

    private static string ByFilter(AudienceFilter filter, NpgsqlCommand command)
    {
        var conditions = ContactFilterSql.Conditions(
            new ContactFilter
            {
                Status = filter.Status,
                City = filter.City,
                Occupation = filter.Occupation,
                PreferredLanguage = filter.PreferredLanguage,
                MarketingConsent = filter.MarketingConsent,
                Search = filter.Search,
            },
            command);
        return $"""
            (SELECT {Columns}, row_number() OVER (ORDER BY c.created_at, c.id) AS ord
             FROM contacts c WHERE c.organization_id = @organization {conditions})
            """;
    }
}
