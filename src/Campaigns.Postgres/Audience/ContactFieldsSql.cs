namespace Campaigns.Postgres.Audience;

/// <summary>The fields of a contact that prompts may use, as one JSON object.</summary>
internal static class ContactFieldsSql
{
    /// <summary>For the contact of this alias. Its own columns win over columns of an import that happen to have the same name.</summary>
    internal static string Of(string alias) =>
        $"""
        {alias}.context || jsonb_strip_nulls(jsonb_build_object('name', nullif({alias}.name, ''), 'email', {alias}.email, 'status', {alias}.status,
          'city', {alias}.city, 'occupation', {alias}.occupation, 'preferred_language', {alias}.preferred_language))
        """;
}
