using System.Collections.Immutable;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Contacts;

public sealed partial class PostgresContactStore
{
    /// <inheritdoc/>
    public async Task<bool> ReleaseClaimAsync(
        Guid campaignContactId, Guid taskId, DateTimeOffset dueAt, string reason, DateTimeOffset now, CancellationToken cancellationToken)
        => await GiveBackAsync(
            "id = $4 AND task_id = $5 AND status = 'DISPATCHED' AND session_id IS NULL", dueAt, reason, now,
            command => command.Add(campaignContactId).Add(taskId), cancellationToken) == 1;

    /// <inheritdoc/>
    public async Task<bool> SkipClaimAsync(
        Guid campaignContactId, Guid taskId, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SkipClaim);
        command.Add(campaignContactId).Add(taskId).Add(reason).Add(now);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc/>
    public Task<int> ReleaseStrandedAsync(Guid campaignId, long epoch, DateTimeOffset now, CancellationToken cancellationToken)
        => GiveBackAsync(
            "campaign_id = $4 AND claim_epoch < $5 AND status = 'DISPATCHED' AND session_id IS NULL", now, "owner_lost", now,
            command => command.Add(campaignId).Add(epoch), cancellationToken);

    /// <inheritdoc/>
    public Task<int> ReleaseStaleClaimsAsync(DateTimeOffset claimedBefore, DateTimeOffset now, CancellationToken cancellationToken)
        => GiveBackAsync(
            "(claim_until < $3 OR (claim_until IS NULL AND claimed_at < $4)) AND status = 'DISPATCHED' AND session_id IS NULL", now, "claim_stale", now,
            command => command.Add(claimedBefore), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> HasRivalDialAsync(Guid sessionId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        // By way of the account's few organizations: the index on a person's sessions begins with the organization.
        await using var command = database.CreateCommand(
            """
            SELECT EXISTS (
              SELECT 1 FROM sessions mine
              JOIN organizations o ON o.id = mine.organization_id
              JOIN organizations other ON other.carrier_account_id = o.carrier_account_id
              JOIN sessions s ON s.organization_id = other.id AND s.phone = mine.phone AND s.started_at BETWEEN $2 AND $3
              WHERE mine.id = $1 AND s.id <> mine.id AND s.direction = 'OUTBOUND' AND s.carrier_sid IS NULL
                AND (s.outcome IS NULL OR s.outcome NOT IN ('REJECTED', 'REJECTED_FOR_NOW', 'CARRIER_UNAVAILABLE', 'NOT_PLACED')))
            """);
        command.Add(sessionId).Add(from.ToUniversalTime()).Add(to.ToUniversalTime());
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> FindBoundSidsAsync(IReadOnlyCollection<string> sids, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT carrier_sid FROM sessions WHERE carrier_sid = ANY ($1)");
        command.Add(sids.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var bound = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            bound.Add(reader.GetString(0));
        }

        return bound;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<OverdueSession>> TakeOverdueAsync(
        DateTimeOffset now, TimeSpan nextCheckAfter, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH due AS (
              SELECT id FROM sessions WHERE state <> 'ENDED' AND check_at <= $1 AND campaign_contact_id IS NOT NULL
              ORDER BY check_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE sessions s SET check_at = $1 + $2 FROM due WHERE s.id = due.id
            RETURNING s.id, s.campaign_contact_id, s.phone, s.state, s.carrier_sid, s.started_at, s.send_before, s.give_up_at
            """);
        command.Add(now).Add(nextCheckAfter).Add(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var overdue = ImmutableArray.CreateBuilder<OverdueSession>();
        while (await reader.ReadAsync(cancellationToken))
        {
            overdue.Add(new OverdueSession(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), EnumText.Parse<SessionState>(reader.GetString(3)),
                reader.TextOrNull(4), reader.Time(5), reader.Time(6), reader.Time(7)));
        }

        return overdue.ToImmutable();
    }

    private async Task<int> GiveBackAsync(
        string filter, DateTimeOffset dueAt, string reason, DateTimeOffset now, Action<NpgsqlCommand> parameters,
        CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"WITH target AS MATERIALIZED (SELECT id FROM campaign_contacts WHERE {filter} FOR NO KEY UPDATE), {GiveBack}");
        command.Add(dueAt.ToUniversalTime()).Add(reason).Add(now);
        parameters(command);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
