using System.Collections.Immutable;
using Campaigns.Domain.Audience;
using Campaigns.Domain.Windows;
using Campaigns.Postgres.Catalog;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Audience;

/// <summary>Audiences in PostgreSQL.</summary>
internal sealed class AudienceStore(NpgsqlDataSource database) : IAudienceStore
{
    private const int SampleSize = 10;

    public async Task<AudiencePreview> PreviewAsync(
        OrganizationRecord organization, AudienceSpec audience, bool requiresConsent, CancellationToken cancellationToken)
    {
        var resolved = AudienceRules.Resolve(audience, organization.DefaultRegion);
        var groups = await GroupAsync(resolved, organization.Id, requiresConsent, cancellationToken);

        // Which zones exist is decided where the calling windows are computed, not by the database's own list.
        var skipped = groups
            .Select(group => (Reason: group.Reason ?? ZoneProblem(group.Zone, organization), group.Count))
            .Where(group => group.Reason is not null)
            .GroupBy(group => group.Reason!, group => group.Count)
            .ToImmutableSortedDictionary(group => group.Key, group => group.Sum(), StringComparer.Ordinal);
        var invalidZones = groups.Select(group => group.Zone).Where(zone => ZoneProblem(zone, organization) is not null).Distinct().ToArray();
        var count = groups.Sum(group => group.Count);
        return new AudiencePreview(
            count,
            count - skipped.Values.Sum(),
            skipped,
            await SampleAsync(resolved, organization.Id, requiresConsent, invalidZones!, cancellationToken),
            resolved is ResolvedAudience.ByIds ids ? ids.Ids.Length - count : 0,
            resolved is ResolvedAudience.ByPhones phones ? [.. phones.Rejected.Select(text => new RejectedNumber(text.Position, text.Reason))] : []);
    }

    public async Task<ImmutableArray<Guid>> FindUnknownAsync(
        Guid organizationId, ImmutableArray<Guid> contactIds, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT a.id FROM unnest(@ids) AS a (id)
            WHERE NOT EXISTS (SELECT 1 FROM contacts c WHERE c.organization_id = @organization AND c.id = a.id)
            """);
        command.Uuid("organization", organizationId).Add("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid, contactIds.ToArray());
        return await command.ListAsync(row => row.GetGuid(0), cancellationToken);
    }

    private static string? ZoneProblem(string? zone, OrganizationRecord organization)
        => CallingWindows.ResolveZone(zone, organization.TimeZone) is ZoneResult.Invalid ? "invalid_time_zone" : null;

    private static string Judged(ResolvedAudience audience, Guid organizationId, bool requiresConsent, NpgsqlCommand command)
    {
        var source = AudienceQuery.Build(audience, organizationId, command);
        command.Add("requires_consent", NpgsqlDbType.Boolean, requiresConsent);
        return $"""
            (SELECT p.*, CASE
               WHEN p.phone IS NULL THEN 'no_phone'
               WHEN p.repeat > 1 THEN 'duplicate_phone'
               WHEN EXISTS (SELECT 1 FROM do_not_call d WHERE d.organization_id = @organization AND d.phone = p.phone) THEN 'do_not_call'
               WHEN @requires_consent AND p.marketing_consent <> 'GRANTED' THEN 'no_consent' END AS reason
             FROM (SELECT a.*, row_number() OVER (PARTITION BY a.phone ORDER BY a.ord) AS repeat FROM {source} a) p)
            """;
    }

    private async Task<ImmutableArray<(string? Reason, string? Zone, int Count)>> GroupAsync(
        ResolvedAudience audience, Guid organizationId, bool requiresConsent, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        command.CommandText = $"""
            SELECT j.reason, j.time_zone, count(*)::integer FROM {Judged(audience, organizationId, requiresConsent, command)} j
            GROUP BY j.reason, j.time_zone
            """;
        return await command.ListAsync(row => (row.TextOrNull(0), row.TextOrNull(1), row.GetInt32(2)), cancellationToken);
    }

    private async Task<ImmutableArray<AudienceMember>> SampleAsync(
        ResolvedAudience audience, Guid organizationId, bool requiresConsent, string[] invalidZones, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        command.CommandText = $"""
            SELECT j.id, j.name, j.phone, j.city FROM {Judged(audience, organizationId, requiresConsent, command)} j
            WHERE j.reason IS NULL AND (j.time_zone IS NULL OR j.time_zone <> ALL (@invalid_zones))
            ORDER BY j.ord LIMIT {SampleSize}
            """;
        command.Add("invalid_zones", NpgsqlDbType.Array | NpgsqlDbType.Text, invalidZones);
        return await command.ListAsync(
            row => new AudienceMember(row.UuidOrNull(0), row.GetString(1), row.GetString(2), row.TextOrNull(3)), cancellationToken);
    }
}
