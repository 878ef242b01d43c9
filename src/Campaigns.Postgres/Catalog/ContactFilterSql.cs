using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Catalog;

/// <summary>A <see cref="ContactFilter"/> as conditions on <c>contacts c</c>. Values only ever travel as parameters.</summary>
internal static class ContactFilterSql
{
    /// <summary>Conditions that begin with <c>AND</c>, or nothing; their parameters go to <paramref name="command"/>.</summary>
    internal static string Conditions(ContactFilter filter, NpgsqlCommand command)
    {
        var sql = Same("status", filter.Status) + Same("city", filter.City) + Same("occupation", filter.Occupation)
            + Same("preferred_language", filter.PreferredLanguage);
        if (filter.MarketingConsent is { } granted)
        {
            sql += granted ? " AND c.marketing_consent = 'GRANTED'" : " AND c.marketing_consent <> 'GRANTED'";
        }

        if (!string.IsNullOrWhiteSpace(filter.Search))
        {
            command.Text("f_search", Pattern(filter.Search));
            sql += " AND (c.name ILIKE @f_search OR c.phone ILIKE @f_search OR c.email ILIKE @f_search OR c.city ILIKE @f_search"
                + " OR c.occupation ILIKE @f_search)";
        }

        return sql;

        string Same(string column, string? value)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                return "";
            }

            command.Text($"f_{column}", value.Trim());
            return $" AND lower(c.{column}) = lower(@f_{column})";
        }
    }

    /// <summary>An ILIKE pattern that finds <paramref name="text"/> literally.</summary>
    internal static string Pattern(string text)
        => $"%{text.Trim().Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
}
