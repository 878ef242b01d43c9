using System.Collections.Immutable;
using Campaigns.Domain.Audience;
using Campaigns.Domain.Campaigns;
using Campaigns.Grains;
using Campaigns.Postgres.Audience;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Campaigns;

/// <summary>Campaigns in PostgreSQL. Lock order everywhere: account, organization, campaign, snapshot contacts, counters.</summary>
/// <remarks>A claim locks the counters before the contacts, and may: it skips contacts that are locked and so never waits for one.</remarks>
public sealed partial class PostgresCampaignStore(NpgsqlDataSource database, FrozenSpecs specs) : ICampaignStore
{
    private const string CampaignColumns =
        "c.id, c.organization_id, c.status, c.spec, c.total_count, c.created_at, c.started_at, c.finished_at, c.pause_reason";

    /// <inheritdoc/>
    public async Task<CampaignRecord?> LoadAsync(Guid campaignId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {CampaignColumns} FROM campaigns c WHERE c.id = $1");
        command.Add(campaignId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ReadCampaign(reader) : null;
    }

    /// <inheritdoc/>
    public async Task<CommandResult> StartAsync(Guid campaignId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(connection, campaignId, cancellationToken) is not { } campaign)
        {
            return NotFound;
        }

        if (campaign.Spec.Channel != Channel.VoiceRealtime)
        {
            return Refused(campaign, $"Channel {campaign.Spec.Channel.ToText()} cannot be dialled yet; only VOICE_REALTIME can.");
        }

        var ahead = campaign.Spec.StartAt > now;
        switch (CampaignMachine.Decide(campaign.Status, CampaignCommand.Start, ahead))
        {
            case CampaignDecision.NoOp:
                return new CommandResult(CommandResultKind.NoOp, campaign.Status, "", campaign.Total);
            case CampaignDecision.Refuse refuse:
                return Refused(campaign, refuse.Message);
            case CampaignDecision.Apply apply:
                var region = await RegionAsync(connection, campaign.OrganizationId, cancellationToken);
                var audience = AudienceRules.Resolve(campaign.Spec.Audience, region);
                var size = await AudienceSnapshot.InsertAsync(
                    connection, transaction, campaignId, campaign.OrganizationId, campaign.Spec, audience, now, cancellationToken);
                if (size.Total == 0)
                {
                    return Refused(campaign, "The audience is empty: nobody it names has a telephone number.");
                }

                await FreezeAsync(connection, campaign, apply.To, size, now, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return new CommandResult(CommandResultKind.Applied, apply.To, "", size.Total);
            default:
                throw new InvalidOperationException("The campaign machine gave an unknown decision.");
        }
    }

    /// <inheritdoc/>
    public async Task<CommandResult> ApplyAsync(
        Guid campaignId, CampaignCommand command, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(connection, campaignId, cancellationToken) is not { } campaign)
        {
            return NotFound;
        }

        var decision = CampaignMachine.Decide(campaign.Status, command, campaign.Spec.StartAt > now);
        if (decision is CampaignDecision.Refuse refuse)
        {
            return Refused(campaign, refuse.Message);
        }

        if (decision is not CampaignDecision.Apply { To: var to })
        {
            return new CommandResult(CommandResultKind.NoOp, campaign.Status, "", campaign.Total);
        }

        await using var update = new NpgsqlBatch(connection);
        if (to == CampaignStatus.Paused)
        {
            update.Add(GiveBackClaims, campaignId, now, reason);
        }
        else if (to == CampaignStatus.Cancelled)
        {
            update.Add(CancelWaiting, campaignId, now, reason);
        }

        update.Add(SetStatus, campaignId, to.ToText(), now, to == CampaignStatus.Paused ? reason : null);
        await update.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new CommandResult(CommandResultKind.Applied, to, "", campaign.Total);
    }

    /// <inheritdoc/>
    public async Task<int> CountDialsUnderWayAsync(Guid campaignId, DateTimeOffset sendAfter, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT count(*)::int FROM sessions WHERE campaign = $1 AND state = 'DIALING' AND send_before > $2");
        command.Add(campaignId).Add(sendAfter);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<AttemptOutcome>> RecentOutcomesAsync(Guid campaignId, int count, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT s.id, s.outcome, s.ended_at
            FROM sessions s JOIN campaigns c ON c.id = s.campaign
            WHERE s.campaign = $1 AND s.state = 'ENDED' AND s.ended_at >= c.running_since
              -- Conversations that went down with a process of ours say nothing about the campaign's calls; streams that never came do.
              AND NOT (s.outcome = 'INTERRUPTED_BY_US' AND s.media_begun_at IS NOT NULL)
            ORDER BY s.ended_at DESC LIMIT $2
            """);
        command.Add(campaignId).Add(count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var outcomes = ImmutableArray.CreateBuilder<AttemptOutcome>();
        while (await reader.ReadAsync(cancellationToken))
        {
            outcomes.Add(new AttemptOutcome(reader.GetGuid(0), EnumText.Parse<CallOutcome>(reader.GetString(1)), reader.Time(2)));
        }

        return outcomes.ToImmutable();
    }

    private static CommandResult NotFound { get; } = new(CommandResultKind.NotFound, CampaignStatus.Draft, "There is no such campaign.", 0);

    private static CommandResult Refused(CampaignRecord campaign, string message)
        => new(CommandResultKind.Refused, campaign.Status, message, campaign.Total);

    private static async Task<CampaignRecord?> LockAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {CampaignColumns} FROM campaigns c WHERE c.id = $1 FOR NO KEY UPDATE", connection);
        command.Add(campaignId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ReadCampaign(reader) : null;
    }

    private static async Task<string> RegionAsync(NpgsqlConnection connection, Guid organizationId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT default_region FROM organizations WHERE id = $1", connection);
        command.Add(organizationId);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task FreezeAsync(
        NpgsqlConnection connection, CampaignRecord campaign, CampaignStatus to, SnapshotCounts size, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            "INSERT INTO campaign_counters (campaign_id, organization_id, weight, pending, skipped) VALUES ($1, $2, $3, $4, $5)",
            campaign.Id, campaign.OrganizationId, campaign.Spec.Weight, size.Pending, size.Skipped);
        batch.Add(
            "UPDATE campaigns SET total_count = $2, start_at = $3 WHERE id = $1",
            campaign.Id, size.Total, campaign.Spec.StartAt?.ToUniversalTime());
        batch.Add(SetStatus, campaign.Id, to.ToText(), now, null);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static CampaignRecord ReadCampaign(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetGuid(1),
        EnumText.Parse<CampaignStatus>(reader.GetString(2)),
        CampaignSpecJson.Read(reader.GetString(3)),
        reader.GetInt32(4),
        reader.Time(5),
        reader.TimeOrNull(6),
        reader.TimeOrNull(7),
        reader.TextOrNull(8));
}
